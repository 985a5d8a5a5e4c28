package srmcheck.iam.open_trust_test

import data.srmcheck.iam.open_trust as policy
import data.srmcheck.lib.documents

role(statement) := documents.of("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [statement]}})

trust(principal) := {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole"]}

when(condition) := role(object.union(trust({"AWS": ["*"]}), {"Condition": condition}))

test_fail if {
	every principal in ["*", {"AWS": ["*"]}, {"AWS": ["arn:aws:iam::*:root"]}, {"Federated": ["*"]}] {
		count(policy.deny) == 1 with input as role(trust(principal))
	}
	some finding in policy.deny with input as role(trust({"AWS": ["*"]}))
	finding.place == ["AssumeRolePolicyDocument", "Statement", 0, "Principal", "AWS", 0]
	["AssumeRolePolicyDocument", "Statement", 0, "Condition"] in finding.paths
}

test_fail_what_does_not_narrow if {
	every condition in [
		{"StringEquals": {"sts:externalid": ["x"]}},
		{"IpAddress": {"aws:sourceip": ["192.0.2.1"]}},
		{"StringEquals": {"aws:sourceaccount": ["111122223333"]}},
		{"StringEqualsIfExists": {"aws:principalorgid": ["o-abcdefghij"]}},
		{"ArnLike": {"aws:principalarn": ["arn:aws:iam::*:role/x"]}},
	] {
		count(policy.deny) == 1 with input as when(condition)
	}
}

test_pass_narrowed if {
	every condition in [
		{"StringEquals": {"aws:principalorgid": ["o-abcdefghij"]}},
		{"StringEquals": {"aws:principalaccount": ["111122223333"]}},
		{"ArnLike": {"aws:principalarn": ["arn:aws:iam::111122223333:role/*"]}},
		{"ForAnyValue:StringLike": {"aws:principalorgpaths": ["o-abcdefghij/r-1/*"]}},
	] {
		count(policy.deny) == 0 with input as when(condition)
		["AssumeRolePolicyDocument", "Statement", 0] in policy.settled with input as when(condition)
	}
}

test_pass if {
	every principal in [
		{"Service": ["ec2.amazonaws.com"]},
		{"AWS": ["arn:aws:iam::111122223333:root"]},
		{"Federated": ["arn:aws:iam::111122223333:oidc-provider/example.com"]},
	] {
		count(policy.deny) == 0 with input as role(trust(principal))
		policy.settled == {["AssumeRolePolicyDocument", "Statement", 0]} with input as role(trust(principal))
	}
	count(policy.deny) == 0 with input as role(object.union(trust("*"), {"Effect": "Deny"}))
	count(policy.deny) == 0 with input as documents.of("AWS::IAM::Role", {})
}

test_unknown_without_effect if {
	count(policy.unknown) == 1 with input as role(object.remove(trust("*"), ["Effect"]))
	count(policy.deny) == 0 with input as role(object.remove(trust("*"), ["Effect"]))
}
