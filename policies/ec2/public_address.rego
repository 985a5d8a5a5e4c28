# METADATA
# title: Instances get no public IPv4 address
# description: >-
#   An instance with a public address can be reached from the Internet as far as its security groups let it, and
#   reaches it past whatever watches the traffic. An interface that does not say whether it gets an address does
#   what its subnet says. What an instance takes from a launch template of the template is judged on the launch
#   template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
#   - ref: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-9
# custom:
#   id: SRM-EC2-010
#   severity: high
#   responsibility: network-security
#   service: ec2
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::Instance:
#       ['NetworkInterfaces[].AssociatePublicIpAddress', 'NetworkInterfaces[].SubnetId', SubnetId,
#        'NetworkInterfaces[].NetworkInterfaceId', LaunchTemplate.LaunchTemplateId,
#        LaunchTemplate.LaunchTemplateName]
#     AWS::EC2::LaunchTemplate:
#       ['LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress',
#        'LaunchTemplateData.NetworkInterfaces[].SubnetId',
#        'LaunchTemplateData.NetworkInterfaces[].NetworkInterfaceId']
#     AWS::AutoScaling::LaunchConfiguration: [AssociatePublicIpAddress]
#   related:
#     subnets:
#       type: [AWS::EC2::Subnet]
#       via: [SubnetId, 'NetworkInterfaces[].SubnetId', 'LaunchTemplateData.NetworkInterfaces[].SubnetId']
#       reads: [MapPublicIpOnLaunch]
#       of: [AWS::EC2::Instance, AWS::EC2::LaunchTemplate]
#     launch_template:
#       type: [AWS::EC2::LaunchTemplate]
#       via: [LaunchTemplate.LaunchTemplateId, LaunchTemplate.LaunchTemplateName]
#       reads: ['LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress']
#       of: [AWS::EC2::Instance]
#     addresses:
#       type: [AWS::EC2::EIP, AWS::EC2::EIPAssociation]
#       by: [InstanceId]
#       reads: []
#       of: [AWS::EC2::Instance]
#     interface_addresses:
#       type: [AWS::EC2::EIPAssociation]
#       shares: {'NetworkInterfaces[].NetworkInterfaceId': NetworkInterfaceId}
#       reads: []
#       of: [AWS::EC2::Instance]
#   remediation:
#     terraform: Set `associate_public_ip_address = false`.
#     cloudformation: Set `AssociatePublicIpAddress` to false.
#   frameworks:
#     fsbp: [EC2.9, EC2.25, AutoScaling.5]
#     pci_dss_4_0: [1.4.5]
#     hipaa: [164.308(a)(1)(ii)(B), 164.308(a)(3)(i), 164.312(a)(1)]
#     iso_27001_2022: [A.8.1, A.8.20, A.8.21, A.8.22]
#     soc2: [CC6.6]
#     nist_800_53_r5:
#       [AC-2(6), AC-3, AC-3(7), AC-4, AC-4(21), AC-6, AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b),
#        AC-21, SC-7, SC-7(2), SC-7(3), SC-7(4), SC-7(7), SC-7(9), SC-7(9)(a), SC-7(11), SC-7(12), SC-7(16),
#        SC-7(20), SC-7(21), SC-7(24)(b), SC-7(25), SC-7(26), SC-7(27), SC-7(28), SC-7(a), SC-7(b), SC-7(c),
#        MP-2, SC-25]
#   equivalents:
#     checkov: [CKV_AWS_88, CKV_AWS_389]
#     trivy: [AVD-AWS-0009]
#     guard: [EC2_INSTANCE_NO_PUBLIC_IP, AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED]
#     regula: [FG_R00271]
#     prowler:
#       [ec2_instance_public_ip, ec2_launch_template_no_public_ip,
#        autoscaling_group_launch_configuration_no_public_ip]
#     config:
#       [EC2_INSTANCE_NO_PUBLIC_IP, EC2_LAUNCH_TEMPLATE_PUBLIC_IP_DISABLED,
#        AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED]
#     steampipe: [ec2_instance_not_publicly_accessible, autoscaling_launch_config_public_ip_disabled]
package srmcheck.ec2.public_address

import data.srmcheck.lib.finding
import data.srmcheck.lib.launch
import data.srmcheck.lib.resource

# interfaces that come from a launch template of the template are judged there
not_applicable if {
	takes_interfaces_from_template
	template_is_known
	not "launch_template" in input.open
	not resource.is_unknown(input.resource, ["NetworkInterfaces"])
	not "addresses" in input.open
	count(input.related.addresses) == 0
}

deny contains finding.resting(
	assignment(interface),
	"public IPv4 address is assigned",
	[assignment(interface), array.concat(interface, ["NetworkInterfaceId"])],
) if {
	some interface in interfaces
	resource.value(input.resource, assignment(interface)) == true
	not is_existing(interface)
}

