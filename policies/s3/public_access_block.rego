# METADATA
# title: Bucket-level Block Public Access has all four settings on
# description: >-
#   Block Public Access keeps a mistake in an ACL or a bucket policy from opening the bucket. S3 applies the
#   stricter of the bucket's and the account's setting. New buckets get all four settings since April 2023,
#   older ones do not, so an absent block asserts nothing and fails.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   id: SRM-S3-003
#   severity: high
#   responsibility: data-protection
#   service: s3
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::S3::Bucket:
#       [PublicAccessBlockConfiguration.BlockPublicAcls, PublicAccessBlockConfiguration.BlockPublicPolicy,
#        PublicAccessBlockConfiguration.IgnorePublicAcls, PublicAccessBlockConfiguration.RestrictPublicBuckets]
#   related:
#     account_public_access_blocks:
#       type: [AWS::S3::AccountPublicAccessBlock]
#       declared: account
#       reads: [BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets]
#   remediation:
#     terraform: >-
#       Add `aws_s3_bucket_public_access_block` with `block_public_acls`, `block_public_policy`,
#       `ignore_public_acls` and `restrict_public_buckets` set to true.
#     cloudformation: Set the four properties of `PublicAccessBlockConfiguration` to true.
#   frameworks:
#     fsbp: [S3.8]
#     cis_aws_5_0: [2.1.4]
#     nist_800_53_r5:
#       [AC-3, AC-3(7), AC-4, AC-4(21), AC-6, AC-21, SC-7, SC-7(3), SC-7(4), SC-7(9), SC-7(11), SC-7(16),
#        SC-7(20), SC-7(21)]
#   equivalents:
#     checkov: [CKV_AWS_53, CKV_AWS_54, CKV_AWS_55, CKV_AWS_56, CKV2_AWS_6]
#     trivy: [AVD-AWS-0086, AVD-AWS-0087, AVD-AWS-0091, AVD-AWS-0093, AVD-AWS-0094]
#     guard:
#       [S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED, S3_BUCKET_PUBLIC_READ_PROHIBITED,
#        S3_BUCKET_PUBLIC_WRITE_PROHIBITED]
#     regula: [FG_R00229]
#     terrascan: [AC_AWS_0496]
#     prowler: [s3_bucket_level_public_access_block]
#     config: [S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED]
#     steampipe:
#       [s3_bucket_public_access_blocked, s3_bucket_block_public_policy_enabled,
#        s3_bucket_ignore_public_acls_enabled]
package srmcheck.s3.public_access_block

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

settings := ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]

deny contains finding.resting(
	["PublicAccessBlockConfiguration", open_settings[0]],
	concat("", ["bucket leaves ", concat(", ", open_settings), " off"]),
	array.concat([["@account_public_access_blocks"]], [path |
		some setting in open_settings
		path := ["PublicAccessBlockConfiguration", setting]
	]),
) if {
	has_block
	count(open_settings) > 0
}

deny contains finding.resting(
	["PublicAccessBlockConfiguration"],
	concat("", ["bucket has no public access block, which leaves ", concat(", ", open_settings), " off"]),
	[["PublicAccessBlockConfiguration"], ["@account_public_access_blocks"]],
) if {
	not has_block
	count(open_settings) > 0
}

has_block if is_object(resource.value(input.resource, ["PublicAccessBlockConfiguration"]))

# an omitted setting is off
open_settings := [setting |
	some setting in settings
	is_off(input.resource, ["PublicAccessBlockConfiguration", setting])
	not is_on_in_account(input.related.account_public_access_blocks, setting)
]

is_off(bucket, path) if resource.value(bucket, path) == false

is_off(bucket, path) if resource.absent(bucket, path)

is_on_in_account(blocks, setting) if {
	some block in blocks
	resource.value(block, [setting]) == true
}

# what the one says does not matter where the other has the setting on
settled contains ["PublicAccessBlockConfiguration", setting] if {
	some setting in settings
	is_on_in_account(input.related.account_public_access_blocks, setting)
}

settled contains ["@account_public_access_blocks", i, setting] if {
	some i, _ in input.related.account_public_access_blocks
	some setting in settings
	is_harmless(input.resource, input.related.account_public_access_blocks, setting)
}

is_harmless(bucket, _, setting) if resource.value(bucket, ["PublicAccessBlockConfiguration", setting]) == true

is_harmless(_, blocks, setting) if is_on_in_account(blocks, setting)

settled contains [] if {
	every setting in settings {
		is_harmless(input.resource, input.related.account_public_access_blocks, setting)
	}
}
