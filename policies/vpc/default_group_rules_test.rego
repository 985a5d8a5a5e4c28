package srmcheck.vpc.default_group_rules_test

import data.srmcheck.lib.documents
import data.srmcheck.vpc.default_group_rules as policy

group(properties) := documents.of("AWS::EC2::DefaultSecurityGroup", properties)

vpc(language, groups) := object.union(
	documents.related_to(
		documents.of("AWS::EC2::VPC", {}),
		"default_groups",
		[documents.member(one, "AWS::EC2::DefaultSecurityGroup", {}) | some one in groups],
	),
	{"source": {"language": language}},
)

rule(type, members) := documents.related_to(
	documents.of(type, {"GroupId": "⟦x#Ref⟧"}),
	"group",
	[documents.member(member, "AWS::EC2::VPC", {}) | some member in members],
)

verdict(document) := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

test_declared_group if {
	verdict(group({})) == "pass"
	verdict(group({"SecurityGroupIngress": []})) == "pass"
	every property in ["SecurityGroupIngress", "SecurityGroupEgress"] {
		some finding in policy.deny with input as group({property: [{}]})
		finding.place == [property, 0]
	}
}

test_vpc if {
	verdict(vpc("terraform", [])) == "fail"
	verdict(vpc("terraform", ["group"])) == "settled"
	verdict(vpc("cloudformation", [])) == "unknown"
}

test_vpc_rests_on_the_groups_that_may_be_its if {
	some finding in policy.deny with input as vpc("terraform", [])
	finding.paths == [["@default_groups"]]
}

test_standalone_rule if {
	every type in ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"] {
		verdict(rule(type, ["vpc"])) == "fail"
		verdict(rule(type, [])) == "pass"
		["GroupId"] in policy.settled with input as rule(type, [])
	}
}
