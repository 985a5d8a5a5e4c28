package srmcheck.lambda.supported_runtime_test

import data.srmcheck.lambda.supported_runtime as policy
import data.srmcheck.lib.documents

runtimes := {"date": "2030-06-01", "deprecation": {
	"old1.x": "2030-05-31",
	"today1.x": "2030-06-01",
	"new1.x": "2030-06-02",
}}

function(properties) := documents.of("AWS::Lambda::Function", properties)

rules(properties) := found if {
	found := [count(policy.deny), count(policy.unknown), count(policy.settled)] with input as function(properties)
		with data.srmcheck.data.lambda_runtimes as runtimes
}

test_fail_deprecated if {
	rules({"Runtime": "old1.x"}) == [1, 0, 0]
	rules({"Runtime": "today1.x"}) == [1, 0, 0]
}

test_pass_supported if rules({"Runtime": "new1.x"}) == [0, 0, 1]

test_unknown_name if {
	rules({"Runtime": "new1"}) == [0, 1, 0]
	rules({"Runtime": "NEW1.x"}) == [0, 1, 0]
}

test_message if {
	some finding in policy.deny with input as function({"Runtime": "old1.x"})
		with data.srmcheck.data.lambda_runtimes as runtimes
	finding.message == "runtime old1.x is deprecated since 2030-05-31"
}

test_none if {
	policy.not_applicable with input as function({})
	policy.not_applicable with input as function({"PackageType": "Image", "Runtime": "old1.x"})
	not policy.not_applicable with input as function({"PackageType": "Zip", "Runtime": "old1.x"})
	not policy.not_applicable with input as documents.unknown_at(function({}), [["Runtime"]])
}

# the real list

test_real_dates if {
	data.srmcheck.data.lambda_runtimes.deprecation["nodejs18.x"] == "2025-09-01"
	every date in data.srmcheck.data.lambda_runtimes.deprecation {
		regex.match(`^20[0-9]{2}-[0-1][0-9]-[0-3][0-9]$`, date)
	}
	regex.match(`^20[0-9]{2}-[0-1][0-9]-[0-3][0-9]$`, data.srmcheck.data.lambda_runtimes.date)
}
