# METADATA
# title: KMS key policy grants nothing to an any-account principal
# description: >-
#   A key policy that allows any principal lets other AWS accounts use the key, and whatever it protects is
#   theirs to read. An absent policy is the default one, which trusts the owning account only.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   id: SRM-KMS-002
#   severity: critical
#   responsibility: data-protection
#   service: kms
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::KMS::Key:
#       ['KeyPolicy.Statement[].Principal.**', 'KeyPolicy.Statement[].Condition.**', 'KeyPolicy.Statement[].Effect']
#     AWS::KMS::ReplicaKey:
#       ['KeyPolicy.Statement[].Principal.**', 'KeyPolicy.Statement[].Condition.**', 'KeyPolicy.Statement[].Effect']
#   remediation:
#     terraform: Name the principals in the `policy` of `aws_kms_key`.
#     cloudformation: Name the principals in `KeyPolicy` or add kms:CallerAccount.
#   frameworks:
#     fsbp: [KMS.5]
#     iso_27001_2022: [A.8.1]
#   equivalents:
#     checkov: [CKV_AWS_33]
#     guard: [KMS_NO_WILDCARD_PRINCIPAL]
#     cfn_nag: [F76]
#     regula: [FG_R00252]
#     terrascan: [AC_AWS_0162, AC_AWS_0482]
#     prowler: [kms_key_not_publicly_accessible]
package srmcheck.kms.open_key_policy

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam

deny contains finding.resting(
	principal,
	"key policy allows any principal, and no condition narrows it to known callers",
	paths,
) if {
	some [principal, paths] in iam.open_grants(input.resource, ["KeyPolicy"])
}

unknown contains finding.at(statement, "statement for any principal has no Effect") if {
	some statement in iam.doubtful_grants(input.resource, ["KeyPolicy"])
}

settled contains path if some path in iam.closed_grants(input.resource, ["KeyPolicy"])
