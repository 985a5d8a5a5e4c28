package srmcheck.eks.public_endpoint_test

import data.srmcheck.eks.public_endpoint as policy
import data.srmcheck.lib.documents

cluster(config) := documents.of("AWS::EKS::Cluster", {"ResourcesVpcConfig": config})

rules(document) := found if {
	found := [count(policy.deny), count(policy.settled)] with input as document
}

ranges := ["ResourcesVpcConfig", "PublicAccessCidrs"]

test_fail_absent if {
	rules(documents.of("AWS::EKS::Cluster", {})) == [1, 0]
	rules(cluster({})) == [1, 0]
	rules(cluster({"EndpointPublicAccess": true})) == [1, 0]
	rules(cluster({"EndpointPublicAccess": true, "PublicAccessCidrs": []})) == [1, 0]
}

test_fail_world if {
	rules(cluster({"PublicAccessCidrs": ["10.0.0.0/8", "0.0.0.0/0"]})) == [1, 0]
	rules(cluster({"PublicAccessCidrs": ["::/0"]})) == [1, 0]
	rules(cluster({"PublicAccessCidrs": ["0.0.0.0/0", "::/0"]})) == [2, 0]
}

test_fail_world_beside_unknown if {
	rules(documents.unknown_at(cluster({"PublicAccessCidrs": ["0.0.0.0/0"]}), [array.concat(ranges, [1])])) == [1, 0]
}

test_fail_points_to_the_range if {
	some finding in policy.deny with input as cluster({"PublicAccessCidrs": ["10.0.0.0/8", "0.0.0.0/0"]})
	finding.place == array.concat(ranges, [1])
}

test_pass_private if {
	rules(cluster({"EndpointPublicAccess": false})) == [0, 1]
	rules(cluster({"EndpointPublicAccess": false, "PublicAccessCidrs": ["0.0.0.0/0"]})) == [0, 1]
	rules(documents.unknown_at(cluster({"EndpointPublicAccess": false}), [ranges])) == [0, 1]
}

test_pass_narrow if {
	rules(cluster({"PublicAccessCidrs": ["198.51.100.0/24"]})) == [0, 1]
	rules(documents.unknown_at(cluster({"PublicAccessCidrs": ["198.51.100.0/24"]}), [["ResourcesVpcConfig", "EndpointPublicAccess"]])) == [0, 1]
}

test_unknown_ranges if {
	rules(documents.unknown_at(cluster({}), [ranges])) == [0, 0]
	rules(documents.unknown_at(cluster({"PublicAccessCidrs": ["198.51.100.0/24"]}), [array.concat(ranges, [1])])) == [0, 0]
}
