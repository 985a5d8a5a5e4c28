package srmcheck.waf.web_acl_rules_test

import data.srmcheck.lib.documents
import data.srmcheck.waf.web_acl_rules as policy

acl(properties) := documents.of("AWS::WAFv2::WebACL", properties)

rules(document) := found if {
	found := [count(policy.deny), count(policy.settled)] with input as document
}

test_fail_absent if rules(acl({})) == [1, 0]

test_fail_empty if rules(acl({"Rules": []})) == [1, 0]

test_pass if rules(acl({"Rules": [{"Name": "common"}]})) == [0, 1]

test_pass_classic if rules(documents.of("AWS::WAFRegional::WebACL", {"Rules": [{"RuleId": "a"}]})) == [0, 1]

test_pass_beside_unknown_rules if {
	rules(documents.unknown_at(acl({"Rules": [{"Name": "common"}]}), [["Rules", 1]])) == [0, 1]
}

test_other_shapes if {
	rules(acl({"Rules": "common"})) == [1, 0]
	rules(acl({"Rules": {"Name": "common"}})) == [1, 0]
}
