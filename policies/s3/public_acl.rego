# METADATA
# title: Bucket ACL grants nothing to everyone or to all AWS users
# description: >-
#   An ACL for everyone lets anonymous callers list the bucket or write to it; one for all AWS users does so for
#   anybody with an AWS account. It has no effect where public ACLs are ignored or the bucket owner is enforced;
#   without ownership controls it counts, as buckets from before April 2023 keep their ACLs. An absent ACL is private.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   id: SRM-S3-005
#   severity: critical
#   responsibility: data-protection
#   service: s3
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::S3::Bucket:
#       [AccessControl, 'AccessControlPolicy.Grants[].Grantee.URI', PublicAccessBlockConfiguration.IgnorePublicAcls,
#        'OwnershipControls.Rules[].ObjectOwnership']
#   related:
#     account_public_access_blocks:
#       type: [AWS::S3::AccountPublicAccessBlock]
#       declared: account
#       reads: [IgnorePublicAcls]
#   remediation:
#     terraform: Remove `aws_s3_bucket_acl` or set `acl = "private"`.
#     cloudformation: >-
#       Remove `AccessControl` or set it to Private, and set `OwnershipControls` to BucketOwnerEnforced.
#   frameworks:
#     fsbp: [S3.2, S3.3]
#     pci_dss_4_0:
#       [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, 3.5.1.3, 10.3.2, 10.3.3, 10.3.4, A1.1.2, A1.1.3, A1.2.1, A3.4.1]
#     hipaa: [164.308(a)(1)(ii)(B), 164.308(a)(3)(i), 164.312(a)(1), 164.312(a)(2)(i)]
#     iso_27001_2022: [A.8.1]
#     soc2: [CC6.1]
#     nist_800_53_r5:
#       [AC-2(6), AC-3, AC-3(7), AC-4, AC-4(21), AC-6, AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b),
#        AC-21, CM-6(a), CM-9(b), SC-7, SC-7(2), SC-7(3), SC-7(4), SC-7(7), SC-7(9), SC-7(9)(a), SC-7(11),
#        SC-7(12), SC-7(16), SC-7(20), SC-7(21), SC-7(24)(b), SC-7(25), SC-7(26), SC-7(27), SC-7(28), SC-7(a),
#        SC-7(b), SC-7(c), MP-2, SC-25]
#   equivalents:
#     checkov: [CKV_AWS_20, CKV_AWS_57, CKV2_AWS_43, CKV_AWS_375]
#     trivy: [AVD-AWS-0092]
#     guard: [S3_BUCKET_PUBLIC_READ_ACL, S3_BUCKET_NO_PUBLIC_RW_ACL]
#     cfn_nag: [F14, W31]
#     regula: [FG_R00277, FG_R00279]
#     terrascan: [AC_AWS_0210, AC_AWS_0211, AC_AWS_0212, AC_AWS_0213, AC_AWS_0215]
#     prowler: [s3_bucket_public_access, s3_bucket_public_list_acl, s3_bucket_public_write_acl]
#     config: [S3_BUCKET_PUBLIC_READ_PROHIBITED, S3_BUCKET_PUBLIC_WRITE_PROHIBITED]
package srmcheck.s3.public_acl

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.s3

deny contains finding.resting(
	["AccessControl"],
	concat("", ["ACL of the bucket grants access to ", whom]),
	array.concat([["AccessControl"]], what_could_disarm),
) if {
	some acl, whom in canned
	resource.option(input.resource, ["AccessControl"]) == acl
	not has_no_effect
}

deny contains finding.resting(
	grantee,
	concat("", ["ACL of the bucket grants access to ", whom]),
	array.concat([grantee], what_could_disarm),
) if {
	some group, whom in groups
	some grantee in s3.grants_to_group(input.resource, group)
	not has_no_effect
}

canned := {
	"publicread": "everyone",
	"publicreadwrite": "everyone",
	"authenticatedread": "all AWS users",
}

groups := {
	"global/AllUsers": "everyone",
	"global/AuthenticatedUsers": "all AWS users",
}

what_could_disarm := [
	["PublicAccessBlockConfiguration", "IgnorePublicAcls"],
	["OwnershipControls"],
	["@account_public_access_blocks"],
]

has_no_effect if input.resource.properties.PublicAccessBlockConfiguration.IgnorePublicAcls == true

has_no_effect if {
	some block in input.related.account_public_access_blocks
	block.properties.IgnorePublicAcls == true
}

has_no_effect if {
	some i, _ in resource.list(input.resource, ["OwnershipControls", "Rules"])
	resource.option(input.resource, ["OwnershipControls", "Rules", i, "ObjectOwnership"]) == "bucketownerenforced"
}

settled contains [] if has_no_effect

# an ACL that grants nothing to the groups, or none: what disarms it does not matter
settled contains [] if {
	not resource.is_unknown(input.resource, ["AccessControl"])
	not resource.is_unknown(input.resource, ["AccessControlPolicy"])
	not resource.option(input.resource, ["AccessControl"]) in object.keys(canned)
	every group, _ in groups {
		count(s3.grants_to_group(input.resource, group)) == 0
	}
}
