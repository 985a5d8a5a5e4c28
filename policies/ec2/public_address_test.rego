package srmcheck.ec2.public_address_test

import data.srmcheck.ec2.public_address as policy
import data.srmcheck.lib.documents

public := documents.member("public", "AWS::EC2::Subnet", {"MapPublicIpOnLaunch": true})

private := documents.member("private", "AWS::EC2::Subnet", {})

instance(properties) := object.union(
	documents.of("AWS::EC2::Instance", properties),
	{"related": {"subnets": [private, public], "launch_template": [], "addresses": [], "interface_addresses": []}},
)

template(interfaces) := documents.related_to(
	documents.of("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"NetworkInterfaces": interfaces}}),
	"subnets",
	[private, public],
)

configuration(properties) := documents.of("AWS::AutoScaling::LaunchConfiguration", properties)

launched(document, templates) := object.union(document, {
	"resource": {"properties": {"LaunchTemplate": {"LaunchTemplateId": "⟦lt#Ref⟧"}}},
	"related": {"launch_template": [documents.member(
		"lt",
		"AWS::EC2::LaunchTemplate",
		{"LaunchTemplateData": {"NetworkInterfaces": interfaces}},
	) |
		some interfaces in templates
	]},
})

addressed(document, relation) := object.union(
	document,
	{"related": {relation: [documents.member("eip", "AWS::EC2::EIPAssociation", {})]}},
)

verdict(document) := "none" if {
	policy.not_applicable with input as document
} else := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

asks := {"AssociatePublicIpAddress": true}

refuses := {"AssociatePublicIpAddress": false}

existing := {"NetworkInterfaceId": "⟦interface#Ref⟧"}

test_instance_by_its_interfaces if {
	verdict(instance({"NetworkInterfaces": [asks]})) == "fail"
	verdict(instance({"NetworkInterfaces": [refuses, asks]})) == "fail"
	verdict(instance({"NetworkInterfaces": [refuses], "SubnetId": "⟦public#Ref⟧"})) == "pass"
	verdict(instance({"NetworkInterfaces": [existing], "SubnetId": "⟦public#Ref⟧"})) == "pass"
	verdict(instance({"NetworkInterfaces": [object.union(existing, asks)]})) == "pass"
	verdict(instance({"NetworkInterfaces": [{"SubnetId": "⟦public#Ref⟧"}]})) == "fail"
	verdict(instance({"NetworkInterfaces": [{"SubnetId": "⟦private#Ref⟧"}]})) == "pass"
	verdict(instance({"NetworkInterfaces": [{}], "SubnetId": "⟦public#Ref⟧"})) == "fail"
	verdict(instance({"NetworkInterfaces": [{"SubnetId": "subnet-1"}]})) == "unknown"
}

test_instance_by_its_subnet if {
	verdict(instance({"SubnetId": "⟦public#Ref⟧"})) == "fail"
	verdict(instance({"SubnetId": "⟦private#Ref⟧"})) == "pass"
	verdict(instance({"SubnetId": "subnet-1"})) == "unknown"
	verdict(instance({})) == "unknown"
	some finding in policy.deny with input as instance({"SubnetId": "⟦public#Ref⟧"})
	finding.place == ["SubnetId"]
	every path in [["NetworkInterfaces", 0], ["@launch_template"], ["@subnets", 1, "MapPublicIpOnLaunch"]] {
		path in finding.paths
	}
}

test_elastic_ip if {
	every relation in ["addresses", "interface_addresses"] {
		verdict(addressed(instance({"NetworkInterfaces": [refuses]}), relation)) == "fail"
	}
	some finding in policy.deny with input as addressed(instance({"NetworkInterfaces": [existing]}), "addresses")
	finding == {"place": ["@addresses", 0], "message": "Elastic IP is associated with the instance", "paths": []}
}

test_launch_template if {
	verdict(template([asks])) == "fail"
	verdict(template([refuses])) == "pass"
	verdict(template([{"SubnetId": "⟦public#Ref⟧"}])) == "fail"
	verdict(template([{"SubnetId": "⟦private#Ref⟧"}])) == "pass"
	verdict(template([{}])) == "unknown"
	verdict(template([])) == "unknown"
	verdict(template([existing])) == "pass"
}

test_launch_configuration if {
	verdict(configuration(asks)) == "fail"
	verdict(configuration(refuses)) == "settled"
	verdict(configuration({})) == "unknown"
}

test_value_from_a_launch_template if {
	verdict(launched(instance({"SubnetId": "⟦public#Ref⟧"}), [[asks]])) == "none"
	verdict(launched(instance({"SubnetId": "⟦public#Ref⟧"}), [[]])) == "fail"
	verdict(launched(instance({"SubnetId": "⟦public#Ref⟧"}), [])) == "unknown"
	verdict(launched(instance({"NetworkInterfaces": [refuses]}), [])) == "pass"
	verdict(launched(instance({"NetworkInterfaces": [asks]}), [[refuses]])) == "fail"
	verdict(addressed(launched(instance({}), [[refuses]]), "addresses")) == "fail"
	verdict(documents.open_to(launched(instance({}), [[refuses]]), ["addresses"])) == "pass"
	verdict(object.union(launched(instance({}), [[{}]]), {"related": {"launch_template": [unsure]}})) == "pass"
	verdict(documents.open_to(launched(instance({}), [[refuses]]), ["launch_template"])) == "pass"
}

unsure := {
	"address": "lt",
	"properties": {"LaunchTemplateData": {"NetworkInterfaces": [{}]}},
	"unknown": [["LaunchTemplateData", "NetworkInterfaces", 0, "AssociatePublicIpAddress"]],
}

test_settled if {
	every interface in [refuses, existing] {
		document := instance({"NetworkInterfaces": [interface]})
		every path in [["NetworkInterfaces", 0], ["SubnetId"], ["@subnets"], ["LaunchTemplate"], ["@launch_template"]] {
			path in policy.settled with input as document
		}
	}
	left := instance({"NetworkInterfaces": [{}], "SubnetId": "⟦public#Ref⟧"})
	policy.settled == {["LaunchTemplate"], ["@launch_template"]} with input as left
	policy.settled == set() with input as instance({"SubnetId": "⟦public#Ref⟧"})
}
