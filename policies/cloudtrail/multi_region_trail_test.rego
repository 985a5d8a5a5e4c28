package srmcheck.cloudtrail.multi_region_trail_test

import data.srmcheck.cloudtrail.multi_region_trail as policy
import data.srmcheck.lib.documents

full := {"IsMultiRegionTrail": true, "IsLogging": true}

account(trails) := documents.stack({"AWS::CloudTrail::Trail": [documents.member("t", "AWS::CloudTrail::Trail", trail) |
	some trail in trails
]})

selecting(change) := account([object.union(full, change)])

test_fail_no_trail if {
	some finding in policy.deny_stack with input as account([])
	finding.address == null
	finding.message == "account has no trail"
}

test_pass if {
	every document in [
		account([full]),
		account([{"IsMultiRegionTrail": false, "IsLogging": true}, full]),
		selecting({"EventSelectors": [{}]}),
		selecting({"EventSelectors": [{"ReadWriteType": "ReadOnly"}, {"IncludeManagementEvents": true, "ReadWriteType": "All"}]}),
		selecting({"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]}),
		selecting({"AdvancedEventSelectors": [{"FieldSelectors": [
			{"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
			{"Field": "eventCategory", "Equals": ["Management"]},
		]}]}),
	] {
		count(policy.deny_stack) == 0 with input as document
		[] in policy.settled_stack with input as document
	}
}

reason(document) := finding.message if {
	some finding in policy.deny_stack with input as document
}

prefix := "account has no multi-Region trail that logs all management events: "

test_fail_one_region if {
	reason(account([{"IsLogging": true}])) == concat("", [prefix, "this one covers a single Region"])
	reason(account([object.union(full, {"IsMultiRegionTrail": false})])) == concat(
		"",
		[prefix, "this one covers a single Region"],
	)
}

test_fail_switched_off if {
	reason(account([object.union(full, {"IsLogging": false})])) == concat("", [prefix, "this one is switched off"])
	reason(account([{"IsMultiRegionTrail": true}])) == concat("", [prefix, "this one is switched off"])
}

test_fail_selectors if {
	every change in [
		{"EventSelectors": [{"IncludeManagementEvents": false}]},
		{"EventSelectors": [{"ReadWriteType": "WriteOnly"}]},
		{"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]},
		{"AdvancedEventSelectors": [{"FieldSelectors": [
			{"Field": "eventCategory", "Equals": ["Management"]},
			{"Field": "readOnly", "Equals": ["false"]},
		]}]},
	] {
		reason(selecting(change)) == concat("", [prefix, "this one leaves out management events"])
	}
}

test_fail_is_reported_on_each_trail if {
	document := documents.stack({"AWS::CloudTrail::Trail": [
		documents.member("a", "AWS::CloudTrail::Trail", {"IsLogging": true}),
		documents.member("b", "AWS::CloudTrail::Trail", {"IsMultiRegionTrail": true}),
	]})
	{[finding.address, finding.place] | some finding in policy.deny_stack} == {
		["a", ["IsMultiRegionTrail"]],
		["b", ["IsLogging"]],
	} with input as document
	policy.settled_stack == {["@AWS::CloudTrail::Trail", 0], ["@AWS::CloudTrail::Trail", 1]} with input as document
}

test_unknown_trail_is_not_settled if {
	one := object.union(documents.member("t", "AWS::CloudTrail::Trail", full), {"unknown": [["EventSelectors"]]})
	document := documents.stack({"AWS::CloudTrail::Trail": [one]})
	count(policy.deny_stack) == 0 with input as document
	count(policy.settled_stack) == 0 with input as document
}
