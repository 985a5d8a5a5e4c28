# METADATA
# title: Databases are not publicly accessible
# description: >-
#   A publicly accessible database has an address that resolves on the Internet, where only its security groups
#   and its password protect it. What an absent value means depends on the subnet group, and for a replica or a
#   restored database on the source.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
# custom:
#   id: SRM-RDS-003
#   severity: critical
#   responsibility: network-security
#   service: rds
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::RDS::DBInstance:
#       [PubliclyAccessible, DBSubnetGroupName, DBClusterIdentifier, Engine, SourceDBInstanceIdentifier,
#        SourceDBClusterIdentifier, DBSnapshotIdentifier, DBClusterSnapshotIdentifier, SourceDbiResourceId,
#        SourceDBInstanceAutomatedBackupsArn]
#     AWS::RDS::DBCluster:
#       [PubliclyAccessible, DBSubnetGroupName, Engine, ReplicationSourceIdentifier, SnapshotIdentifier,
#        SourceDBClusterIdentifier, SourceDbClusterResourceId]
#   remediation:
#     terraform: Set `publicly_accessible = false`.
#     cloudformation: Set `PubliclyAccessible` to false.
#   frameworks:
#     fsbp: [RDS.2]
#     cis_aws_5_0: [2.2.3]
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, 3.5.1.3, 10.3.2, A1.1.2, A1.1.3, A3.4.1]
#     hipaa: [164.308(a)(3)(i), 164.312(a)(1)]
#     iso_27001_2022: [A.8.1]
#     soc2: [CC6.2]
#     nist_800_53_r5:
#       [AC-2(6), AC-3(7), AC-4, AC-4(21), AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b), SC-7, SC-7(2),
#        SC-7(3), SC-7(4), SC-7(5), SC-7(7), SC-7(9)(a), SC-7(11), SC-7(12), SC-7(16), SC-7(20), SC-7(21),
#        SC-7(24)(b), SC-7(25), SC-7(26), SC-7(27), SC-7(28), SC-7(a), SC-7(b), SC-7(c), AC-3, AC-6, MP-2,
#        SC-25]
#   equivalents:
#     checkov: [CKV_AWS_17]
#     trivy: [AVD-AWS-0180]
#     guard: [RDS_INSTANCE_PUBLIC_ACCESS_CHECK]
#     cfn_nag: [F22]
#     regula: [FG_R00278]
#     terrascan: [AC_AWS_0054]
#     prowler: [rds_instance_no_public_access]
#     config: [RDS_INSTANCE_PUBLIC_ACCESS_CHECK]
#     steampipe: [rds_db_instance_prohibit_public_access]
package srmcheck.rds.public_access

import data.srmcheck.lib.finding
import data.srmcheck.lib.rds
import data.srmcheck.lib.resource

deny contains finding.at(["PubliclyAccessible"], "database is publicly accessible") if {
	input.resource.properties.PubliclyAccessible == true
}

# AWS: a database without a subnet group of its own is public unless it says otherwise
deny contains finding.resting(
	["PubliclyAccessible"],
	"database is public by default, as it names no subnet group",
	array.concat(
		[["PubliclyAccessible"], ["DBSubnetGroupName"], ["DBClusterIdentifier"], ["Engine"]],
		rds.sources(input.resource),
	),
) if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	not is_private_by_default
	not rds.is_copy(input.resource)
	resource.given(input.resource, ["Engine"])
}

unknown contains finding.at(["PubliclyAccessible"], "database may take the setting of the one that it is made from") if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	not is_private_by_default
	rds.is_copy(input.resource)
}

unknown contains finding.at(["Engine"], "database does not tell its engine") if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	not is_private_by_default
	resource.absent(input.resource, ["Engine"])
}

settled contains [] if input.resource.properties.PubliclyAccessible == false

settled contains [] if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	is_private_by_default
}

is_private_by_default if not resource.value(input.resource, ["DBSubnetGroupName"]) in [null, "", "default"]

is_private_by_default if rds.is_aurora(input.resource)

is_private_by_default if rds.is_cluster_member(input.resource)
