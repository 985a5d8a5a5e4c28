package srmcheck.vpc.all_ports_open_test

import data.srmcheck.lib.documents
import data.srmcheck.vpc.all_ports_open as policy

group(rules) := documents.related_to(
	documents.of("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": rules}),
	"prefix_lists",
	[],
)

standalone(rule) := documents.related_to(documents.of("AWS::EC2::SecurityGroupIngress", rule), "prefix_lists", [])

world(rule) := object.union(rule, {"CidrIp": "0.0.0.0/0"})

test_fail_inline if {
	every rule in [
		{"IpProtocol": "-1"},
		{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535},
		{"IpProtocol": "udp", "FromPort": 1, "ToPort": 65535},
	] {
		some finding in policy.deny with input as group([{"IpProtocol": "icmp"}, world(rule)])
		finding.place == ["SecurityGroupIngress", 1, "CidrIp"]
		finding.message == "every port is open to the whole Internet"
	}
}

test_fail_standalone if {
	some finding in policy.deny with input as standalone({"IpProtocol": "-1", "CidrIpv6": "::/0"})
	finding.place == ["CidrIpv6"]
}

test_pass if {
	every rule in [
		world({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}),
		world({"IpProtocol": "tcp", "FromPort": 1024, "ToPort": 65535}),
		world({"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}),
		{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
		{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-1"},
	] {
		count(policy.deny) == 0 with input as group([rule])
		count(policy.unknown) == 0 with input as group([rule])
		policy.settled == {["SecurityGroupIngress", 0]} with input as group([rule])
	}
	count(policy.deny) == 0 with input as group([])
}

test_unknown if {
	count(policy.unknown) == 1 with input as group([{"IpProtocol": "-1", "SourcePrefixListId": "pl-1"}])
	count(policy.unknown) == 1 with input as group([world({})])
	count(policy.unknown) == 0 with input as group([{
		"IpProtocol": "tcp",
		"FromPort": 443,
		"ToPort": 443,
		"SourcePrefixListId": "pl-1",
	}])
}
