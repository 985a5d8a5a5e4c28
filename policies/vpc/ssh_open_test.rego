package srmcheck.vpc.ssh_open_test

import data.srmcheck.lib.documents
import data.srmcheck.vpc.ssh_open as policy

group(rules) := documents.related_to(
	documents.of("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": rules}),
	"prefix_lists",
	[],
)

standalone(rule) := documents.related_to(documents.of("AWS::EC2::SecurityGroupIngress", rule), "prefix_lists", [])

ssh := {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}

web := {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}

from(cidr) := object.union(ssh, {"CidrIp": cidr})

test_fail_inline if {
	some finding in policy.deny with input as group([web, from("0.0.0.0/0")])
	finding.place == ["SecurityGroupIngress", 1, "CidrIp"]
	count(policy.deny) == 1 with input as group([web, from("0.0.0.0/0")])
}

test_fail_standalone if {
	some finding in policy.deny with input as standalone(object.union(ssh, {"CidrIpv6": "::/0"}))
	finding.place == ["CidrIpv6"]
}

test_pass if {
	every rule in [web, from("10.0.0.0/8"), object.union(ssh, {"SourceSecurityGroupId": "sg-1"}), ssh] {
		count(policy.deny) == 0 with input as group([rule])
		count(policy.unknown) == 0 with input as group([rule])
		policy.settled == {["SecurityGroupIngress", 0]} with input as group([rule])
	}
	count(policy.deny) == 0 with input as group([])
}

test_unknown_undeclared_prefix_list if {
	document := group([object.union(ssh, {"SourcePrefixListId": "pl-1"})])
	count(policy.unknown) == 1 with input as document
	count(policy.settled) == 0 with input as document
	count(policy.unknown) == 0 with input as group([{
		"IpProtocol": "tcp",
		"FromPort": 443,
		"ToPort": 443,
		"SourcePrefixListId": "pl-1",
	}])
	count(policy.deny) == 1 with input as group([object.union(from("0.0.0.0/0"), {"SourcePrefixListId": "pl-1"})])
}

by_list(rule, cidrs) := object.union(
	group([object.union(rule, {"SourcePrefixListId": "⟦offices#PrefixListId⟧"})]),
	{"related": {"prefix_lists": [documents.member(
		"offices",
		"AWS::EC2::PrefixList",
		{"Entries": [{"Cidr": cidr} | some cidr in cidrs]},
	)]}},
)

test_declared_prefix_list if {
	some finding in policy.deny with input as by_list(ssh, ["10.0.0.0/8", "0.0.0.0/0"])
	finding.paths == [["SecurityGroupIngress", 0, "SourcePrefixListId"], ["@prefix_lists", 0, "Entries", 1, "Cidr"]]
	count(policy.deny) == 0 with input as by_list(ssh, ["10.0.0.0/8"])
	count(policy.unknown) == 0 with input as by_list(ssh, ["10.0.0.0/8"])
	["@prefix_lists", 0] in policy.settled with input as by_list(object.remove(web, ["CidrIp"]), ["0.0.0.0/0"])
	not ["@prefix_lists", 0] in policy.settled with input as by_list(ssh, ["10.0.0.0/8"])
}

test_unknown_rule_that_tells_no_ports if {
	every rule in [
		{"CidrIp": "0.0.0.0/0", "FromPort": 443, "ToPort": 443},
		{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 443},
	] {
		count(policy.unknown) == 1 with input as group([rule])
		count(policy.deny) == 0 with input as group([rule])
	}
	count(policy.unknown) == 0 with input as group([{"CidrIp": "10.0.0.0/8", "FromPort": 22, "ToPort": 22}])
}

test_unknown_source if {
	document := documents.unknown_at(group([ssh, web]), [
		["SecurityGroupIngress", 0, "CidrIp"],
		["SecurityGroupIngress", 1, "CidrIpv6"],
	])
	count(policy.deny) == 0 with input as document
	policy.settled == {["SecurityGroupIngress", 1]} with input as document
}
