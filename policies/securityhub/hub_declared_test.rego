package srmcheck.securityhub.hub_declared_test

import data.srmcheck.lib.documents
import data.srmcheck.securityhub.hub_declared as policy

account(hubs, newer) := documents.stack({
	"AWS::SecurityHub::Hub": [documents.member(name, "AWS::SecurityHub::Hub", {}) | some name in hubs],
	"AWS::SecurityHub::HubV2": [documents.member(name, "AWS::SecurityHub::HubV2", {}) | some name in newer],
})

test_pass if {
	every document in [account(["h"], []), account([], ["n"]), account(["h"], ["n"])] {
		count(policy.deny_stack) == 0 with input as document
		policy.settled_stack == {[]} with input as document
	}
}

test_fail_none if {
	some finding in policy.deny_stack with input as account([], [])
	finding.address == null
	finding.message == "account does not enable Security Hub"
	finding.paths == [["@AWS::SecurityHub::Hub"], ["@AWS::SecurityHub::HubV2"]]
	count(policy.settled_stack) == 0 with input as account([], [])
}
