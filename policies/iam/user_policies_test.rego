package srmcheck.iam.user_policies_test

import data.srmcheck.iam.user_policies as policy
import data.srmcheck.lib.documents

places(document) := {finding.place | some finding in found} if {
	found := policy.deny with input as document
}

user(properties) := documents.of("AWS::IAM::User", properties)

test_fail_user if {
	places(user({"Policies": [{}]})) == {["Policies"]}
	places(user({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]})) == {["ManagedPolicyArns"]}
	places(user({"Policies": [{}], "ManagedPolicyArns": ["⟦p#Arn⟧"]})) == {["Policies"], ["ManagedPolicyArns"]}
}

test_fail_policy_of_users if {
	every type in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"] {
		places(documents.of(type, {"Users": ["⟦u#Ref⟧"]})) == {["Users"]}
	}
}

test_fail_user_policy if {
	some finding in policy.deny with input as documents.of("AWS::IAM::UserPolicy", {})
	finding.paths == [[]]
}

test_pass if {
	places(user({})) == set()
	places(user({"Policies": [], "ManagedPolicyArns": []})) == set()
	places(documents.of("AWS::IAM::ManagedPolicy", {"Users": []})) == set()
	places(documents.of("AWS::IAM::Policy", {})) == set()
}

test_one_known_policy_is_enough if {
	document := documents.unknown_at(user({"ManagedPolicyArns": ["x"]}), [["ManagedPolicyArns", 1]])
	some finding in policy.deny with input as document
	finding.paths == [["ManagedPolicyArns", 0]]
}
