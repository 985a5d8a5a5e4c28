package srmcheck.s3.access_logging_test

import data.srmcheck.lib.documents
import data.srmcheck.s3.access_logging as policy

related(properties, members) := object.union(
	documents.of("AWS::S3::Bucket", properties),
	{"related": object.union({"log_sources": [], "bucket_policies": []}, members)},
)

alone(properties) := related(properties, {})

test_pass_destination if {
	document := alone({"LoggingConfiguration": {"DestinationBucketName": "logs"}})
	count(policy.deny) == 0 with input as document
	policy.settled == {[]} with input as document
}

test_pass_logs_to_itself if {
	every configuration in [{}, {"DestinationBucketName": "⟦example#Ref⟧"}] {
		document := related(
			{"LoggingConfiguration": configuration},
			{"log_sources": [documents.member("example", "AWS::S3::Bucket", {})]},
		)
		count(policy.deny) == 0 with input as document
		not policy.not_applicable with input as document
	}
}

test_pass_unknown_destination if {
	document := documents.unknown_at(
		alone({"LoggingConfiguration": {}}),
		[["LoggingConfiguration", "DestinationBucketName"]],
	)
	policy.settled == {[]} with input as document
}

test_fail_absent if {
	some finding in policy.deny with input as alone({})
	finding.place == ["LoggingConfiguration"]
	every path in [["LoggingConfiguration"], ["AccessControl"], ["@log_sources"], ["@bucket_policies"]] {
		path in finding.paths
	}
	count(policy.settled) == 0 with input as alone({})
	not policy.not_applicable with input as alone({})
}

test_none_log_buckets if {
	policy.not_applicable with input as alone({"AccessControl": "LogDeliveryWrite"})
	policy.not_applicable with input as related({}, {"log_sources": [documents.member("o", "AWS::S3::Bucket", {})]})
}

policies(statement) := {"bucket_policies": [documents.member(
	"p",
	"AWS::S3::BucketPolicy",
	{"PolicyDocument": {"Statement": [statement]}},
)]}

delivery := {"Effect": "Allow", "Principal": {"Service": ["logging.s3.amazonaws.com"]}, "Action": ["s3:PutObject"]}

test_none_policy_allows_log_delivery if {
	policy.not_applicable with input as related({}, policies(delivery))
	refused := related({}, policies(object.union(delivery, {"Effect": "Deny"})))
	not policy.not_applicable with input as refused
	policy.settled == {["@bucket_policies", 0, "PolicyDocument", "Statement", 0]} with input as refused
}

test_unknown_delivery_statement_without_effect if {
	document := related({}, policies(object.remove(delivery, ["Effect"])))
	count(policy.unknown) == 1 with input as document
	count(policy.deny) == 0 with input as document
}
