package srmcheck.rds.minor_upgrades_test

import data.srmcheck.lib.documents
import data.srmcheck.rds.minor_upgrades as policy

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
	verdict(instance({"AutoMinorVersionUpgrade": true})) == "settled"
	verdict(instance({"AutoMinorVersionUpgrade": false})) == "fail"
	verdict(cluster({"AutoMinorVersionUpgrade": true})) == "settled"
	verdict(cluster({"AutoMinorVersionUpgrade": false})) == "fail"
}

test_absent_is_true if {
	verdict(instance({})) == "pass"
	verdict(instance({"SourceDBInstanceIdentifier": ""})) == "pass"
	verdict(cluster({})) == "settled"
}

test_unknown_replica if {
	verdict(instance({"SourceDBInstanceIdentifier": "shop"})) == "unknown"
	verdict(instance({"SourceDBClusterIdentifier": "shop"})) == "unknown"
	verdict(instance({"SourceDBInstanceIdentifier": "shop", "AutoMinorVersionUpgrade": true})) == "settled"
	verdict(instance({"SourceDBInstanceIdentifier": "shop", "AutoMinorVersionUpgrade": false})) == "fail"
}

test_unknown_values_are_not_absent if {
	verdict(documents.unknown_at(cluster({}), [["AutoMinorVersionUpgrade"]])) == "pass"
}
