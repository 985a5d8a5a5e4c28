package srmcheck.s3.open_bucket_policy_test

import data.srmcheck.lib.documents
import data.srmcheck.s3.open_bucket_policy as policy

bucket_policy(statements) := documents.of("AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": statements}})

anyone := {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": ["⟦b#Arn⟧/*"]}

changed(change) := bucket_policy([object.union(anyone, change)])

test_fail_any_principal if {
	every principal in ["*", {"AWS": ["*"]}, {"AWS": ["arn:aws:iam::111122223333:root", "*"]}] {
		named := object.union(object.remove(anyone, ["Principal"]), {"Principal": principal})
		count(policy.deny) == 1 with input as bucket_policy([named])
	}
	some finding in policy.deny with input as bucket_policy([anyone])
	finding.place == ["PolicyDocument", "Statement", 0, "Principal"]
	finding.message == "bucket policy allows any principal, and no condition narrows it to known callers"
}

test_fail_conditions_that_do_not_narrow if {
	every condition in [
		{"Bool": {"aws:securetransport": ["true"]}},
		{"IpAddress": {"aws:sourceip": ["0.0.0.0/0"]}},
		{"StringNotEquals": {"aws:principalorgid": ["o-a1b2c3d4e5"]}},
		{"StringLike": {"aws:referer": ["https://example.com/*"]}},
	] {
		count(policy.deny) == 1 with input as changed({"Condition": condition})
	}
}

test_pass_narrowed if {
	document := changed({"Condition": {"StringEquals": {"aws:principalorgid": ["o-a1b2c3d4e5"]}}})
	count(policy.deny) == 0 with input as document
	["PolicyDocument", "Statement", 0] in policy.settled with input as document
}

test_pass_deny_and_named if {
	count(policy.deny) == 0 with input as changed({"Effect": "Deny"})
	named := object.union(object.remove(anyone, ["Principal"]), {"Principal": {"AWS": ["⟦role#Arn⟧"]}})
	count(policy.deny) == 0 with input as bucket_policy([named])
}

test_pass_absent if {
	count(policy.deny) == 0 with input as documents.of("AWS::S3::BucketPolicy", {})
	count(policy.settled) == 0 with input as documents.of("AWS::S3::BucketPolicy", {})
}

test_unknown_without_effect if {
	document := bucket_policy([object.remove(anyone, ["Effect"])])
	count(policy.unknown) == 1 with input as document
	count(policy.deny) == 0 with input as document
}
