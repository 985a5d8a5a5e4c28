package srmcheck.s3.kms_encryption_test

import data.srmcheck.lib.documents
import data.srmcheck.s3.kms_encryption as policy

algorithm(name) := {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": name}}]}}

related(properties, members) := object.union(documents.of("AWS::S3::Bucket", properties), {"related": object.union(
	{
		"log_sources": [],
		"bucket_policies": [],
		"access_log_balancers": [],
		"access_log_classic_balancers": [],
	},
	members,
)})

alone(properties) := related(properties, {})

test_pass_kms if {
	every name in ["aws:kms", "aws:kms:dsse", "AWS:KMS"] {
		count(policy.deny) == 0 with input as alone(algorithm(name))
		policy.settled == {[]} with input as alone(algorithm(name))
	}
}

test_pass_one_rule_of_two if {
	rules := [{}, {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
	document := alone({"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}})
	count(policy.deny) == 0 with input as document
}

test_fail_sse_s3 if count(policy.deny) == 1 with input as alone(algorithm("AES256"))

test_fail_absent if {
	count(policy.deny) == 1 with input as alone({})
	not policy.not_applicable with input as alone({})
	count(policy.settled) == 0 with input as alone({})
}

test_fail_rests_on_what_could_exempt_it if {
	some finding in policy.deny with input as alone({})
	every path in [["BucketEncryption"], ["LoggingConfiguration"], ["AccessControl"], ["@log_sources"], ["@bucket_policies"]] {
		path in finding.paths
	}
}

test_none_log_bucket_by_acl if policy.not_applicable with input as alone({"AccessControl": "LogDeliveryWrite"})

test_none_log_bucket_by_grant if {
	policy.not_applicable with input as alone({"AccessControlPolicy": {"Grants": [
		{"Grantee": {"ID": "abc"}},
		{"Grantee": {"URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}},
	]}})
	not policy.not_applicable with input as alone({"AccessControlPolicy": {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}]}})
}

test_none_named_as_destination if {
	policy.not_applicable with input as related({}, {"log_sources": [documents.member("other", "AWS::S3::Bucket", {})]})
}

test_none_logs_to_itself if {
	policy.not_applicable with input as alone({"LoggingConfiguration": {"DestinationBucketName": "⟦example#Ref⟧"}})
	policy.not_applicable with input as alone({"LoggingConfiguration": {}})
	not policy.not_applicable with input as alone({"LoggingConfiguration": {"DestinationBucketName": "⟦other#Ref⟧"}})
	not policy.not_applicable with input as documents.unknown_at(
		alone({"LoggingConfiguration": {}}),
		[["LoggingConfiguration", "DestinationBucketName"]],
	)
}

policies(statement) := {"bucket_policies": [documents.member(
	"p",
	"AWS::S3::BucketPolicy",
	{"PolicyDocument": {"Statement": [statement]}},
)]}

delivery := {
	"Effect": "Allow",
	"Principal": {"Service": ["logging.s3.amazonaws.com"]},
	"Action": ["s3:PutObject"],
	"Resource": ["⟦example#Arn⟧/*"],
}

test_none_policy_allows_log_delivery if {
	policy.not_applicable with input as related({}, policies(delivery))
	policy.not_applicable with input as related({}, policies(object.union(delivery, {"Action": ["s3:Put*"]})))
	count(policy.settled) == 0 with input as related({}, policies(delivery))
}

test_other_statements_do_not_matter if {
	every change in [
		{"Effect": "Deny"},
		{"Principal": {"Service": ["cloudtrail.amazonaws.com"]}},
		{"Action": ["s3:GetObject"]},
	] {
		document := related({}, policies(object.union(delivery, change)))
		not policy.not_applicable with input as document
		policy.settled == {["@bucket_policies", 0, "PolicyDocument", "Statement", 0]} with input as document
	}
}

test_unknown_delivery_statement_without_effect if {
	document := related({}, policies(object.remove(delivery, ["Effect"])))
	count(policy.unknown) == 1 with input as document
	count(policy.deny) == 0 with input as document
}

balancer(properties, attributes) := documents.member(
	"lb",
	"AWS::ElasticLoadBalancingV2::LoadBalancer",
	object.union(properties, {"LoadBalancerAttributes": [{"Key": key, "Value": value} | some key, value in attributes]}),
)

logging(properties) := balancer(properties, {"access_logs.s3.bucket": "⟦example#Ref⟧", "access_logs.s3.enabled": "true"})

from_balancer(member) := related({}, {"access_log_balancers": [member]})

test_none_takes_access_logs if {
	every properties in [{}, {"Type": "application"}, {"Type": "Application"}] {
		policy.not_applicable with input as from_balancer(logging(properties))
	}
	not policy.not_applicable with input as from_balancer(logging({"Type": "network"}))
	["@access_log_balancers", 0] in policy.settled with input as from_balancer(logging({"Type": "network"}))
}

test_fail_access_logs_are_off if {
	off := balancer({}, {"access_logs.s3.bucket": "⟦example#Ref⟧", "access_logs.s3.enabled": "false"})
	by_default := balancer({}, {"access_logs.s3.bucket": "⟦example#Ref⟧"})
	every member in [off, by_default] {
		not policy.not_applicable with input as from_balancer(member)
		count(policy.deny) == 1 with input as from_balancer(member)
	}
	["@access_log_balancers", 0, "Type"] in policy.settled with input as from_balancer(off)
	not ["@access_log_balancers", 0, "Type"] in policy.settled with input as from_balancer(logging({}))
}

test_other_attributes_of_a_balancer_do_not_matter if {
	member := balancer({}, {"idle_timeout.timeout_seconds": "60"})
	["@access_log_balancers", 0, "LoadBalancerAttributes", 0] in policy.settled with input as from_balancer(member)
	on := balancer({}, {"access_logs.s3.enabled": "true"})
	not ["@access_log_balancers", 0, "LoadBalancerAttributes", 0] in policy.settled with input as from_balancer(on)
}

from_classic(policy) := related({}, {"access_log_classic_balancers": [documents.member(
	"lb",
	"AWS::ElasticLoadBalancing::LoadBalancer",
	{"AccessLoggingPolicy": policy},
)]})

test_classic_balancers if {
	policy.not_applicable with input as from_classic({"Enabled": true})
	not policy.not_applicable with input as from_classic({"Enabled": false})
	count(policy.deny) == 1 with input as from_classic({})
}
