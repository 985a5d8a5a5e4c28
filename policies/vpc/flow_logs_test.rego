package srmcheck.vpc.flow_logs_test

import data.srmcheck.lib.documents
import data.srmcheck.vpc.flow_logs as policy

vpc(logs) := documents.related_to(
	documents.of("AWS::EC2::VPC", {}),
	"flow_logs",
	[documents.member("log", "AWS::EC2::FlowLog", log) | some log in logs],
)

test_pass if {
	every traffic in ["ALL", "REJECT", "reject"] {
		count(policy.deny) == 0 with input as vpc([{"ResourceType": "VPC", "TrafficType": traffic}])
		[] in policy.settled with input as vpc([{"ResourceType": "VPC", "TrafficType": traffic}])
	}
}

test_pass_accept_beside_reject if {
	logs := [{"ResourceType": "VPC", "TrafficType": "ACCEPT"}, {"ResourceType": "VPC", "TrafficType": "REJECT"}]
	count(policy.deny) == 0 with input as vpc(logs)
}

test_fail_absent if {
	some finding in policy.deny with input as vpc([])
	finding == {"place": [], "message": "VPC has no flow log", "paths": [["@flow_logs"]]}
}

test_fail_accept_alone if {
	some finding in policy.deny with input as vpc([{"ResourceType": "VPC", "TrafficType": "ACCEPT"}])
	finding.message == "flow log of the VPC leaves out rejected traffic"
	policy.settled == {["@flow_logs", 0]} with input as vpc([{"ResourceType": "VPC", "TrafficType": "ACCEPT"}])
}

test_fail_log_of_another_kind if {
	some finding in policy.deny with input as vpc([{"ResourceType": "Subnet", "TrafficType": "ALL"}])
	finding.message == "VPC has no flow log"
	policy.settled == {["@flow_logs", 0]} with input as vpc([{"ResourceType": "Subnet", "TrafficType": "ALL"}])
}

test_fail_no_traffic_type if count(policy.deny) == 1 with input as vpc([{"ResourceType": "VPC"}])
