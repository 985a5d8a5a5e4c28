package srmcheck.kms.key_rotation_test

import data.srmcheck.kms.key_rotation as policy
import data.srmcheck.lib.documents

key(properties) := documents.of("AWS::KMS::Key", properties)

test_pass if {
	count(policy.deny) == 0 with input as key({"EnableKeyRotation": true})
	policy.settled == {[]} with input as key({"EnableKeyRotation": true})
}

test_fail_off if count(policy.deny) == 1 with input as key({"EnableKeyRotation": false})

test_fail_absent if {
	some finding in policy.deny with input as key({})
	finding.place == ["EnableKeyRotation"]
	finding.paths == [["EnableKeyRotation"], ["KeySpec"], ["KeyUsage"], ["Origin"]]
	not policy.not_applicable with input as key({})
	count(policy.settled) == 0 with input as key({})
}

test_fail_symmetric_in_any_spelling if {
	document := key({"KeySpec": "symmetric_default", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS"})
	count(policy.deny) == 1 with input as document
	not policy.not_applicable with input as document
}

test_none_cannot_rotate if {
	every properties in [
		{"KeySpec": "RSA_2048"},
		{"KeySpec": "HMAC_256"},
		{"KeyUsage": "SIGN_VERIFY"},
		{"Origin": "EXTERNAL"},
		{"Origin": "AWS_CLOUDHSM"},
	] {
		policy.not_applicable with input as key(properties)
	}
}
