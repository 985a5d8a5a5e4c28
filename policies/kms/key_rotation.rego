# METADATA
# title: Customer-managed symmetric KMS key rotates each year
# description: >-
#   Rotation bounds how much data one key material protects, and costs nothing in the applications: KMS keeps the old
#   material for what it encrypted. It is off by default. Asymmetric and HMAC keys, imported key material and keys in
#   a custom key store cannot rotate by themselves and are not judged.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
# custom:
#   id: SRM-KMS-001
#   severity: medium
#   responsibility: data-protection
#   service: kms
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::KMS::Key: [EnableKeyRotation, KeySpec, KeyUsage, Origin]
#   remediation:
#     terraform: Set `enable_key_rotation = true` on `aws_kms_key`.
#     cloudformation: Set `EnableKeyRotation` to true.
#   frameworks:
#     cis_aws_5_0: ['3.6']
#     pci_dss_4_0: [3.7.4, 3.7.5]
#     hipaa: [164.312(a)(2)(iv)]
#     iso_27001_2022: [A.8.5, A.8.11, A.8.24]
#     soc2: [PI1.5]
#     nist_800_53_r5: [CM-6(a), CM-9(b), SA-9(6), SC-12(2), SC-12(6), SC-12]
#     gdpr: [Art. 25, Art. 30]
#   equivalents:
#     checkov: [CKV_AWS_7]
#     trivy: [AVD-AWS-0065]
#     guard: [CMK_BACKING_KEY_ROTATION_ENABLED]
#     cfn_nag: [F19]
#     regula: [FG_R00036]
#     terrascan: [AC_AWS_0160]
#     prowler: [kms_cmk_rotation_enabled]
#     config: [CMK_BACKING_KEY_ROTATION_ENABLED]
#     steampipe: [kms_cmk_rotation_enabled]
package srmcheck.kms.key_rotation

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

# KMS rotates symmetric encryption keys of its own making only. An absent value is the first of its list.
not_applicable if not resource.option(input.resource, ["KeySpec"]) in ["", "symmetric_default"]

not_applicable if not resource.option(input.resource, ["KeyUsage"]) in ["", "encrypt_decrypt"]

not_applicable if not resource.option(input.resource, ["Origin"]) in ["", "aws_kms"]

# off by default
deny contains finding.resting(
	["EnableKeyRotation"],
	"key does not rotate each year",
	[["EnableKeyRotation"], ["KeySpec"], ["KeyUsage"], ["Origin"]],
) if {
	not rotates
}

settled contains [] if rotates

rotates if input.resource.properties.EnableKeyRotation == true
