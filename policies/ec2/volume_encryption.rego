# METADATA
# title: EBS volumes are encrypted
# description: >-
#   An unencrypted volume and its snapshots can be read by whoever gets hold of them. The account can encrypt
#   new volumes by default, but that setting lies outside the template unless the template makes it. A volume
#   made from a snapshot keeps the encryption of the snapshot.
# related_resources:
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
# custom:
#   id: SRM-EC2-001
#   severity: high
#   responsibility: data-protection
#   service: ec2
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::Volume: [Encrypted, KmsKeyId, SnapshotId]
#   related:
#     encryption_by_default: {type: [AWS::EC2::EbsEncryptionByDefault], declared: region, reads: [Enabled]}
#   remediation:
#     terraform: Set `encrypted = true` on `aws_ebs_volume`.
#     cloudformation: Set `Encrypted` to true.
#   frameworks:
#     fsbp: [EC2.3]
#     cis_aws_5_0: [5.1.1]
#     pci_dss_4_0: [3.5.1, 8.3.2]
#     hipaa:
#       [164.308(a)(1)(ii)(B), 164.308(a)(4)(ii)(A), 164.312(a)(2)(iv), 164.312(c)(1), 164.312(c)(2),
#        164.312(e)(2)(ii)]
#     iso_27001_2022: [A.8.11, A.8.24]
#     soc2: [PI1.5]
#     nist_800_53_r5:
#       [AU-9(3), CA-9(1), CM-3(6), CM-6(a), CM-9(b), CP-9(d), SC-7(10), SC-8(3), SC-8(4), SC-13, SC-13(a),
#        SC-28, SC-28(1), SI-7(6), SI-19(4)]
#     gdpr: [Art. 32]
#   equivalents:
#     checkov: [CKV_AWS_3, CKV2_AWS_2]
#     trivy: [AVD-AWS-0026]
#     guard: [ENCRYPTED_VOLUMES]
#     cfn_nag: [F1]
#     regula: [FG_R00016]
#     terrascan: [AC_AWS_0459, AC_AWS_0460]
#     prowler: [ec2_ebs_volume_encryption]
#     config: [ENCRYPTED_VOLUMES]
#     steampipe: [ebs_volume_encryption_at_rest_enabled]
package srmcheck.ec2.volume_encryption

import data.srmcheck.lib.ebs
import data.srmcheck.lib.finding

deny contains finding.resting(
	["Encrypted"],
	concat(" ", ["volume", fault]),
	array.concat(ebs.leaves([]), [["@encryption_by_default"]]),
) if {
	fault := ebs.fault(input.resource, [])
	not encrypted_by_default
}

unknown contains finding.at(["SnapshotId"], "volume keeps the encryption of its snapshot") if {
	ebs.keeps_encryption(input.resource, [])
	not encrypted_by_default
}

settled contains [] if ebs.is_encrypted(input.resource, [])

settled contains [] if encrypted_by_default

settled contains ["@encryption_by_default", i] if {
	some i in ebs.idle_settings(input.related.encryption_by_default)
}

encrypted_by_default if ebs.is_on_by_default(input.related.encryption_by_default)
