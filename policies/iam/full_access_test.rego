package srmcheck.iam.full_access_test

import data.srmcheck.iam.full_access as policy
import data.srmcheck.lib.documents

managed(statements) := documents.of("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": statements}})

full := {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}

but(change) := managed([object.union(full, change)])

test_fail if {
	some finding in policy.deny with input as managed([{"Effect": "Deny"}, full])
	finding.place == ["PolicyDocument", "Statement", 1, "Action", 0]
	{path | some path in finding.paths} == {
		["PolicyDocument", "Statement", 1, "Action", 0],
		["PolicyDocument", "Statement", 1, "Resource", 0],
		["PolicyDocument", "Statement", 1, "Effect"],
	}
}

test_fail_whatever_stands_beside if {
	every change in [
		{"Action": ["s3:Get*", "*:*"]},
		{"Resource": ["arn:aws:s3:::acme", "*"]},
		{"Condition": {"Bool": {"aws:multifactorauthpresent": ["true"]}}},
	] {
		count(policy.deny) == 1 with input as but(change)
	}
}

test_pass if {
	every change in [
		{"Effect": "Deny"},
		{"Action": ["s3:*", "iam:*"]},
		{"Resource": ["arn:aws:s3:::*"]},
	] {
		count(policy.deny) == 0 with input as but(change)
		["PolicyDocument", "Statement", 0] in policy.settled with input as but(change)
	}
	count(policy.deny) == 0 with input as managed([{"Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"]}])
	count(policy.deny) == 0 with input as managed([{"Effect": "Allow", "Action": ["*"], "NotResource": ["x"]}])
	count(policy.deny) == 0 with input as documents.of("AWS::IAM::Role", {})
}

test_each_holder if {
	inline := {"Policies": [{"PolicyDocument": {"Statement": [full]}}]}
	every type in ["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"] {
		count(policy.deny) == 1 with input as documents.of(type, inline)
	}
	permissions := documents.of("AWS::SSO::PermissionSet", {"InlinePolicy": {"Statement": [full]}})
	count(policy.deny) == 1 with input as permissions
}

test_not_applicable if policy.not_applicable with input as documents.of("AWS::IAM::UserPolicy", {})

test_unknown_without_effect if {
	count(policy.unknown) == 1 with input as managed([object.remove(full, ["Effect"])])
	count(policy.deny) == 0 with input as managed([object.remove(full, ["Effect"])])
	harmless := {"Action": ["s3:*"], "Resource": ["*"]}
	count(policy.unknown) == 0 with input as managed([harmless])
}

test_condition_does_not_matter if {
	document := documents.unknown_at(managed([full]), [["PolicyDocument", "Statement", 0, "Condition"]])
	policy.settled == {["PolicyDocument", "Statement", 0, "Condition"]} with input as document
}
