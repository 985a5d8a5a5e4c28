package srmcheck.kms.open_key_policy_test

import data.srmcheck.kms.open_key_policy as policy
import data.srmcheck.lib.documents

key(statements) := documents.of("AWS::KMS::Key", {"KeyPolicy": {"Statement": statements}})

anyone := {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["kms:*"], "Resource": ["*"]}

when(condition) := object.union(anyone, {"Condition": condition})

test_fail_any_principal if {
	some finding in policy.deny with input as key([anyone])
	finding.place == ["KeyPolicy", "Statement", 0, "Principal", "AWS", 0]
	finding.paths == [
		["KeyPolicy", "Statement", 0, "Principal", "AWS", 0],
		["KeyPolicy", "Statement", 0, "Effect"],
		["KeyPolicy", "Statement", 0, "Condition"],
	]
	count(policy.deny) == 1 with input as key([object.union(object.remove(anyone, ["Principal"]), {"Principal": "*"})])
}

test_fail_conditions_that_do_not_narrow if {
	every condition in [
		{"StringEquals": {"kms:ViaService": ["s3.eu-west-1.amazonaws.com"]}},
		{"StringLike": {"kms:CallerAccount": ["*"]}},
		{"StringNotEquals": {"kms:CallerAccount": ["111122223333"]}},
		{"StringEqualsIfExists": {"kms:CallerAccount": ["111122223333"]}},
	] {
		count(policy.deny) == 1 with input as key([when(condition)])
		count(policy.settled) == 1 with input as key([when(condition)])
	}
}

test_pass_narrowed if {
	document := key([when({"StringEquals": {"kms:CallerAccount": ["111122223333"], "kms:ViaService": ["s3.amazonaws.com"]}})])
	count(policy.deny) == 0 with input as document
	["KeyPolicy", "Statement", 0] in policy.settled with input as document
}

test_pass_root_and_deny if {
	root := object.union(anyone, {"Principal": {"AWS": ["arn:aws:iam::111122223333:root"]}})
	refused := object.union(anyone, {"Effect": "Deny"})
	count(policy.deny) == 0 with input as key([root, refused])
	policy.settled == {["KeyPolicy", "Statement", 0], ["KeyPolicy", "Statement", 1]} with input as key([root, refused])
}

test_pass_absent if {
	count(policy.deny) == 0 with input as documents.of("AWS::KMS::Key", {})
	count(policy.unknown) == 0 with input as documents.of("AWS::KMS::Key", {})
}

test_unknown_without_effect if {
	count(policy.unknown) == 1 with input as key([object.remove(anyone, ["Effect"])])
	count(policy.deny) == 0 with input as key([object.remove(anyone, ["Effect"])])
}

test_unknown_condition_value if {
	document := documents.unknown_at(
		key([when({"StringEquals": {"kms:CallerAccount": []}})]),
		[["KeyPolicy", "Statement", 0, "Condition", "StringEquals", "kms:CallerAccount", 0]],
	)
	some finding in policy.deny with input as document
	["KeyPolicy", "Statement", 0, "Condition"] in finding.paths
	count(policy.settled) == 0 with input as document
}
