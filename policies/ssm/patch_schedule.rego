# METADATA
# title: Instances are covered by a patch schedule
# description: >-
#   Most break-ins use holes that a patch has closed long ago. State Manager or a maintenance window has to run
#   AWS-RunPatchBaseline on the instances, chosen by id or by tag; a patch baseline alone patches nothing. What
#   Quick Setup or another stack does is not visible here: set patched_elsewhere where it does.
# related_resources:
#   - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager.html
#   - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-ssm-documents.html
#   - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html
# custom:
#   id: SRM-SSM-004
#   severity: high
#   responsibility: os-security
#   service: ssm
#   since: 0.1.0
#   profile: default
#   scope: account
#   types:
#     AWS::EC2::Instance: ['Tags[].Key', 'Tags[].Value']
#     AWS::AutoScaling::AutoScalingGroup:
#       ['Tags[].Key', 'Tags[].Value', 'Tags[].PropagateAtLaunch', AutoScalingGroupName]
#   related:
#     patch_associations:
#       type: [AWS::SSM::Association]
#       declared: region
#       reads: [Name, 'Targets[].Key', 'Targets[].Values[]', InstanceId]
#     patch_tasks:
#       type: [AWS::SSM::MaintenanceWindowTask]
#       declared: region
#       reads: [TaskArn, 'Targets[].Key', 'Targets[].Values[]']
#     window_targets:
#       type: [AWS::SSM::MaintenanceWindowTarget]
#       declared: region
#       reads: ['Targets[].Key', 'Targets[].Values[]']
#     launch_template:
#       type: [AWS::EC2::LaunchTemplate]
#       via: [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
#       of: [AWS::EC2::Instance]
#       reads:
#         ['LaunchTemplateData.TagSpecifications[].ResourceType', 'LaunchTemplateData.TagSpecifications[].Tags[].Key',
#          'LaunchTemplateData.TagSpecifications[].Tags[].Value']
#     group_launch_templates:
#       type: [AWS::EC2::LaunchTemplate]
#       via:
#         [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName,
#          MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId,
#          MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName,
#          'MixedInstancesPolicy.LaunchTemplate.Overrides[].LaunchTemplateSpecification.LaunchTemplateId',
#          'MixedInstancesPolicy.LaunchTemplate.Overrides[].LaunchTemplateSpecification.LaunchTemplateName']
#       of: [AWS::AutoScaling::AutoScalingGroup]
#       reads:
#         ['LaunchTemplateData.TagSpecifications[].ResourceType', 'LaunchTemplateData.TagSpecifications[].Tags[].Key',
#          'LaunchTemplateData.TagSpecifications[].Tags[].Value']
#     patch_baselines: {type: [AWS::SSM::PatchBaseline], declared: region, reads: []}
#   parameters:
#     patched_elsewhere:
#       type: boolean
#       default: false
#       description: Quick Setup or another stack patches the instances, so that nothing here needs to.
#   remediation:
#     terraform: Add `aws_ssm_association` with `name = "AWS-RunPatchBaseline"`.
#     cloudformation: Add AWS::SSM::Association with AWS-RunPatchBaseline.
#   frameworks:
#     fsbp: [SSM.2, SSM.3]
#     pci_dss_4_0: [6.3.3, 11.3.1, 11.3.1.1, 11.3.1.3]
#     hipaa: [164.308(a)(5)(ii)(B)]
#     iso_27001_2022: [A.8.27]
#     soc2: [CC3.2, CC7.1]
#     nist_800_53_r5:
#       [CA-9(1), CM-2, CM-2(2), CM-2(a), CM-2(b), CM-3(3), CM-8, CM-8(1), CM-8(3), CM-8(3)(a), CM-8(6),
#        CM-8(a), CM-8(b), RA-3(a), SI-2, SI-2(2), SI-2(3), SI-2(4), SI-2(5), SI-2(c), SI-2(d), SI-3(c), CM-6]
#   equivalents:
#     prowler: [ssm_managed_compliant_patching]
#     config: [EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK]
package srmcheck.ssm.patch_schedule

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.ssm

not_applicable if data.srmcheck.parameters["SRM-SSM-004"].patched_elsewhere == true

deny contains finding.resting(
	[],
	"no association or maintenance window task runs AWS-RunPatchBaseline on it",
	array.concat(
		[["Tags"], ["AutoScalingGroupName"], ["@patch_associations"], ["@patch_tasks"], ["@window_targets"]],
		[[concat("", ["@", launch_templates])]],
	),
) if {
	not is_covered
	count(doubtful) == 0
}

unknown contains finding.resting([], "a patch schedule chooses by what the template does not tell", []) if {
	not is_covered
	count(doubtful) > 0
}

