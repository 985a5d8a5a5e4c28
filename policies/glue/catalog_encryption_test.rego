package srmcheck.glue.catalog_encryption_test

import data.srmcheck.glue.catalog_encryption as policy
import data.srmcheck.lib.documents

settings(parts) := documents.of(
	"AWS::Glue::DataCatalogEncryptionSettings",
	{"DataCatalogEncryptionSettings": parts},
)

encrypted(mode) := {"EncryptionAtRest": {"CatalogEncryptionMode": mode}}

passwords(on) := {"ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": on}}

places(document) := {finding.place | some finding in found} if {
	found := policy.deny with input as document
}

test_pass if {
	every mode in ["SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE", "sse-kms"] {
		places(settings(object.union(encrypted(mode), passwords(true)))) == set()
	}
}

test_fail_each_apart if {
	places(settings(object.union(encrypted("DISABLED"), passwords(true)))) == {policy.mode}
	places(settings(object.union(encrypted("SSE-KMS"), passwords(false)))) == {policy.passwords}
	places(settings(encrypted("SSE-KMS"))) == {policy.passwords}
	places(settings(passwords(true))) == {policy.mode}
}

test_fail_absent if places(settings({})) == {policy.mode, policy.passwords}
