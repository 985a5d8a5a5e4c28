# METADATA
# title: Bucket policy denies requests that do not use TLS
# description: >-
#   S3 answers plain HTTP requests unless a bucket policy denies them. The policy must deny any principal every
#   S3 action on the bucket and on all its objects where aws:SecureTransport is false, and under no further
#   condition.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
#   - ref: https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
# custom:
#   id: SRM-S3-009
#   severity: medium
#   responsibility: data-protection
#   service: s3
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::S3::Bucket: []
#     AWS::S3::BucketPolicy: [PolicyDocument.Statement.**, Bucket]
#   related:
#     bucket_policies:
#       type: [AWS::S3::BucketPolicy]
#       by: [Bucket]
#       reads: [PolicyDocument.Statement.**]
#       of: [AWS::S3::Bucket]
#     bucket: {type: [AWS::S3::Bucket], via: [Bucket], reads: [], of: [AWS::S3::BucketPolicy]}
#   remediation:
#     terraform: Add the Deny statement to the document used by `aws_s3_bucket_policy.policy`.
#     cloudformation: Add the Deny statement to `PolicyDocument` of an AWS::S3::BucketPolicy.
#   frameworks:
#     fsbp: [S3.5]
#     cis_aws_5_0: [2.1.1]
#     pci_dss_4_0: [1.2.5, 2.2.5, 2.2.7, 4.2.1, 4.2.1.1, 8.3.2]
#     hipaa:
#       [164.308(a)(1)(ii)(B), 164.312(a)(2)(iv), 164.312(c)(1), 164.312(c)(2), 164.312(e)(1),
#        164.312(e)(2)(i), 164.312(e)(2)(ii)]
#     nist_800_53_r5:
#       [AC-4, AC-4(22), AC-17(2), AC-24(1), AU-9(3), CA-9(b), CM-6(a), CM-9(b), IA-5(1), IA-5(1)(c), PM-11(b),
#        PM-17(b), SC-7(4), SC-7(4)(b), SC-7(4)(g), SC-7(5), SC-8, SC-8(1), SC-8(2), SC-8(3), SC-8(4), SC-8(5),
#        SC-12(3), SC-13, SC-13(a), SC-16(1), SC-23, SC-23(3), SI-1(a), SI-7(6)]
#     gdpr: [Art. 32]
#   equivalents:
#     checkov: [CKV_AWS_379]
#     guard: [S3_BUCKET_SSL_REQUESTS_ONLY]
#     regula: [FG_R00100]
#     prowler: [s3_bucket_secure_transport_policy]
#     config: [S3_BUCKET_SSL_REQUESTS_ONLY]
package srmcheck.s3.tls_only

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource
import data.srmcheck.lib.s3

# a policy is judged with its bucket, and by itself only where the template does not have that
not_applicable if {
	input.resource.type == "AWS::S3::BucketPolicy"
	count(input.related.bucket) > 0
}

deny contains finding.resting([], "bucket policy does not deny requests without TLS", [["@bucket_policies"]]) if {
	input.resource.type == "AWS::S3::Bucket"
	count(input.related.bucket_policies) > 0
	not denies_plain_http
	count(doubtful) == 0
}

# S3 accepts plain HTTP by default
deny contains finding.resting(
	[],
	"bucket has no policy that denies requests without TLS",
	[["@bucket_policies"]],
) if {
	input.resource.type == "AWS::S3::Bucket"
	count(input.related.bucket_policies) == 0
}

deny contains finding.resting(
	["PolicyDocument"],
	"bucket policy does not deny requests without TLS",
	array.concat([["@bucket"], ["PolicyDocument"]], name_of_bucket),
) if {
	input.resource.type == "AWS::S3::BucketPolicy"
	not denies_plain_http
	count(doubtful) == 0
}

unknown contains finding.resting([], "statement about requests without TLS has no Effect", []) if {
	not denies_plain_http
	count(doubtful) > 0
}

# the name of the bucket matters only where a statement could be about it
name_of_bucket := [["Bucket"]] if count(able) > 0

name_of_bucket := [] if count(able) == 0

settled contains [] if denies_plain_http

settled contains array.concat(prefix(i), statement) if {
	some i, policy in policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	cannot_help(policy, statement)
}

settled contains ["Bucket"] if {
	input.resource.type == "AWS::S3::BucketPolicy"
	count(able) == 0
}

denies_plain_http if {
	covers_bucket
	covers_objects
}

covers_bucket if {
	some [i, statement] in able
	s3.is_about_bucket(policies[i], statement, arns)
}

covers_objects if {
	some [i, statement] in able
	s3.is_about_objects(policies[i], statement, arns)
}

arns := s3.bucket_arns(input.resource) if input.resource.type == "AWS::S3::Bucket"

arns := s3.arns_of_name(resource.text(input.resource, ["Bucket"])) if input.resource.type == "AWS::S3::BucketPolicy"

# the statements that deny plain HTTP for whatever they are about
able contains [i, statement] if {
	some [i, statement] in candidates
	iam.denies(policies[i], statement)
}

# these would, but have no Effect
doubtful contains [i, statement] if {
	some [i, statement] in candidates
	iam.has_no_effect(policies[i], statement)
}

candidates contains [i, statement] if {
	some i, policy in policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	iam.has_sole_condition(policy, statement, operators, "aws:securetransport", "false")
	count(iam.any_principals(policy, statement)) > 0
	some j, _ in resource.list(policy, array.concat(statement, ["Action"]))
	resource.option(policy, array.concat(statement, ["Action", j])) in every_action
}

# a statement that does not, whatever is unknown of it
cannot_help(policy, statement) if iam.never_denies(policy, statement)

cannot_help(policy, statement) if iam.names_principals(policy, statement)

cannot_help(policy, statement) if {
	not resource.is_unknown(policy, array.concat(statement, ["Action"]))
	every i, _ in resource.list(policy, array.concat(statement, ["Action"])) {
		not resource.option(policy, array.concat(statement, ["Action", i])) in every_action
	}
}

cannot_help(policy, statement) if {
	iam.has_other_condition(policy, statement, operators, "aws:securetransport", "false")
}

every_action := ["*", "*:*", "s3:*"]

operators := ["bool", "boolifexists"]

policies := input.related.bucket_policies if input.resource.type == "AWS::S3::Bucket"

policies := [input.resource] if input.resource.type == "AWS::S3::BucketPolicy"

# where the document of a policy is, seen from the judged resource
prefix(i) := ["@bucket_policies", i] if {
	input.resource.type == "AWS::S3::Bucket"
} else := []