settled contains [] if is_covered

is_covered if {
	some [_, _, schedule, path] in schedules
	ssm.runs(schedule, path, documents)
	ssm.chooses(schedule, subject, input.related.window_targets)
}

# it patches, and nobody can tell whom
doubtful contains [relation, i] if {
	some [relation, i, schedule, path] in schedules
	ssm.runs(schedule, path, documents)
	not ssm.chooses(schedule, subject, input.related.window_targets)
	not ssm.passes_over(schedule, subject, input.related.window_targets)
}

documents := {"AWS-RunPatchBaseline", "AWS-RunPatchBaselineAssociation", "AWS-RunPatchBaselineWithHooks"}

# [relation, index, member, where it names its document]
schedules contains ["patch_associations", i, one, ["Name"]] if some i, one in input.related.patch_associations

schedules contains ["patch_tasks", i, one, ["TaskArn"]] if some i, one in input.related.patch_tasks

# what cannot help, whatever is unknown of it

settled contains [concat("", ["@", relation]), i] if {
	some [relation, i, schedule, path] in schedules
	ssm.runs_none(schedule, path, documents)
}

settled contains [concat("", ["@", relation]), i] if {
	some [relation, i, schedule, _] in schedules
	ssm.passes_over(schedule, subject, input.related.window_targets)
}

settled contains ["@window_targets", i] if {
	some i, other in input.related.window_targets
	ssm.passes_over(other, subject, [])
}

settled contains ["@window_targets", i] if {
	some i, other in input.related.window_targets
	every task in input.related.patch_tasks {
		cannot_name(task, other)
	}
}

cannot_name(task, _) if ssm.runs_none(task, ["TaskArn"], documents)

cannot_name(task, other) if ssm.ignores(task, other)

# a baseline says what to patch, never when
settled contains ["@patch_baselines"]

settled contains ["@patch_baselines", i] if some i, _ in input.related.patch_baselines

# Tags: those of an instance or its group, and those that a launch template adds

subject := {"resource": input.resource, "tags": tags, "knows_tags": knows_tags}

tags contains [key, value] if {
	some i, _ in resource.list(input.resource, ["Tags"])
	is_propagated(i)
	key := resource.text(input.resource, ["Tags", i, "Key"])
	value := resource.text(input.resource, ["Tags", i, "Value"])
}

is_propagated(i) if resource.value(input.resource, ["Tags", i, "PropagateAtLaunch"]) == true

is_propagated(_) if input.resource.type == "AWS::EC2::Instance"

# AWS tags each instance of a group with the name of the group
tags contains ["aws:autoscaling:groupName", name] if {
	input.resource.type == "AWS::AutoScaling::AutoScalingGroup"
	some name in [resource.identity(input.resource, "Ref"), resource.text(input.resource, ["AutoScalingGroupName"])]
}

# of several launch templates of a group, what all of them add
tags contains tag if {
	sees_templates
	some template in templates
	some tag in added_by(template)
	every other in templates {
		tag in added_by(other)
	}
}

added_by(template) := {[key, value] |
	some i, _ in resource.list(template, specifications)
	resource.option(template, array.concat(specifications, [i, "ResourceType"])) == "instance"
	some j, _ in resource.list(template, array.concat(specifications, [i, "Tags"]))
	key := resource.text(template, array.concat(specifications, [i, "Tags", j, "Key"]))
	value := resource.text(template, array.concat(specifications, [i, "Tags", j, "Value"]))
}

specifications := ["LaunchTemplateData", "TagSpecifications"]

templates := input.related[launch_templates]

sees_templates if not launch_templates in array.concat(input.open, input.outside)

launch_templates := "launch_template" if {
	input.resource.type == "AWS::EC2::Instance"
} else := "group_launch_templates"

default knows_tags := false

knows_tags if {
	not resource.is_unknown(input.resource, ["Tags"])
	not resource.is_unknown(input.resource, ["AutoScalingGroupName"])
	sees_templates
	every template in templates {
		not resource.is_unknown(template, specifications)
	}
}

# tags do not matter where nothing chooses by them
settled contains path if {
	some path in tagged_by
	not chooses_by_tag
}

tagged_by := array.concat(
	[["Tags"], ["AutoScalingGroupName"], [concat("", ["@", launch_templates])]],
	[[concat("", ["@", launch_templates]), i] | some i, _ in templates],
)

chooses_by_tag if {
	some [_, _, schedule, path] in schedules
	not ssm.runs_none(schedule, path, documents)
	ssm.chooses_by_tag(schedule)
}

chooses_by_tag if {
	some other in input.related.window_targets
	ssm.chooses_by_tag(other)
}
