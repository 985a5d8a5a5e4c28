package srmcheck.lib.rds_test

import data.srmcheck.lib.rds

instance(properties) := {"type": "AWS::RDS::DBInstance", "properties": properties, "unknown": []}

cluster(properties) := {"type": "AWS::RDS::DBCluster", "properties": properties, "unknown": []}

test_is_copy if {
	every source in [
		"SourceDBInstanceIdentifier",
		"SourceDBClusterIdentifier",
		"DBSnapshotIdentifier",
		"DBClusterSnapshotIdentifier",
		"SourceDbiResourceId",
		"SourceDBInstanceAutomatedBackupsArn",
	] {
		rds.is_copy(instance({source: "x"}))
		not rds.is_copy(instance({source: ""}))
	}
	every source in [
		"ReplicationSourceIdentifier",
		"SnapshotIdentifier",
		"SourceDBClusterIdentifier",
		"SourceDbClusterResourceId",
	] {
		rds.is_copy(cluster({source: "x"}))
	}
	not rds.is_copy(instance({"SnapshotIdentifier": "x"}))
	not rds.is_copy(cluster({"DBSnapshotIdentifier": "x"}))
}

test_is_cluster_member if {
	rds.is_cluster_member(instance({"DBClusterIdentifier": "shop"}))
	rds.is_cluster_member(instance({"Engine": "aurora"}))
	rds.is_cluster_member(instance({"Engine": "Aurora-PostgreSQL"}))
	not rds.is_cluster_member(instance({"Engine": "mysql", "DBClusterIdentifier": ""}))
	not rds.is_cluster_member(cluster({"DBClusterIdentifier": "shop"}))
	not rds.is_cluster_member(cluster({"Engine": "aurora-mysql"}))
}

test_is_aurora if {
	rds.is_aurora(cluster({"Engine": "aurora-mysql"}))
	not rds.is_aurora(cluster({"Engine": "postgres"}))
	not rds.is_aurora(instance({}))
}
