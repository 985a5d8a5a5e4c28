package srmcheck.guardduty.detector_declared_test

import data.srmcheck.guardduty.detector_declared as policy
import data.srmcheck.lib.documents

account(detectors, organizations) := documents.stack({
	"AWS::GuardDuty::Detector": [documents.member(name, "AWS::GuardDuty::Detector", {}) | some name in detectors],
	"AWS::GuardDuty::OrganizationConfiguration": [one |
		some organization in organizations
		one := documents.member("o", "AWS::GuardDuty::OrganizationConfiguration", organization)
	],
})

test_pass if {
	every document in [
		account(["d"], []),
		account(["d"], [{"AutoEnableOrganizationMembers": "NONE"}]),
		account([], [{"AutoEnableOrganizationMembers": "ALL"}]),
		account([], [{"AutoEnableOrganizationMembers": "NEW"}]),
		account([], [{"AutoEnable": false}, {"AutoEnable": true}]),
	] {
		count(policy.deny_stack) == 0 with input as document
		policy.settled_stack == {[]} with input as document
	}
}

test_fail if {
	every document in [
		account([], []),
		account([], [{}]),
		account([], [{"AutoEnableOrganizationMembers": "NONE", "AutoEnable": false}]),
	] {
		some finding in policy.deny_stack with input as document
		finding.address == null
		finding.message == "account has no GuardDuty detector"
		count(finding.paths) == 2
		count(policy.settled_stack) == 0 with input as document
	}
}
