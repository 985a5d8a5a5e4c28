package srmcheck.inspector.scanning_enabled_test

import data.srmcheck.inspector.scanning_enabled as policy
import data.srmcheck.lib.documents

account(enablers, organizations) := documents.stack({
	"AWS::InspectorV2::Enabler": [one |
		some types in enablers
		one := documents.member("e", "AWS::InspectorV2::Enabler", {"ResourceTypes": types})
	],
	"AWS::InspectorV2::OrganizationConfiguration": [one |
		some switches in organizations
		one := documents.member("o", "AWS::InspectorV2::OrganizationConfiguration", {"AutoEnable": switches})
	],
})

test_pass if {
	every document in [
		account([["EC2", "ECR"]], []),
		account([["EC2"], ["LAMBDA", "ECR"]], []),
		account([], [{"Ec2": true, "Ecr": true}]),
		account([["ECR"]], [{"Ec2": true, "Ecr": false}]),
	] {
		count(policy.deny_stack) == 0 with input as document
		[] in policy.settled_stack with input as document
	}
}

message(document) := finding.message if {
	some finding in policy.deny_stack with input as document
	finding.address == null
	count(finding.paths) == 2
}

test_fail_both if {
	every document in [account([], []), account([["LAMBDA"]], [{"Ec2": false, "Ecr": false}]), account([[]], [{}])] {
		message(document) == "account does not enable Amazon Inspector for EC2 instances and ECR images"
		count(policy.settled_stack) == 0 with input as document
	}
}

test_fail_one if {
	message(account([["ECR"]], [])) == "account does not enable Amazon Inspector for EC2 instances"
	message(account([], [{"Ec2": true, "Ecr": false}])) == "account does not enable Amazon Inspector for ECR images"
}

test_what_one_scans_is_settled_in_the_others if {
	policy.settled_stack == {["@AWS::InspectorV2::OrganizationConfiguration", 0, "AutoEnable", "Ecr"]} with input as account(
		[["ECR"]],
		[{"Ec2": false}],
	)
}
