package srmcheck.iam.password_length_test

import data.srmcheck.iam.password_length as policy
import data.srmcheck.lib.documents

length(properties) := documents.of("AWS::IAM::AccountPasswordPolicy", properties)

test_fail_short if count(policy.deny) == 1 with input as length({"MinimumPasswordLength": 13})

test_fail_absent if count(policy.deny) == 1 with input as length({})

test_pass if count(policy.deny) == 0 with input as length({"MinimumPasswordLength": 14})

test_unknown if {
	count(policy.deny) == 0 with input as documents.unknown_at(length({}), [["MinimumPasswordLength"]])
}

test_stack_fail_none_declared if {
	some finding in policy.deny_stack with input as documents.stack({"AWS::IAM::AccountPasswordPolicy": []})
	finding.address == null
}

test_stack_pass_declared if {
	one := documents.member("p", "AWS::IAM::AccountPasswordPolicy", {"MinimumPasswordLength": 8})
	document := documents.stack({"AWS::IAM::AccountPasswordPolicy": [one]})
	count(policy.deny_stack) == 0 with input as document
	policy.settled_stack == {[]} with input as document
}
