# METADATA
# title: Instance metadata service requires session tokens (IMDSv2)
# description: >-
#   Version 1 of the instance metadata service hands the credentials of the instance's role to any request that
#   a web application can be tricked into. Version 2 asks for a session token. An absent value depends on the
#   image and the account, and fails. What an instance takes from a launch template of the template is judged on
#   the launch template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#   - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
# custom:
#   id: SRM-EC2-008
#   severity: high
#   responsibility: os-security
#   service: ec2
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::Instance:
#       [MetadataOptions.HttpTokens, MetadataOptions.HttpEndpoint, LaunchTemplate.LaunchTemplateId,
#        LaunchTemplate.LaunchTemplateName]
#     AWS::EC2::LaunchTemplate:
#       [LaunchTemplateData.MetadataOptions.HttpTokens, LaunchTemplateData.MetadataOptions.HttpEndpoint]
#     AWS::AutoScaling::LaunchConfiguration: [MetadataOptions.HttpTokens, MetadataOptions.HttpEndpoint]
#   related:
#     launch_template:
#       type: [AWS::EC2::LaunchTemplate]
#       via: [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
#       of: [AWS::EC2::Instance]
#       reads: [LaunchTemplateData.MetadataOptions.HttpTokens, LaunchTemplateData.MetadataOptions.HttpEndpoint]
#     metadata_defaults: {type: [AWS::EC2::InstanceMetadataDefaults], declared: region, reads: [HttpTokens]}
#   remediation:
#     terraform: Set `http_tokens = "required"` in `metadata_options`.
#     cloudformation: Set `MetadataOptions.HttpTokens` to required.
#   frameworks:
#     fsbp: [EC2.8, EC2.170, AutoScaling.3]
#     cis_aws_5_0: ['5.7']
#     pci_dss_4_0: [8.2.8]
#     iso_27001_2022: [A.8.20, A.8.21, A.8.22]
#     soc2: [CC7.2]
#     nist_800_53_r5:
#       [AC-2(6), AC-3, AC-3(3), AC-3(3)(a), AC-3(3)(b), AC-3(3)(c), AC-3(4), AC-3(4)(a), AC-3(4)(b),
#        AC-3(4)(c), AC-3(4)(d), AC-3(4)(e), AC-3(7), AC-3(8), AC-3(12)(a), AC-3(13), AC-3(15), AC-3(15)(a),
#        AC-3(15)(b), AC-4(28), AC-6, CA-9(1), CM-2, CM-5(1)(a), SC-23(3), AC-24, MP-2]
#   equivalents:
#     checkov: [CKV_AWS_79]
#     trivy: [AVD-AWS-0028, AVD-AWS-0130]
#     terrascan: [AC_AWS_0479, AC_AWS_0487]
#     prowler:
#       [ec2_instance_imdsv2_enabled, ec2_launch_template_imdsv2_required,
#        autoscaling_group_launch_configuration_requires_imdsv2, ec2_instance_account_imdsv2_enabled]
#     config: [EC2_IMDSV2_CHECK, EC2_LAUNCH_TEMPLATE_IMDSV2_CHECK, AUTOSCALING_LAUNCHCONFIG_REQUIRES_IMDSV2]
#     steampipe: [ec2_instance_uses_imdsv2]
package srmcheck.ec2.imdsv2

import data.srmcheck.lib.finding
import data.srmcheck.lib.launch
import data.srmcheck.lib.resource

# what comes from a launch template of the template is judged there
not_applicable if {
	takes_tokens_from_template
	resource.absent(input.resource, endpoint)
}

not_applicable if {
	takes_tokens_from_template
	has_open_endpoint(input.resource, endpoint)
	not resource.is_unknown(template, template_endpoint)
	resource.option(template, template_endpoint) != "disabled"
}

deny contains finding.resting(
	tokens,
	"instance metadata service does not require session tokens (IMDSv2)",
	array.concat(laxness, exposure),
)

unknown contains finding.at(["LaunchTemplate"], "launch template, which may require session tokens, is elsewhere") if {
	takes_from_unseen_template
	resource.absent(input.resource, tokens)
	resource.option(input.resource, endpoint) != "disabled"
}

unknown contains finding.at(["LaunchTemplate"], "launch template, which may disable the endpoint, is elsewhere") if {
	takes_from_unseen_template
	laxness
	resource.absent(input.resource, endpoint)
}

settled contains [] if requires_tokens(input.resource, tokens)

settled contains [] if resource.option(input.resource, endpoint) == "disabled"

settled contains [] if {
	resource.absent(input.resource, tokens)
	resource.absent(input.resource, ["LaunchTemplate"])
	is_required_by_default
}

# What "tokens are not required" rests on.

laxness := [tokens] if {
	resource.given(input.resource, tokens)
	not requires_tokens(input.resource, tokens)
}

# absent depends on the image and the account
laxness := [tokens, ["LaunchTemplate"], ["@launch_template"], ["@metadata_defaults"]] if {
	resource.absent(input.resource, tokens)
	has_no_template
	not is_required_by_default
}

# the launch template passes by a disabled endpoint, which the instance enables
laxness := [tokens, ["LaunchTemplate"], ["@launch_template"], ["@metadata_defaults"]] if {
	takes_tokens_from_template
	has_open_endpoint(input.resource, endpoint)
	resource.option(template, template_endpoint) == "disabled"
	not requires_tokens(template, template_tokens)
	not is_required_by_default
}

# What "the endpoint is enabled" rests on: that is its default.

exposure := [endpoint] if has_open_endpoint(input.resource, endpoint)

exposure := [endpoint, ["LaunchTemplate"], ["@launch_template"]] if {
	resource.absent(input.resource, endpoint)
	has_no_template
}

exposure := [endpoint, ["LaunchTemplate"], array.concat(["@launch_template", 0], template_endpoint)] if {
	resource.absent(input.resource, endpoint)
	resource.option(template, template_endpoint) != "disabled"
}

requires_tokens(judged, path) if resource.option(judged, path) == "required"

has_open_endpoint(judged, path) if {
	resource.given(judged, path)
	resource.option(judged, path) != "disabled"
}

# never an explicit optional
is_required_by_default if {
	some setting in input.related.metadata_defaults
	requires_tokens(setting, ["HttpTokens"])
}

takes_tokens_from_template if {
	template
	not "launch_template" in input.open
	resource.absent(input.resource, tokens)
}

has_no_template if launch.has_no_template(input.resource, templates)

takes_from_unseen_template if launch.has_unseen_template(input.resource, templates)

templates := object.get(input.related, "launch_template", [])

template := input.related.launch_template[0]

options := ["LaunchTemplateData", "MetadataOptions"] if input.resource.type == "AWS::EC2::LaunchTemplate"

options := ["MetadataOptions"] if input.resource.type != "AWS::EC2::LaunchTemplate"

tokens := array.concat(options, ["HttpTokens"])

endpoint := array.concat(options, ["HttpEndpoint"])

template_tokens := ["LaunchTemplateData", "MetadataOptions", "HttpTokens"]

template_endpoint := ["LaunchTemplateData", "MetadataOptions", "HttpEndpoint"]
