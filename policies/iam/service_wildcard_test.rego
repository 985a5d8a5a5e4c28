package srmcheck.iam.service_wildcard_test

import data.srmcheck.iam.service_wildcard as policy
import data.srmcheck.lib.documents

managed(statements) := documents.of("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": statements}})

allow(actions) := {"Effect": "Allow", "Action": actions, "Resource": ["arn:aws:s3:::acme"]}

messages(document) := {finding.message | some finding in found} if {
	found := policy.deny with input as document
}

test_fail if {
	messages(managed([allow(["*"])])) == {"allows every action of every service"}
	messages(managed([allow(["*:*"])])) == {"allows every action of every service"}
	messages(managed([allow(["s3:GetObject", "SQS:*"])])) == {"allows every action of sqs"}
	messages(managed([allow(["sqs:*", "ec2:Run*", "S3:*", "s3:*"])])) == {"allows every action of s3, sqs"}
	messages(managed([allow(["sqs:*", "*"])])) == {"allows every action of every service"}
	some finding in policy.deny with input as managed([allow(["s3:GetObject", "sqs:*"])])
	finding.place == ["PolicyDocument", "Statement", 0, "Action", 1]
	{path | some path in finding.paths} == {finding.place, ["PolicyDocument", "Statement", 0, "Effect"]}
}

test_fail_whatever_resource_and_condition if {
	every change in [
		{"Resource": []},
		{"NotResource": ["arn:aws:s3:::acme"]},
		{"Condition": {"Bool": {"aws:multifactorauthpresent": ["true"]}}},
	] {
		count(policy.deny) == 1 with input as managed([object.union(allow(["s3:*"]), change)])
	}
}

test_pass if {
	count(policy.deny) == 0 with input as managed([allow(["s3:Get*", "s3:GetObject", "ec2:?*"])])
	count(policy.deny) == 0 with input as managed([object.union(allow(["s3:*"]), {"Effect": "Deny"})])
	count(policy.deny) == 0 with input as managed([{"Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"]}])
	count(policy.deny) == 0 with input as documents.of("AWS::IAM::Group", {})
	denied := managed([object.union(allow(["s3:*"]), {"Effect": "Deny"})])
	["PolicyDocument", "Statement", 0] in policy.settled with input as denied
	harmless := managed([allow(["s3:Get*"])])
	["PolicyDocument", "Statement", 0] in policy.settled with input as harmless
}

test_not_applicable if policy.not_applicable with input as documents.of("AWS::IAM::UserPolicy", {})

test_unknown_without_effect if {
	count(policy.unknown) == 1 with input as managed([{"Action": ["s3:*"]}])
	count(policy.unknown) == 0 with input as managed([{"Action": ["s3:Get*"]}])
	count(policy.deny) == 0 with input as managed([{"Action": ["s3:*"]}])
}
