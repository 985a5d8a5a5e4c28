# METADATA
# title: DB instances encrypt storage
# description: >-
#   Storage that is not encrypted can be read by whoever gets hold of a snapshot or a disk. Encryption is off
#   by default, a key alone does not switch it on, and it cannot be added to an instance that is there. A
#   replica or a restored instance takes it from its source; members of a cluster have the storage of the
#   cluster and are not judged.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
# custom:
#   id: SRM-RDS-001
#   severity: high
#   responsibility: data-protection
#   service: rds
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::RDS::DBInstance:
#       [StorageEncrypted, DBClusterIdentifier, Engine, SourceDBInstanceIdentifier, SourceDBClusterIdentifier,
#        DBSnapshotIdentifier, DBClusterSnapshotIdentifier, SourceDbiResourceId,
#        SourceDBInstanceAutomatedBackupsArn]
#   remediation:
#     terraform: Set `storage_encrypted = true` on `aws_db_instance`.
#     cloudformation: Set `StorageEncrypted` to true.
#   frameworks:
#     fsbp: [RDS.3]
#     cis_aws_5_0: [2.2.1]
#     pci_dss_4_0: [3.5.1, 8.3.2]
#     hipaa: [164.308(a)(1)(ii)(B), 164.308(a)(4)(ii)(A), 164.312(a)(2)(iv), 164.312(e)(2)(ii)]
#     iso_27001_2022: [A.8.11, A.8.24]
#     soc2: [PI1.5]
#     nist_800_53_r5:
#       [AU-9(3), CA-9(1), CM-3(6), CP-9(8), CP-9(d), SC-7(10), SC-8(3), SC-8(4), SC-13, SC-13(a), SC-28,
#        SC-28(1), SI-7(6), SI-19(4)]
#     gdpr: [Art. 32]
#   equivalents:
#     checkov: [CKV_AWS_16]
#     trivy: [AVD-AWS-0080]
#     guard: [RDS_STORAGE_ENCRYPTED]
#     cfn_nag: [F27]
#     regula: [FG_R00093]
#     terrascan: [AC_AWS_0058]
#     prowler: [rds_instance_storage_encrypted]
#     config: [RDS_STORAGE_ENCRYPTED]
#     steampipe: [rds_db_instance_encryption_at_rest_enabled]
package srmcheck.rds.instance_encryption

import data.srmcheck.lib.finding
import data.srmcheck.lib.rds
import data.srmcheck.lib.resource

not_applicable if rds.is_cluster_member(input.resource)

deny contains finding.resting(
	["StorageEncrypted"],
	"storage of the DB instance is not encrypted",
	array.concat([["StorageEncrypted"], ["DBClusterIdentifier"], ["Engine"]], rds.sources(input.resource)),
) if {
	not is_encrypted
	not rds.is_copy(input.resource)
	resource.given(input.resource, ["Engine"])
}

unknown contains finding.at(
	["StorageEncrypted"],
	"DB instance takes the encryption of the database that it is made from",
) if {
	not is_encrypted
	rds.is_copy(input.resource)
}

unknown contains finding.at(["Engine"], "DB instance does not tell its engine") if {
	not is_encrypted
	resource.absent(input.resource, ["Engine"])
}

settled contains [] if is_encrypted

is_encrypted if input.resource.properties.StorageEncrypted == true
