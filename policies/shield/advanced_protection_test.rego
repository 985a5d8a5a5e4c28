package srmcheck.shield.advanced_protection_test

import data.srmcheck.lib.documents
import data.srmcheck.shield.advanced_protection as policy

protection := documents.member("shield", "AWS::Shield::Protection", {})

subscription := documents.member("advanced", "AWS::Shield::Subscription", {})

# no protection, in a template that declares some
entry(type, properties) := object.union(
	documents.of(type, properties),
	{"related": {"protections": [], "declared_protections": [protection], "shield_subscriptions": []}},
)

application(properties) := entry("AWS::ElasticLoadBalancingV2::LoadBalancer", properties)

zone(properties) := entry("AWS::Route53::HostedZone", properties)

related(document, names) := object.union(document, {"related": names})

undeclared := {"declared_protections": []}

with_subscription := {"declared_protections": [], "shield_subscriptions": [subscription]}

rules(document) := found if {
	found := [count(policy.deny), count([1 | [] in policy.settled])] with input as document
}

test_fail_each_kind if {
	rules(application({})) == [1, 0]
	rules(application({"Type": "application", "Scheme": "internet-facing"})) == [1, 0]
	rules(entry("AWS::ElasticLoadBalancing::LoadBalancer", {})) == [1, 0]
	rules(entry("AWS::CloudFront::Distribution", {"DistributionConfig": {"Staging": false}})) == [1, 0]
	rules(entry("AWS::EC2::EIP", {})) == [1, 0]
	rules(entry("AWS::GlobalAccelerator::Accelerator", {})) == [1, 0]
	rules(zone({})) == [1, 0]
}

test_pass_protected if rules(related(application({}), {"protections": [protection]})) == [0, 1]

test_pass_not_internet_facing if {
	rules(application({"Scheme": "internal"})) == [0, 1]
	rules(application({"Type": "network"})) == [0, 1]
	rules(entry("AWS::ElasticLoadBalancing::LoadBalancer", {"Scheme": "internal"})) == [0, 1]
	rules(entry("AWS::CloudFront::Distribution", {"DistributionConfig": {"Staging": true}})) == [0, 1]
	rules(zone({"VPCs": [{}]})) == [0, 1]
}

test_messages if {
	some finding in policy.deny with input as zone({})
	finding.message == "public hosted zone has no Shield Advanced protection"
}

test_none_without_shield_advanced if {
	policy.not_applicable with input as related(zone({}), undeclared)
	not policy.not_applicable with input as zone({})
	not policy.not_applicable with input as related(zone({}), with_subscription)
}

test_declared_by_the_parameter if {
	not policy.not_applicable with input as related(zone({}), undeclared)
		with data.srmcheck.parameters as {"SRM-SHIELD-001": {"shield_advanced": true}}
}

test_rests_on_what_tells_of_shield_advanced if {
	document := documents.open_to(related(zone({}), undeclared), ["declared_protections"])
	not policy.not_applicable with input as document
	some finding in policy.deny with input as document
	{path | some path in finding.paths} == {
		["@protections"],
		["VPCs"],
		["@declared_protections"],
		["@shield_subscriptions"],
	}
}

test_rests_on_nothing_more_where_it_is_declared if {
	some finding in policy.deny with input as documents.open_to(zone({}), ["shield_subscriptions"])
	{path | some path in finding.paths} == {["@protections"], ["VPCs"]}
	settled := policy.settled with input as zone({})
	settled == {["@declared_protections"], ["@shield_subscriptions"]}
}
