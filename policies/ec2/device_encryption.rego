# METADATA
# title: EBS devices of instances, launch templates and fleets are encrypted
# description: >-
#   The disks of an instance hold its data, its swap and its keys; unencrypted ones and their snapshots can be read
#   by whoever gets hold of them. A root device that is not declared takes its encryption from the image or the
#   account setting, which the template does not show. A device made from a snapshot keeps the encryption of the
#   snapshot. What an instance takes from a launch template of the template is judged on the launch template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
#   - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
# custom:
#   id: SRM-EC2-002
#   severity: high
#   responsibility: data-protection
#   service: ec2
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::Instance:
#       ['BlockDeviceMappings[].Ebs.Encrypted', 'BlockDeviceMappings[].Ebs.KmsKeyId',
#        'BlockDeviceMappings[].Ebs.SnapshotId', 'BlockDeviceMappings[].DeviceName',
#        LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
#     AWS::EC2::LaunchTemplate:
#       ['LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted',
#        'LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId',
#        'LaunchTemplateData.BlockDeviceMappings[].Ebs.SnapshotId']
#     AWS::EC2::SpotFleet:
#       ['SpotFleetRequestConfigData.LaunchSpecifications[].BlockDeviceMappings[].Ebs.Encrypted',
#        'SpotFleetRequestConfigData.LaunchSpecifications[].BlockDeviceMappings[].Ebs.SnapshotId']
#     AWS::AutoScaling::LaunchConfiguration:
#       ['BlockDeviceMappings[].Ebs.Encrypted', 'BlockDeviceMappings[].Ebs.SnapshotId']
#   related:
#     launch_template:
#       type: [AWS::EC2::LaunchTemplate]
#       via: [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
#       of: [AWS::EC2::Instance]
#       reads: []
#     encryption_by_default: {type: [AWS::EC2::EbsEncryptionByDefault], declared: region, reads: [Enabled]}
#   remediation:
#     terraform: >-
#       Set `encrypted = true` in `root_block_device`, `ebs_block_device` or `block_device_mappings.ebs`.
#     cloudformation: Set `Ebs.Encrypted` to true in each entry of `BlockDeviceMappings`.
#   frameworks:
#     fsbp: [EC2.181, EC2.173]
#   equivalents:
#     checkov: [CKV_AWS_8]
#     trivy: [AVD-AWS-0008, AVD-AWS-0131]
#     terrascan: [AC_AWS_0167]
#     config: [EC2_LAUNCH_TEMPLATES_EBS_VOLUME_ENCRYPTED, EC2_SPOT_FLEET_REQUEST_CT_ENCRYPTION_AT_REST]
#     steampipe: [ec2_instance_ebs_encryption_check, ec2_launch_configuration_ebs_encryption_check]
package srmcheck.ec2.device_encryption

import data.srmcheck.lib.ebs
import data.srmcheck.lib.finding
import data.srmcheck.lib.launch
import data.srmcheck.lib.resource

# devices that come from a launch template of the template are judged there
not_applicable if {
	count(templates) > 0
	not "launch_template" in input.open
	count(devices) == 0
	not resource.is_unknown(input.resource, ["BlockDeviceMappings"])
}

deny contains finding.resting(
	array.concat(device, ["Encrypted"]),
	concat(" ", ["EBS device", fault]),
	array.concat(ebs.leaves(device), [["@encryption_by_default"]]),
) if {
	some device in devices
	fault := ebs.fault(input.resource, device)
	not encrypted_by_default
}

# the image or the account setting decides, outside the template
deny contains finding.resting(
	["BlockDeviceMappings"],
	"root device is not declared, so nothing says that it is encrypted",
	array.concat(rootless, [["LaunchTemplate"], ["@launch_template"], ["@encryption_by_default"]]),
) if {
	input.resource.type == "AWS::EC2::Instance"
	not has_root
	launch.has_no_template(input.resource, templates)
	not encrypted_by_default
}

unknown contains finding.at(["LaunchTemplate"], "launch template, which may declare the root device, is elsewhere") if {
	input.resource.type == "AWS::EC2::Instance"
	not has_root
	launch.has_unseen_template(input.resource, templates)
	not encrypted_by_default
}

unknown contains finding.at(array.concat(device, ["SnapshotId"]), "EBS device keeps the encryption of its snapshot") if {
	some device in devices
	ebs.keeps_encryption(input.resource, device)
	not encrypted_by_default
}

# the image decides on the devices
unknown contains finding.at(list, "no EBS device is declared") if {
	input.resource.type != "AWS::EC2::Instance"
	some list in bare
	not encrypted_by_default
}

settled contains [] if encrypted_by_default

settled contains device if {
	some device in devices
	ebs.is_encrypted(input.resource, device)
}

# with a root device it does not matter which of the others is one, nor what a launch template declares
settled contains path if {
	has_root
	some path in array.concat(
		[["LaunchTemplate"], ["@launch_template"]],
		[["BlockDeviceMappings", i, "DeviceName"] |
			some i, _ in resource.list(input.resource, ["BlockDeviceMappings"])
		],
	)
}

settled contains ["@encryption_by_default", i] if {
	some i in ebs.idle_settings(input.related.encryption_by_default)
}

# The paths of the EBS devices.
devices := [array.concat(list, [i, "Ebs"]) |
	some list in lists
	some i, _ in resource.list(input.resource, list)
	resource.value(input.resource, array.concat(list, [i, "Ebs"])) != null
]

# The lists of devices that hold no EBS device.
bare := [list |
	some list in lists
	every i, _ in resource.list(input.resource, list) {
		resource.value(input.resource, array.concat(list, [i, "Ebs"])) == null
	}
]

lists := [["LaunchTemplateData", "BlockDeviceMappings"]] if input.resource.type == "AWS::EC2::LaunchTemplate"

lists := [["BlockDeviceMappings"]] if {
	input.resource.type in ["AWS::EC2::Instance", "AWS::AutoScaling::LaunchConfiguration"]
}

lists := specifications if {
	input.resource.type == "AWS::EC2::SpotFleet"
	count(specifications) > 0
}

# its launch templates tell
lists := [["SpotFleetRequestConfigData", "LaunchSpecifications"]] if {
	input.resource.type == "AWS::EC2::SpotFleet"
	count(specifications) == 0
}

specifications := [["SpotFleetRequestConfigData", "LaunchSpecifications", i, "BlockDeviceMappings"] |
	some i, _ in resource.list(input.resource, ["SpotFleetRequestConfigData", "LaunchSpecifications"])
]

# An instance declares its root device: in Terraform it is the one without a name, in CloudFormation any may be.
has_root if {
	some device in devices
	is_root(device)
}

is_root(_) if input.source.language == "cloudformation"

is_root(device) if resource.absent(input.resource, array.concat(array.slice(device, 0, 2), ["DeviceName"]))

# What "the root device is not declared" rests on: no further device, and none of those that are there.
rootless := array.concat(
	[["BlockDeviceMappings", count(resource.list(input.resource, ["BlockDeviceMappings"]))]],
	[["BlockDeviceMappings", i, root_sign(i)] |
		some i, _ in resource.list(input.resource, ["BlockDeviceMappings"])
	],
)

root_sign(i) := "DeviceName" if {
	resource.value(input.resource, ["BlockDeviceMappings", i, "Ebs"]) != null
} else := "Ebs"

templates := object.get(input.related, "launch_template", [])

encrypted_by_default if ebs.is_on_by_default(input.related.encryption_by_default)
