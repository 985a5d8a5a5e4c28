package srmcheck.rds.public_access_test

import data.srmcheck.lib.documents
import data.srmcheck.rds.public_access as policy

instance(properties) := documents.of("AWS::RDS::DBInstance", properties)

cluster(properties) := documents.of("AWS::RDS::DBCluster", properties)

verdict(document) := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

test_written if {
	verdict(instance({"PubliclyAccessible": true})) == "fail"
	verdict(instance({"PubliclyAccessible": true, "DBSubnetGroupName": "x", "Engine": "aurora-mysql"})) == "fail"
	verdict(instance({"PubliclyAccessible": false})) == "settled"
	verdict(cluster({"PubliclyAccessible": true})) == "fail"
	verdict(cluster({"PubliclyAccessible": false})) == "settled"
}

test_absent_instance if {
	verdict(instance({"Engine": "mysql"})) == "fail"
	verdict(instance({"Engine": "mysql", "DBSubnetGroupName": "default"})) == "fail"
	verdict(instance({"Engine": "mysql", "DBSubnetGroupName": ""})) == "fail"
	verdict(instance({"Engine": "mysql", "DBSubnetGroupName": "private"})) == "settled"
	verdict(instance({"Engine": "mysql", "DBSubnetGroupName": "⟦group#Ref⟧"})) == "settled"
	verdict(instance({"Engine": "aurora-postgresql"})) == "settled"
	verdict(instance({"Engine": "Aurora"})) == "settled"
	verdict(instance({"DBClusterIdentifier": "c"})) == "settled"
}

test_absent_cluster if {
	verdict(cluster({"Engine": "aurora-mysql"})) == "settled"
	verdict(cluster({"Engine": "mysql"})) == "fail"
	verdict(cluster({"Engine": "postgres", "DBClusterIdentifier": "c"})) == "fail"
	verdict(cluster({"Engine": "mysql", "DBSubnetGroupName": "private"})) == "settled"
}

test_unknown_replica_or_restore if {
	every source in [
		"SourceDBInstanceIdentifier", "SourceDBClusterIdentifier", "DBSnapshotIdentifier",
		"DBClusterSnapshotIdentifier", "SourceDbiResourceId", "SourceDBInstanceAutomatedBackupsArn",
	] {
		verdict(instance({source: "x"})) == "unknown"
		verdict(instance({source: "x", "Engine": "mysql"})) == "unknown"
		verdict(instance({source: "x", "DBSubnetGroupName": "private"})) == "settled"
	}
	every source in [
		"ReplicationSourceIdentifier", "SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId",
	] {
		verdict(cluster({source: "x", "Engine": "mysql"})) == "unknown"
		verdict(cluster({source: "x", "Engine": "aurora-mysql"})) == "settled"
		verdict(cluster({source: "x"})) == "unknown"
	}
}

test_unknown_absent_engine if {
	verdict(instance({})) == "unknown"
	verdict(cluster({})) == "unknown"
	verdict(cluster({"DBSubnetGroupName": "private"})) == "settled"
}

test_unknown_values_are_not_absent if {
	verdict(documents.unknown_at(instance({"Engine": "mysql"}), [["PubliclyAccessible"]])) == "pass"
	verdict(documents.unknown_at(instance({}), [["Engine"]])) == "pass"
}

test_fail_rests_on_all_that_could_make_it_private if {
	some finding in policy.deny with input as instance({"Engine": "mysql"})
	every path in [["DBSubnetGroupName"], ["DBClusterIdentifier"], ["Engine"], ["DBSnapshotIdentifier"]] {
		path in finding.paths
	}
}
