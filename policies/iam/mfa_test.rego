package srmcheck.iam.mfa_test

import data.srmcheck.iam.mfa as policy
import data.srmcheck.lib.documents

statement(changes) := object.union(
	{
		"Effect": "Deny",
		"Action": ["*"],
		"Resource": ["*"],
		"Condition": {"BoolIfExists": {"aws:multifactorauthpresent": ["false"]}},
	},
	changes,
)

allow(condition) := {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"], "Condition": condition}

bool(value) := {"Bool": {"aws:multifactorauthpresent": [value]}}

holding(statements) := {"PolicyDocument": {"Statement": statements}}

own(statements) := {"LoginProfile": {}, "Policies": [holding(statements)]}

# A document of this policy, with relations of its own beside the empty ones.
document(type, properties, related) := object.union(
	documents.of(type, properties),
	{"related": object.union(
		{"identity_policies": [], "memberships": [], "groups": [], "users": [], "access_keys": []},
		related,
	)},
)

user(properties, related) := document("AWS::IAM::User", properties, related)

group(properties, related) := document("AWS::IAM::Group", properties, related)

policy_of(type, properties) := documents.member("p", type, properties)

attached(type, properties) := {"identity_policies": [policy_of(type, properties)]}

key := {"access_keys": [documents.member("k", "AWS::IAM::AccessKey", {"UserName": "⟦example#Ref⟧"})]}

membership(group_name, users) := {"memberships": [documents.member(
	"m",
	"AWS::IAM::UserToGroupAddition",
	{"GroupName": group_name, "Users": users},
)]}

# what the rules say: whether it is denied, doubted, settled as a whole
fails(document) if {
	found := policy.deny with input as document
	count(found) == 1
}

doubts(document) if {
	found := policy.unknown with input as document
	count(found) > 0
	not fails(document)
}

settles(document, path) if {
	found := policy.settled with input as document
	path in found
}

passes(document) if {
	denied := policy.deny with input as document
	doubted := policy.unknown with input as document
	count(denied) + count(doubted) == 0
}

test_console_user if {
	fails(user({"LoginProfile": {}}, {}))
	fails(user(own([allow({})]), {}))
	settles(user({}, {}), [])
	passes(user({}, {}))
	passes(user(own([statement({})]), {}))
	settles(user(own([statement({})]), {}), [])
	not settles(user(own([allow({})]), {}), [])
}

test_bool_and_access_keys if {
	weak := own([statement({"Condition": bool("false")})])
	passes(user(weak, {}))
	settles(user(weak, {}), [])
	fails(user(weak, key))
	passes(user(own([statement({})]), key))
	not settles(user(weak, {"access_keys": [unknown_key]}), [])
	not settles(user(weak, {"access_keys": [unknown_key]}), ["@access_keys"])
	not settles(documents.open_to(user(weak, {}), ["access_keys"]), [])
	settles(user(own([allow({})]), {"access_keys": [unknown_key]}), ["@access_keys", 0])
}

test_the_message_says_why_bool_is_not_enough if {
	some finding in policy.deny with input as user(own([statement({"Condition": bool("false")})]), key)
	contains(finding.message, "BoolIfExists")
}

test_attachment_of_a_policy_elsewhere if {
	doubts(user(own([allow({})]), elsewhere("arn:aws:iam::111122223333:policy/mfa")))
	doubts(user(own([allow(bool("true"))]), elsewhere("arn:aws:iam::111122223333:policy/mfa")))
	passes(user(own([statement({})]), elsewhere("arn:aws:iam::111122223333:policy/mfa")))
	fails(user(own([allow(bool("true"))]), elsewhere("arn:aws:iam::aws:policy/ReadOnlyAccess")))
}

elsewhere(arn) := attached("AWS::IAM::ManagedPolicy", {"PolicyArn": arn, "Users": ["⟦example#Ref⟧"]})

test_policy_without_its_document if {
	doubts(user({"LoginProfile": {}, "Policies": [{}]}, {}))
	passes(user({"LoginProfile": {}, "Policies": [{}, holding([statement({})])]}, {}))
}

unknown_key := {"address": "k", "type": "AWS::IAM::AccessKey", "properties": {}, "unknown": [["UserName"]]}

test_allows_with_mfa if {
	passes(user(own([allow(bool("true"))]), {}))
	fails(user(own([allow(bool("true")), allow({})]), {}))
	fails(user(own([allow({"BoolIfExists": {"aws:multifactorauthpresent": ["true"]}})]), {}))
}

arns(name) := {"ManagedPolicyArns": [concat("", ["arn:aws:iam::aws:policy/", name])]}

test_policies_of_aws if {
	asking := own([allow(bool("true"))])
	fails(user(object.union(asking, arns("ReadOnlyAccess")), {}))
	passes(user(object.union(asking, arns("AWSCompromisedKeyQuarantineV3")), {}))
	fails(user(object.union({"LoginProfile": {}}, arns("AWSCompromisedKeyQuarantineV3")), {}))
	passes(user(object.union({"LoginProfile": {}}, arns("AWSDenyAll")), {}))
}

test_ways_to_a_user if {
	console := {"LoginProfile": {}}
	strong := holding([statement({})])
	every way in [
		attached("AWS::IAM::UserPolicy", object.union(strong, {"UserName": "⟦example#Ref⟧"})),
		attached("AWS::IAM::Policy", object.union(strong, {"Users": ["⟦example#Ref⟧"]})),
		attached("AWS::IAM::ManagedPolicy", object.union(strong, {"Users": ["⟦example#Ref⟧"]})),
		object.union(
			attached("AWS::IAM::GroupPolicy", object.union(strong, {"GroupName": "⟦g#Ref⟧"})),
			object.union(membership("⟦g#Ref⟧", ["⟦example#Ref⟧"]), {"groups": [documents.member("g", "AWS::IAM::Group", {})]}),
		),
		object.union(
			membership("⟦g#Ref⟧", ["⟦example#Ref⟧"]),
			{"groups": [documents.member("g", "AWS::IAM::Group", {"Policies": [strong]})]},
		),
		{"identity_policies": [
			policy_of("AWS::IAM::ManagedPolicy", strong),
			policy_of("AWS::IAM::UserPolicy", {"UserName": "⟦example#Ref⟧", "PolicyArn": "⟦p#Arn⟧"}),
		]},
	] {
		passes(user(console, way))
		settles(user(console, way), [])
	}
	passes(user(
		object.union(console, {"Groups": ["⟦g#Ref⟧"]}),
		{"groups": [documents.member("g", "AWS::IAM::Group", {"Policies": [strong]})]},
	))
	passes(user(
		object.union(console, {"ManagedPolicyArns": ["⟦p#Arn⟧"]}),
		attached("AWS::IAM::ManagedPolicy", strong),
	))
	fails(user(console, attached("AWS::IAM::UserPolicy", object.union(strong, {"UserName": "⟦other#Ref⟧"}))))
	fails(user(console, {"groups": [documents.member("g", "AWS::IAM::Group", {"Policies": [strong]})]}))
}

test_group if {
	weak := {"Policies": [holding([allow({})])]}
	passes(group(weak, {}))
	fails(group(weak, membership("⟦example#Ref⟧", ["someone"])))
	fails(group(weak, {"users": [documents.member("u", "AWS::IAM::User", {"Groups": ["⟦example#Ref⟧"]})]}))
	passes(group(weak, membership("⟦other#Ref⟧", ["someone"])))
	passes(group(weak, {"users": [documents.member("u", "AWS::IAM::User", {"Groups": ["⟦other#Ref⟧"]})]}))
	passes(group({"Policies": [holding([statement({})])]}, membership("⟦example#Ref⟧", ["someone"])))
}

test_group_and_access_keys if {
	weak := {"Policies": [holding([statement({"Condition": bool("false")})])]}
	keys := {"access_keys": [documents.member("k", "AWS::IAM::AccessKey", {"UserName": "someone"})]}
	fails(group(weak, object.union(keys, membership("⟦example#Ref⟧", ["someone"]))))
	passes(group(weak, object.union(keys, membership("⟦example#Ref⟧", ["other"]))))
	settles(group(weak, object.union(keys, membership("⟦example#Ref⟧", ["other"]))), [])
	settles(group(weak, object.union(keys, membership("⟦other#Ref⟧", ["someone"]))), ["@memberships", 0])
	later := {"memberships": [{
		"address": "m",
		"type": "AWS::IAM::UserToGroupAddition",
		"properties": {"GroupName": "⟦example#Ref⟧", "Users": ["other"]},
		"unknown": [["Users", 1]],
	}]}
	not settles(group(weak, object.union(keys, later)), [])
	not settles(group(weak, object.union(keys, later)), ["@memberships"])
	unsure := {"users": [{
		"address": "u",
		"type": "AWS::IAM::User",
		"properties": {},
		"unknown": [["Groups"]],
	}]}
	not settles(group(weak, object.union(keys, unsure)), [])
	settles(group({"Policies": [holding([allow({})])]}, later), ["@memberships", 0])
	settles(group({"Policies": [holding([allow({})])]}, later), ["@users"])
}

test_elsewhere if {
	doubts(user({"LoginProfile": {}, "ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/p"]}, {}))
	doubts(user({"LoginProfile": {}, "Groups": ["elsewhere"]}, {}))
	doubts(user(own([object.remove(statement({}), ["Effect"])]), {}))
	fails(user(own([object.remove(statement({"Resource": ["x"]}), ["Effect"]), allow({})]), {}))
	orphan := object.union(user({"LoginProfile": {}}, {}), {"resource": {"carries": ["LoginProfile"]}})
	doubts(orphan)
	passes(user({"LoginProfile": {}, "ManagedPolicyArns": ["elsewhere"], "Policies": [holding([statement({})])]}, {}))
	doubts(group(
		{"ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/p"]},
		membership("⟦example#Ref⟧", ["someone"]),
	))
}