deny contains finding.resting(
	place(interface),
	"subnet assigns a public IPv4 address",
	array.concat(
		[
			assignment(interface),
			array.concat(interface, ["NetworkInterfaceId"]),
			array.concat(interface, ["SubnetId"]),
			["SubnetId"],
			["@subnets", i, "MapPublicIpOnLaunch"],
		],
		rest(interface),
	),
) if {
	some interface in interfaces
	is_left_to_subnet(interface)
	some i, subnet in subnets
	resource.is_named_by(subnet, subnet_of(interface))
	resource.value(subnet, ["MapPublicIpOnLaunch"]) == true
}

deny contains finding.resting([relation, i], "Elastic IP is associated with the instance", []) if {
	some name in ["addresses", "interface_addresses"]
	some i, _ in object.get(input.related, name, [])
	relation := concat("", ["@", name])
}

unknown contains finding.at(place(interface), "subnet, which may assign a public IPv4 address, is not in the template") if {
	some interface in interfaces
	is_left_to_subnet(interface)
	not has_subnet(interface)
}

# the group that uses it chooses the subnet
unknown contains finding.at(list, "subnet, which may assign a public IPv4 address, is not in the template") if {
	input.resource.type == "AWS::EC2::LaunchTemplate"
	count(written) == 0
}

unknown contains finding.at(
	["LaunchTemplate"],
	"launch template, which may assign a public IPv4 address, is not in the template",
) if {
	count(written) == 0
	has_unseen_template
}

settled contains interface if {
	some interface in interfaces
	is_existing(interface)
}

settled contains interface if {
	some interface in interfaces
	interface != [] # an instance without interfaces of its own is not settled by one of its values
	resource.value(input.resource, assignment(interface)) == false
}

settled contains [] if {
	input.resource.type == "AWS::AutoScaling::LaunchConfiguration"
	resource.value(input.resource, ["AssociatePublicIpAddress"]) == false
}

# where each interface says what it does, neither a subnet nor a launch template matters
settled contains path if {
	count(written) > 0
	every interface in written {
		is_told(interface)
	}
	some path in [["SubnetId"], ["@subnets"]]
}

settled contains path if {
	count(written) > 0
	some path in [["LaunchTemplate"], ["@launch_template"]]
}

# The interfaces that are judged, as paths: [] is the one that an instance or a launch configuration gets anyway.
interfaces := written if count(written) > 0

interfaces := [[]] if {
	count(written) == 0
	gets_one
}

interfaces := [] if {
	count(written) == 0
	not gets_one
}

gets_one if input.resource.type == "AWS::AutoScaling::LaunchConfiguration"

gets_one if {
	input.resource.type == "AWS::EC2::Instance"
	not takes_interfaces_from_template
	not has_unseen_template
}

written := [array.concat(list, [i]) | some i, _ in resource.list(input.resource, list)]

list := ["LaunchTemplateData", "NetworkInterfaces"] if input.resource.type == "AWS::EC2::LaunchTemplate"

list := ["NetworkInterfaces"] if input.resource.type != "AWS::EC2::LaunchTemplate"

takes_interfaces_from_template if {
	count(written) == 0
	some template in templates
	count(resource.list(template, ["LaunchTemplateData", "NetworkInterfaces"])) > 0
}

template_is_known if {
	every template in templates {
		not resource.is_unknown(template, ["LaunchTemplateData", "NetworkInterfaces"])
	}
}

has_unseen_template if launch.has_unseen_template(input.resource, templates)

templates := object.get(input.related, "launch_template", [])

subnets := object.get(input.related, "subnets", [])

assignment(interface) := array.concat(interface, ["AssociatePublicIpAddress"])

# an instance has no value of its own, and does what its subnet says
place(interface) := ["SubnetId"] if {
	interface == []
	input.resource.type == "AWS::EC2::Instance"
} else := assignment(interface)

# What else an instance without interfaces of its own rests on.
rest(interface) := [["NetworkInterfaces", 0], ["LaunchTemplate"], ["@launch_template"]] if {
	interface == []
} else := []

# an existing interface gets no address
is_existing(interface) if resource.given(input.resource, array.concat(interface, ["NetworkInterfaceId"]))

is_left_to_subnet(interface) if {
	resource.absent(input.resource, assignment(interface))
	resource.absent(input.resource, array.concat(interface, ["NetworkInterfaceId"]))
}

is_told(interface) if is_existing(interface)

is_told(interface) if is_boolean(resource.value(input.resource, assignment(interface)))

has_subnet(interface) if {
	some subnet in subnets
	resource.is_named_by(subnet, subnet_of(interface))
}

# The subnet of an interface is its own, or that of the instance.
subnet_of(interface) := own if {
	own := resource.text(input.resource, array.concat(interface, ["SubnetId"]))
	own != ""
} else := resource.text(input.resource, ["SubnetId"])
