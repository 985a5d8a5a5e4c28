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
