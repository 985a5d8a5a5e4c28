package srmcheck.ec2.volume_encryption_test

import data.srmcheck.ec2.volume_encryption as policy
import data.srmcheck.lib.documents

with_setting(properties, settings) := documents.related_to(
	documents.of("AWS::EC2::Volume", properties),
	"encryption_by_default",
	[documents.member("d", "AWS::EC2::EbsEncryptionByDefault", {"Enabled": setting}) | some setting in settings],
)

volume(properties) := with_setting(properties, [])

verdict(document) := found if {
	found := [count(policy.deny), count(policy.unknown), [] in policy.settled] with input as document
}

test_pass_encrypted if {
	verdict(volume({"Encrypted": true})) == [0, 0, true]
	verdict(volume({"Encrypted": true, "SnapshotId": "snap-1"})) == [0, 0, true]
}

test_pass_key if {
	verdict(volume({"KmsKeyId": "alias/x"})) == [0, 0, true]
	verdict(volume({"KmsKeyId": "alias/x", "SnapshotId": "snap-1"})) == [0, 0, true]
}

test_fail_false if verdict(volume({"Encrypted": false})) == [1, 0, false]

test_fail_false_with_a_key if {
	verdict(volume({"Encrypted": false, "KmsKeyId": "alias/x"})) == [1, 0, false]
	verdict(volume({"Encrypted": false, "KmsKeyId": "alias/x", "SnapshotId": "snap-1"})) == [1, 0, false]
}

test_fail_absent if {
	verdict(volume({})) == [1, 0, false]
	verdict(volume({"KmsKeyId": ""})) == [1, 0, false]
}

test_unknown_from_snapshot if {
	verdict(volume({"SnapshotId": "snap-1"})) == [0, 1, false]
	verdict(volume({"SnapshotId": "snap-1", "Encrypted": false})) == [0, 1, false]
}

test_pass_by_default if {
	verdict(with_setting({}, [true])) == [0, 0, true]
	verdict(with_setting({"Encrypted": false}, [true])) == [0, 0, true]
	verdict(with_setting({"SnapshotId": "snap-1"}, [true])) == [0, 0, true]
}

test_fail_default_switched_off if verdict(with_setting({}, [false])) == [1, 0, false]

test_unknown_is_not_absent if {
	verdict(documents.unknown_at(volume({}), [["Encrypted"]])) == [0, 0, false]
	verdict(documents.unknown_at(volume({"KmsKeyId": "alias/x"}), [["Encrypted"]])) == [0, 0, false]
}

test_fail_rests_on_what_could_clear_it if {
	some finding in policy.deny with input as volume({})
	finding.paths == [["Encrypted"], ["KmsKeyId"], ["SnapshotId"], ["@encryption_by_default"]]
}
