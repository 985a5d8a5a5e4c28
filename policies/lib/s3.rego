# S3 buckets and the policies on them. Words: docs/verdicts.md, "Policy documents".
package srmcheck.lib.s3

import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

_partitions := ["aws", "aws-cn", "aws-us-gov", "⟦AWS::Partition#Ref⟧"]

# The spellings of the ARN of a bucket of the template.
bucket_arns(bucket) := {resource.identity(bucket, "Arn")} | arns_of_name(resource.identity(bucket, "Ref"))

# The spellings of the ARN of the bucket with this name, which may be a reference; none for "".
arns_of_name(name) := {concat("", ["arn:", partition, ":s3:::", name]) |
	name != ""
	some partition in _partitions
}

# A statement is about the bucket itself: its ARN, that ARN and a wildcard, or everything.
is_about_bucket(judged, statement, arns) if _names(judged, statement, arns, ["", "*"])

# A statement is about all objects of the bucket.
is_about_objects(judged, statement, arns) if _names(judged, statement, arns, ["/*", "*"])

_names(judged, statement, _, _) if count(iam.all_resources(judged, statement)) > 0

_names(judged, statement, arns, endings) if {
	some entry in resource.list(judged, array.concat(statement, ["Resource"]))
	some arn in arns
	some ending in endings
	entry == concat("", [arn, ending])
}

# The ACL of a bucket grants to one of the groups of S3 ("global/AllUsers"): the paths of these grants.
grants_to_group(bucket, group) := {grantee |
	some i, _ in resource.list(bucket, ["AccessControlPolicy", "Grants"])
	grantee := ["AccessControlPolicy", "Grants", i, "Grantee", "URI"]
	endswith(resource.text(bucket, grantee), concat("", ["/groups/", group]))
}

# Server access logs. `sources` are the buckets that name this one as their destination, `policies` the policies on it.

# A log bucket: S3 delivers the access logs of others to it, or is allowed to.
is_log_bucket(bucket, sources, _) if {
	some source in sources
	source.address != bucket.address
}

is_log_bucket(bucket, _, _) if resource.option(bucket, ["AccessControl"]) == "logdeliverywrite"

is_log_bucket(bucket, _, _) if count(grants_to_group(bucket, "s3/LogDelivery")) > 0

is_log_bucket(_, _, policies) if {
	some [i, statement] in _delivery_statements(policies)
	iam.allows(policies[i], statement)
}

# What makes a bucket a log bucket: the paths that a verdict on other buckets rests on.
log_bucket_signs := [["AccessControl"], ["AccessControlPolicy"], ["@log_sources"], ["@bucket_policies"]]

# The statements that would let S3 deliver logs, but have no Effect: [policy, statement].
doubtful_deliveries(policies) := {[i, statement] |
	some [i, statement] in _delivery_statements(policies)
	iam.has_no_effect(policies[i], statement)
}

# The statements that do not let S3 deliver logs, whatever is unknown of them: [policy, statement].
unrelated_to_delivery(policies) := {[i, statement] |
	some i, policy in policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	_lets_deliver_nothing(policy, statement)
}

_delivery_statements(policies) := {[i, statement] |
	some i, policy in policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	iam.names_service(policy, statement, "logging.s3")
	count(iam.covering(policy, statement, "s3:PutObject")) > 0
}

_lets_deliver_nothing(policy, statement) if iam.never_allows(policy, statement)

_lets_deliver_nothing(policy, statement) if iam.names_other_services(policy, statement, "logging.s3")

_lets_deliver_nothing(policy, statement) if iam.spares_action(policy, statement, "s3:PutObject")

# A bucket keeps its own access logs: without a destination they go to the bucket itself.
logs_to_itself(bucket) if {
	is_object(resource.value(bucket, ["LoggingConfiguration"]))
	resource.absent(bucket, ["LoggingConfiguration", "DestinationBucketName"])
}

logs_to_itself(bucket) if {
	resource.is_named_by(bucket, resource.text(bucket, ["LoggingConfiguration", "DestinationBucketName"]))
}
