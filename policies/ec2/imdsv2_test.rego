package srmcheck.ec2.imdsv2_test

import data.srmcheck.ec2.imdsv2 as policy
import data.srmcheck.lib.documents

options(tokens, endpoint) := {"MetadataOptions": object.filter(
	{"HttpTokens": tokens, "HttpEndpoint": endpoint},
	[key |
		some key, value in {"HttpTokens": tokens, "HttpEndpoint": endpoint}
		value != ""
	],
)}

relate(document, templates, defaults) := documents.related_to(
	documents.related_to(document, "launch_template", [documents.member(
		"lt",
		"AWS::EC2::LaunchTemplate",
		{"LaunchTemplateData": template},
	) |
		some template in templates
	]),
	"metadata_defaults",
	[documents.member("d", "AWS::EC2::InstanceMetadataDefaults", {"HttpTokens": one}) | some one in defaults],
)

# an instance without a launch template
alone(tokens, endpoint) := relate(documents.of("AWS::EC2::Instance", options(tokens, endpoint)), [], [])

# an instance with a launch template, which is in the template where `templates` holds it
launched(tokens, endpoint, templates) := relate(
	documents.of(
		"AWS::EC2::Instance",
		object.union(options(tokens, endpoint), {"LaunchTemplate": {"LaunchTemplateId": "⟦lt#Ref⟧"}}),
	),
	templates,
	[],
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

test_alone if {
	verdict(alone("required", "")) == "settled"
	verdict(alone("Required", "enabled")) == "settled"
	verdict(alone("optional", "disabled")) == "settled"
	verdict(alone("", "disabled")) == "settled"
	verdict(alone("optional", "")) == "fail"
	verdict(alone("optional", "enabled")) == "fail"
	verdict(alone("", "")) == "fail"
	verdict(alone("", "enabled")) == "fail"
	verdict(relate(documents.of("AWS::EC2::Instance", {}), [], [])) == "fail"
}

test_launch_template_and_configuration if {
	template := {"LaunchTemplateData": options("required", "")}
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", template), [], [])) == "settled"
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {}}), [], [])) == "fail"
	off := {"LaunchTemplateData": options("", "disabled")}
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", off), [], [])) == "settled"
	configuration := documents.of("AWS::AutoScaling::LaunchConfiguration", options("required", ""))
	verdict(relate(configuration, [], [])) == "settled"
	verdict(relate(documents.of("AWS::AutoScaling::LaunchConfiguration", {}), [], [])) == "fail"
}

test_account_default_passes_absent_only if {
	verdict(relate(alone("", ""), [], ["required"])) == "settled"
	verdict(relate(alone("", ""), [], ["no-preference"])) == "fail"
	verdict(relate(alone("optional", ""), [], ["required"])) == "fail"
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", {}), [], ["required"])) == "settled"
}

test_what_the_launch_template_sets_is_judged_there if {
	verdict(launched("", "", [options("optional", "")])) == "none"
	verdict(launched("", "", [options("required", "")])) == "none"
	verdict(launched("", "enabled", [options("optional", "")])) == "none"
	verdict(launched("", "disabled", [options("optional", "")])) == "settled"
}

test_own_values_beat_the_launch_template if {
	verdict(launched("required", "", [options("optional", "")])) == "settled"
	verdict(launched("optional", "", [options("required", "")])) == "fail"
	verdict(launched("optional", "enabled", [options("required", "disabled")])) == "fail"
	verdict(launched("optional", "", [options("required", "disabled")])) == "pass"
}

test_instance_enables_the_endpoint_of_its_launch_template if {
	verdict(launched("", "enabled", [options("optional", "disabled")])) == "fail"
	verdict(launched("", "enabled", [options("required", "disabled")])) == "pass"
	verdict(relate(launched("", "enabled", []), [options("", "disabled")], ["required"])) == "pass"
}

test_unknown_launch_template_elsewhere if {
	verdict(launched("", "", [])) == "unknown"
	verdict(launched("", "enabled", [])) == "unknown"
	verdict(launched("optional", "", [])) == "unknown"
	verdict(launched("optional", "enabled", [])) == "fail"
	verdict(launched("required", "", [])) == "settled"
}

test_none_only_where_the_relation_is_known if {
	verdict(documents.open_to(launched("", "", [options("optional", "")]), ["launch_template"])) == "pass"
}

test_unknown_values_are_not_absent if {
	tokens := [["MetadataOptions", "HttpTokens"]]
	verdict(documents.unknown_at(alone("", ""), tokens)) == "pass"
	verdict(documents.unknown_at(alone("optional", ""), [["MetadataOptions", "HttpEndpoint"]])) == "pass"
}

test_fail_rests_on_the_launch_template if {
	some finding in policy.deny with input as launched("optional", "", [options("", "")])
	["@launch_template", 0, "LaunchTemplateData", "MetadataOptions", "HttpEndpoint"] in finding.paths
}
