package srmcheck.elb.web_acl_test

import data.srmcheck.elb.web_acl as policy
import data.srmcheck.lib.documents

rules(document) := found if {
	found := [count(policy.deny), count(policy.settled)] with input as document
}

balancer(properties, associations) := documents.related_to(
	documents.of("AWS::ElasticLoadBalancingV2::LoadBalancer", properties),
	"web_acl_associations",
	associations,
)

association := documents.member("acl", "AWS::WAFv2::WebACLAssociation", {})

classic := documents.member("acl", "AWS::WAFRegional::WebACLAssociation", {})

test_fail_by_default if rules(balancer({}, [])) == [1, 0]

test_fail_written if rules(balancer({"Type": "application", "Scheme": "internet-facing"}, [])) == [1, 0]

test_pass_associated if {
	rules(balancer({}, [association])) == [0, 1]
	rules(balancer({"Scheme": "internet-facing"}, [classic])) == [0, 1]
}

test_pass_internal if rules(balancer({"Scheme": "internal"}, [])) == [0, 1]

test_pass_other_types if {
	rules(balancer({"Type": "network"}, [])) == [0, 1]
	rules(balancer({"Type": "gateway"}, [])) == [0, 1]
}

test_rests_on_type_scheme_and_associations if {
	some finding in policy.deny with input as balancer({}, [])
	{path | some path in finding.paths} == {["Type"], ["Scheme"], ["@web_acl_associations"]}
}
