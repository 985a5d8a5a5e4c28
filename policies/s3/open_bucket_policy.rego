# METADATA
# title: Bucket policy grants nothing to an anonymous or any-account principal
# description: >-
#   A bucket policy for any principal, without a condition that only known callers meet, opens the bucket to
#   everyone on the Internet or to every AWS account. Block Public Access does not clear it: the grant stays
#   written, and holds as soon as the block goes. A bucket without a policy grants nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   id: SRM-S3-006
#   severity: critical
#   responsibility: data-protection
#   service: s3
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::S3::BucketPolicy:
#       ['PolicyDocument.Statement[].Principal.**', 'PolicyDocument.Statement[].Condition.**',
#        'PolicyDocument.Statement[].Effect']
#   remediation:
#     terraform: >-
#       Restrict `principals` (or the JSON Principal) of the document used by `aws_s3_bucket_policy.policy`.
#     cloudformation: >-
#       Replace the wildcard in `PolicyDocument` with specific principals or add a narrowing Condition.
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
#     checkov: [CKV_AWS_70]
#     guard: [S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL]
#     cfn_nag: [F16]
#     regula: [FG_R00210, FG_R00211, FG_R00279]
#     terrascan: [AC_AWS_0217, AC_AWS_0218, AC_AWS_0219, AC_AWS_0220, AC_AWS_0221, AC_AWS_0224]
#     prowler: [s3_bucket_policy_public_write_access, s3_bucket_public_access]
#     config: [S3_BUCKET_POLICY_GRANTEE_CHECK, S3_BUCKET_PUBLIC_READ_PROHIBITED]
package srmcheck.s3.open_bucket_policy

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam

deny contains finding.resting(
	principal,
	"bucket policy allows any principal, and no condition narrows it to known callers",
	paths,
) if {
	some [principal, paths] in iam.open_grants(input.resource, ["PolicyDocument"])
}

unknown contains finding.at(statement, "statement for any principal has no Effect") if {
	some statement in iam.doubtful_grants(input.resource, ["PolicyDocument"])
}

settled contains path if some path in iam.closed_grants(input.resource, ["PolicyDocument"])
