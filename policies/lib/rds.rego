# Databases of Amazon RDS. Words: docs/verdicts.md, "Databases".
package srmcheck.lib.rds

import data.srmcheck.lib.resource

# The paths that name what a database is made from.
sources(database) := [
	["SourceDBInstanceIdentifier"],
	["SourceDBClusterIdentifier"],
	["DBSnapshotIdentifier"],
	["DBClusterSnapshotIdentifier"],
	["SourceDbiResourceId"],
	["SourceDBInstanceAutomatedBackupsArn"],
] if {
	database.type == "AWS::RDS::DBInstance"
} else := [
	["ReplicationSourceIdentifier"],
	["SnapshotIdentifier"],
	["SourceDBClusterIdentifier"],
	["SourceDbClusterResourceId"],
]

# A replica or restore: it takes what it does not say from the database that it is made from.
is_copy(database) if {
	some source in sources(database)
	resource.given(database, source)
}

# The engine is Aurora's, also by its retired name.
is_aurora(database) if startswith(resource.option(database, ["Engine"]), "aurora")

# An instance of a cluster.
is_cluster_member(database) if {
	database.type == "AWS::RDS::DBInstance" # a cluster's own DBClusterIdentifier is its name
	resource.given(database, ["DBClusterIdentifier"])
}

is_cluster_member(database) if {
	database.type == "AWS::RDS::DBInstance"
	is_aurora(database)
}
