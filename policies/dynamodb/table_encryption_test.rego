package srmcheck.dynamodb.table_encryption_test

import data.srmcheck.dynamodb.table_encryption as policy
import data.srmcheck.lib.documents

table(specification) := documents.of("AWS::DynamoDB::Table", {"SSESpecification": specification})

test_pass if count(policy.deny) == 0 with input as table({"SSEEnabled": true})

test_fail if {
	some finding in policy.deny with input as table({"SSEEnabled": false})
	finding.place == ["SSESpecification", "SSEEnabled"]
}

test_fail_absent if {
	count(policy.deny) == 1 with input as table({})
	count(policy.deny) == 1 with input as documents.of("AWS::DynamoDB::GlobalTable", {})
}
