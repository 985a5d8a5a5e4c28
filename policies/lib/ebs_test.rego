package srmcheck.lib.ebs_test

import data.srmcheck.lib.ebs

volume(properties) := {"properties": {"Ebs": properties}, "unknown": []}

later(properties, unknown) := {"properties": {"Ebs": properties}, "unknown": [["Ebs", unknown]]}

test_leaves if {
	ebs.leaves([]) == [["Encrypted"], ["KmsKeyId"], ["SnapshotId"]]
	ebs.leaves(["Ebs"]) == [["Ebs", "Encrypted"], ["Ebs", "KmsKeyId"], ["Ebs", "SnapshotId"]]
}

test_fault if {
	ebs.fault(volume({"Encrypted": false}), ["Ebs"]) == "is not encrypted"
	ebs.fault(volume({"Encrypted": false, "KmsKeyId": "k", "SnapshotId": "s"}), ["Ebs"]) == "is not encrypted"
	ebs.fault(volume({}), ["Ebs"]) == "does not say that it is encrypted"
	not ebs.fault(volume({"Encrypted": true}), ["Ebs"])
	not ebs.fault(volume({"KmsKeyId": "k"}), ["Ebs"])
	not ebs.fault(volume({"SnapshotId": "s"}), ["Ebs"])
	not ebs.fault(volume({"SnapshotId": "s", "Encrypted": false}), ["Ebs"])
	not ebs.fault(later({}, "Encrypted"), ["Ebs"])
}

test_keeps_encryption if {
	ebs.keeps_encryption(volume({"SnapshotId": "s"}), ["Ebs"])
	ebs.keeps_encryption(volume({"SnapshotId": "s", "Encrypted": false}), ["Ebs"])
	not ebs.keeps_encryption(volume({"SnapshotId": "s", "Encrypted": true}), ["Ebs"])
	not ebs.keeps_encryption(volume({"SnapshotId": "s", "KmsKeyId": "k"}), ["Ebs"])
	not ebs.keeps_encryption(volume({}), ["Ebs"])
}

test_is_encrypted if {
	ebs.is_encrypted(volume({"Encrypted": true}), ["Ebs"])
	ebs.is_encrypted(volume({"KmsKeyId": "k"}), ["Ebs"])
	not ebs.is_encrypted(later({"KmsKeyId": "k"}, "Encrypted"), ["Ebs"])
	not ebs.is_encrypted(volume({"KmsKeyId": "k", "Encrypted": false}), ["Ebs"])
	not ebs.is_encrypted(volume({}), ["Ebs"])
}

setting(properties) := {"properties": properties, "unknown": []}

test_settings if {
	ebs.is_on_by_default([setting({"Enabled": false}), setting({"Enabled": true})])
	not ebs.is_on_by_default([setting({"Enabled": false}), setting({})])
	not ebs.is_on_by_default([])
	ebs.idle_settings([setting({}), setting({"Enabled": false}), setting({"Enabled": true})]) == {1}
}
