package srmcheck.rds.instance_encryption_test

import data.srmcheck.lib.documents
import data.srmcheck.rds.instance_encryption as policy

instance(properties) := documents.of("AWS::RDS::DBInstance", properties)

verdict(document) := "none" if {
	policy.not_applicable with input as document
} else := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

test_pass if {
	verdict(instance({"Engine": "mysql", "StorageEncrypted": true})) == "settled"
	verdict(instance({"StorageEncrypted": true})) == "settled"
	verdict(instance({"DBSnapshotIdentifier": "x", "StorageEncrypted": true})) == "settled"
}

test_fail if {
	verdict(instance({"Engine": "mysql", "StorageEncrypted": false})) == "fail"
	verdict(instance({"Engine": "mysql"})) == "fail"
	verdict(instance({"Engine": "mysql", "DBClusterIdentifier": "", "DBSnapshotIdentifier": ""})) == "fail"
}

test_none_for_cluster_members if {
	verdict(instance({"DBClusterIdentifier": "shop"})) == "none"
	verdict(instance({"Engine": "aurora-mysql", "StorageEncrypted": false})) == "none"
}

test_unknown_replica_or_restore if {
	verdict(instance({"SourceDBInstanceIdentifier": "shop"})) == "unknown"
	verdict(instance({"Engine": "mysql", "DBSnapshotIdentifier": "x", "StorageEncrypted": false})) == "unknown"
}

test_unknown_absent_engine if {
	some finding in policy.unknown with input as instance({"StorageEncrypted": false})
	finding.place == ["Engine"]
}

test_fail_rests_on_all_that_could_excuse_it if {
	some finding in policy.deny with input as instance({"Engine": "mysql"})
	every path in [["StorageEncrypted"], ["DBClusterIdentifier"], ["Engine"], ["SourceDbiResourceId"]] {
		path in finding.paths
	}
}
