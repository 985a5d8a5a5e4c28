# METADATA
# title: Minor engine versions are applied automatically
# description: >-
#   Minor versions bring the security fixes of the engine. They are applied in the maintenance window unless the
#   database says otherwise: an absent value is true. A read replica that leaves it out takes it from its
#   source.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
# custom:
#   id: SRM-RDS-005
#   severity: medium
#   responsibility: os-security
#   service: rds
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::RDS::DBInstance: [AutoMinorVersionUpgrade, SourceDBInstanceIdentifier, SourceDBClusterIdentifier]
#     AWS::RDS::DBCluster: [AutoMinorVersionUpgrade]
#   remediation:
#     terraform: Set `auto_minor_version_upgrade = true`.
#     cloudformation: Set `AutoMinorVersionUpgrade` to true.
#   frameworks:
#     fsbp: [RDS.13, RDS.35]
#     cis_aws_5_0: [2.2.2]
#     pci_dss_4_0: [6.3.3]
#     nist_800_53_r5: [SI-2, SI-2(2), SI-2(4), SI-2(5)]
#   equivalents:
#     checkov: [CKV_AWS_226]
#     guard: [RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED]
#     terrascan: [AC_AWS_0056]
#     prowler: [rds_instance_minor_version_upgrade_enabled, rds_cluster_minor_version_upgrade_enabled]
#     config: [RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED]
#     steampipe:
#       [rds_db_instance_automatic_minor_version_upgrade_enabled,
#        rds_db_cluster_instance_automatic_minor_version_upgrade_enabled]
package srmcheck.rds.minor_upgrades

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at(["AutoMinorVersionUpgrade"], "minor engine versions are not applied automatically") if {
	input.resource.properties.AutoMinorVersionUpgrade == false
}

unknown contains finding.at(["AutoMinorVersionUpgrade"], "DB instance takes the setting of its source") if {
	input.resource.type == "AWS::RDS::DBInstance"
	resource.absent(input.resource, ["AutoMinorVersionUpgrade"])
	is_replica
}

settled contains [] if resource.given(input.resource, ["AutoMinorVersionUpgrade"])

# a cluster is judged by its own value
settled contains [] if {
	input.resource.type == "AWS::RDS::DBCluster"
	resource.absent(input.resource, ["AutoMinorVersionUpgrade"])
}

is_replica if resource.given(input.resource, ["SourceDBInstanceIdentifier"])

is_replica if resource.given(input.resource, ["SourceDBClusterIdentifier"])