test_settled_statements if {
	settles(user(own([allow({})]), {}), ["Policies", 0, "PolicyDocument", "Statement", 0])
	settles(user(own([allow(bool("true"))]), {}), ["Policies", 0, "PolicyDocument", "Statement", 0])
	settles(user(own([statement({"Resource": ["x"]})]), {}), ["Policies", 0, "PolicyDocument", "Statement", 0])
	unsure := documents.unknown_at(
		user(own([allow({})]), {}),
		[["Policies", 0, "PolicyDocument", "Statement", 0, "Condition"]],
	)
	not settles(unsure, ["Policies", 0, "PolicyDocument", "Statement", 0])
}

later(statements, more) := {"identity_policies": [object.union(
	{"address": "p", "type": "AWS::IAM::UserPolicy", "properties": holding(statements), "unknown": [["UserName"]]},
	more,
)]}

test_settled_policies if {
	console := {"LoginProfile": {}}
	others := attached("AWS::IAM::UserPolicy", object.union(holding([statement({})]), {"UserName": "other"}))
	settles(user(console, others), ["@identity_policies", 0])
	settles(user(console, later([allow({})], {})), ["@identity_policies", 0])
	not settles(user(console, later([statement({})], {})), ["@identity_policies", 0])
	not settles(user(console, later([allow(bool("true"))], {})), ["@identity_policies", 0])
	unread := {"unknown": [["UserName"], ["PolicyDocument"]], "properties": {"PolicyDocument": null}}
	not settles(user(console, later([], unread)), ["@identity_policies", 0])
	not settles(user(own([allow(bool("true"))]), later([allow({})], {})), ["@identity_policies", 0])
}

test_settled_groups_and_memberships if {
	console := {"LoginProfile": {}}
	settles(user(console, membership("g", ["other"])), ["@memberships", 0])
	not settles(user(console, membership("g", ["⟦example#Ref⟧"])), ["@memberships", 0])
	settles(user(console, {"groups": [documents.member("g", "AWS::IAM::Group", {})]}), ["@groups", 0])
}
