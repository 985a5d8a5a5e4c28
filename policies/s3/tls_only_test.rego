package srmcheck.s3.tls_only_test

import data.srmcheck.lib.documents
import data.srmcheck.s3.tls_only as policy

deny_http := {
	"Effect": "Deny",
	"Principal": "*",
	"Action": ["s3:*"],
	"Resource": ["⟦example#Arn⟧", "⟦example#Arn⟧/*"],
	"Condition": {"Bool": {"aws:SecureTransport": ["false"]}},
}

bucket(documents_of_policies) := documents.related_to(
	documents.of("AWS::S3::Bucket", {}),
	"bucket_policies",
	[documents.member("p", "AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": statements}}) |
		some statements in documents_of_policies
	],
)

changed(change) := bucket([[object.union(deny_http, change)]])

test_pass if {
	count(policy.deny) == 0 with input as changed({})
	[] in policy.settled with input as changed({})
}

test_pass_spellings if {
	every change in [
		{"Resource": ["*"]},
		{"Resource": ["⟦example#Arn⟧*"]},
		{"Resource": ["arn:aws:s3:::⟦example#Ref⟧", "arn:⟦AWS::Partition#Ref⟧:s3:::⟦example#Ref⟧/*"]},
		{"Action": ["*"]},
		{"Action": ["S3:*"]},
		{"Action": ["*:*"]},
		{"Principal": {"AWS": ["*"]}},
	] {
		count(policy.deny) == 0 with input as changed(change)
	}
	lax := object.union(
		object.remove(deny_http, ["Condition"]),
		{"Condition": {"BoolIfExists": {"AWS:securetransport": ["False"]}}},
	)
	count(policy.deny) == 0 with input as bucket([[lax]])
}

test_pass_two_statements_or_policies if {
	own := object.union(deny_http, {"Resource": ["⟦example#Arn⟧"]})
	objects := object.union(deny_http, {"Resource": ["⟦example#Arn⟧/*"]})
	count(policy.deny) == 0 with input as bucket([[own, objects]])
	count(policy.deny) == 0 with input as bucket([[own], [objects]])
}

test_fail if {
	every change in [
		{"Effect": "Allow"},
		{"Principal": {"AWS": ["arn:aws:iam::111122223333:root"]}},
		{"Action": ["s3:Get*", "s3:Put*"]},
		{"Resource": ["⟦example#Arn⟧"]},
		{"Resource": ["⟦example#Arn⟧/*"]},
		{"Resource": ["⟦example#Arn⟧", "⟦example#Arn⟧/in/*"]},
		{"Resource": ["⟦other#Arn⟧", "⟦other#Arn⟧/*"]},
		{"Condition": {"NumericLessThan": {"s3:TlsVersion": ["1.2"]}}},
		{"Condition": {"Bool": {"aws:SecureTransport": ["true"]}}},
	] {
		some finding in policy.deny with input as changed(change)
		finding.message == "bucket policy does not deny requests without TLS"
	}
	unconditional := object.remove(deny_http, ["Condition"])
	count(policy.deny) == 1 with input as bucket([[unconditional]])
	all_but := object.union(object.remove(deny_http, ["Action"]), {"NotAction": ["s3:GetObject"]})
	count(policy.deny) == 1 with input as bucket([[all_but]])
}

test_fail_absent if {
	some finding in policy.deny with input as bucket([])
	finding.message == "bucket has no policy that denies requests without TLS"
	finding.paths == [["@bucket_policies"]]
}

test_statements_that_cannot_help_are_settled if {
	every change in [
		{"Effect": "Allow"},
		{"Principal": {"AWS": ["arn:aws:iam::111122223333:root"]}},
		{"Action": ["s3:Get*"]},
		{"Condition": {"Null": {"s3:TlsVersion": ["true"]}}},
	] {
		policy.settled == {["@bucket_policies", 0, "PolicyDocument", "Statement", 0]} with input as changed(change)
	}
	elsewhere := changed({"Resource": ["⟦other#Arn⟧"]})
	count(policy.settled) == 0 with input as elsewhere
}

test_unknown_without_effect if {
	document := bucket([[object.remove(deny_http, ["Effect"])]])
	count(policy.unknown) == 1 with input as document
	count(policy.deny) == 0 with input as document
}

# a bucket policy whose bucket is elsewhere

alone(name, statements) := documents.related_to(
	documents.of("AWS::S3::BucketPolicy", {"Bucket": name, "PolicyDocument": {"Statement": statements}}),
	"bucket",
	[],
)

by_name(name) := object.union(deny_http, {"Resource": [
	concat("", ["arn:aws:s3:::", name]),
	concat("", ["arn:aws:s3:::", name, "/*"]),
]})

test_alone if {
	count(policy.deny) == 0 with input as alone("shared", [by_name("shared")])
	some finding in policy.deny with input as alone("shared", [by_name("other")])
	finding.paths == [["@bucket"], ["PolicyDocument"], ["Bucket"]]
	count(policy.deny) == 1 with input as alone("shared", [])
	count(policy.unknown) == 1 with input as alone("shared", [object.remove(by_name("shared"), ["Effect"])])
}

test_alone_name_unknown if {
	document := documents.unknown_at(alone("", [by_name("shared")]), [["Bucket"]])
	some finding in policy.deny with input as document
	["Bucket"] in finding.paths
	every_resource := documents.unknown_at(alone("", [object.union(deny_http, {"Resource": ["*"]})]), [["Bucket"]])
	count(policy.deny) == 0 with input as every_resource
	some other in policy.deny with input as documents.unknown_at(alone("", []), [["Bucket"]])
	other.paths == [["@bucket"], ["PolicyDocument"]]
	["Bucket"] in policy.settled with input as documents.unknown_at(alone("", []), [["Bucket"]])
}

test_none_with_its_bucket if {
	document := documents.related_to(alone("shared", []), "bucket", [documents.member("b", "AWS::S3::Bucket", {})])
	policy.not_applicable with input as document
	not policy.not_applicable with input as alone("shared", [])
	not policy.not_applicable with input as bucket([])
}
