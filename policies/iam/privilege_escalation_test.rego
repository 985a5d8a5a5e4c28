package srmcheck.iam.privilege_escalation_test

import data.srmcheck.iam.privilege_escalation as policy
import data.srmcheck.lib.documents

allow(actions) := {"Effect": "Allow", "Action": actions, "Resource": ["*"]}

managed(statements) := documents.of("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": statements}})

test_fail_each_single_action if {
	every action in policy.single_actions {
		count(policy.deny) == 1 with input as managed([allow([action])])
	}
	count(policy.single_actions) == 13
}

test_fail_each_launching_action_with_pass_role if {
	every action in policy.launching_actions {
		some finding in policy.deny with input as managed([allow([action, "iam:PassRole"])])
		contains(finding.message, concat(" with ", ["iam:PassRole", action]))
		count(policy.deny) == 0 with input as managed([allow([action])])
	}
	count(policy.launching_actions) == 9
	count(policy.deny) == 0 with input as managed([allow(["iam:PassRole"])])
}

test_fail_wildcards if {
	every pattern in ["*", "*:*", "iam:*", "IAM:create*", "iam:?ttachUserPolicy"] {
		count(policy.deny) == 1 with input as managed([allow([pattern])])
	}
	some finding in policy.deny with input as managed([allow(["*"])])
	finding.message == concat("", [
		"allows iam:AddUserToGroup, iam:AttachGroupPolicy, iam:AttachRolePolicy and more on every resource, ",
		"a way to take any other right",
	])
}

test_fail_set_over_two_statements if {
	document := managed([allow(["s3:Get*"]), allow(["iam:PassRole"]), allow(["lambda:*"])])
	some finding in policy.deny with input as document
	finding.place == ["PolicyDocument", "Statement", 1, "Action"]
	["PolicyDocument", "Statement", 2, "Action", 0] in finding.paths
	count(policy.deny) == 1 with input as document
}

test_fail_all_policies_of_a_role_together if {
	role := documents.of("AWS::IAM::Role", {"Policies": [
		{"PolicyDocument": {"Statement": [allow(["lambda:CreateFunction"])]}},
		{"PolicyDocument": {"Statement": [allow(["iam:passrole"])]}},
	]})
	some finding in policy.deny with input as role
	finding.place == ["Policies", 0, "PolicyDocument", "Statement", 0, "Action"]
}

test_fail_permission_set if {
	count(policy.deny) == 1 with input as documents.of(
		"AWS::SSO::PermissionSet",
		{"InlinePolicy": {"Statement": [allow(["iam:PutUserPolicy"])]}},
	)
}

test_fail_resource_star_beside_others if {
	statement := object.union(allow(["iam:CreateAccessKey"]), {"Resource": ["arn:aws:iam::111122223333:user/x", "*"]})
	count(policy.deny) == 1 with input as managed([statement])
}

test_pass if {
	every change in [
		{"Effect": "Deny"},
		{"Resource": ["arn:aws:iam::111122223333:user/*"]},
		{"Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}}},
		{"Action": ["s3:*"]},
	] {
		statement := object.union(allow(["iam:CreateAccessKey"]), change)
		count(policy.deny) == 0 with input as managed([statement])
		policy.settled == {["PolicyDocument", "Statement", 0]} with input as managed([statement])
	}
	count(policy.deny) == 0 with input as managed([{"Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"]}])
	count(policy.deny) == 0 with input as managed([{"Effect": "Allow", "Action": ["iam:*"], "NotResource": ["x"]}])
	count(policy.deny) == 0 with input as documents.of("AWS::IAM::Role", {})
}

test_unknown_without_effect if {
	count(policy.unknown) == 1 with input as managed([object.remove(allow(["iam:*"]), ["Effect"])])
	count(policy.deny) == 0 with input as managed([object.remove(allow(["iam:*"]), ["Effect"])])
}

test_unknown_condition_does_not_count_as_none if {
	document := documents.unknown_at(managed([allow(["iam:*"])]), [["PolicyDocument", "Statement", 0, "Condition"]])
	count(policy.deny) == 0 with input as document
	count(policy.settled) == 0 with input as document
}

test_not_applicable_to_an_attachment if {
	policy.not_applicable with input as documents.of("AWS::IAM::UserPolicy", {})
	not policy.not_applicable with input as documents.of("AWS::IAM::UserPolicy", {"PolicyDocument": {}})
}
