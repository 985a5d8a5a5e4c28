# METADATA
# title: Amazon Inspector scans EC2 instances and ECR images
# description: >-
#   Amazon Inspector looks for known vulnerabilities and open network paths in EC2 instances, and for vulnerabilities in
#   the images of ECR. It is off until an account enables each of the two, or its organization does so for its members.
# related_resources:
#   - ref: https://docs.aws.amazon.com/inspector/latest/user/getting_started_tutorial.html
#   - ref: https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html
#   - ref: https://docs.aws.amazon.com/inspector/v2/APIReference/API_AutoEnable.html
# custom:
#   id: SRM-INSPECTOR-001
#   severity: high
#   responsibility: application-security
#   service: inspector
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::InspectorV2::Enabler: ['ResourceTypes[]']
#     AWS::InspectorV2::OrganizationConfiguration: [AutoEnable.Ec2, AutoEnable.Ecr]
#   remediation:
#     terraform: Set `resource_types = ["EC2", "ECR"]` on `aws_inspector2_enabler`.
#     cloudformation: CloudFormation has no enabler type; use a custom resource that calls Inspector2 Enable.
#   frameworks:
#     fsbp: [Inspector.1, Inspector.2]
#   equivalents:
#     prowler: [inspector2_is_enabled]
#     config: [INSPECTOR_EC2_SCAN_ENABLED, INSPECTOR_ECR_SCAN_ENABLED]
package srmcheck.inspector.scanning_enabled

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny_stack contains finding.on(
	null,
	[],
	concat("", ["account does not enable Amazon Inspector for ", concat(" and ", unscanned)]),
	[["@AWS::InspectorV2::Enabler"], ["@AWS::InspectorV2::OrganizationConfiguration"]],
) if {
	count(unscanned) > 0
}

settled_stack contains [] if count(unscanned) == 0

# what is scanned by one is no matter in the others
settled_stack contains ["@AWS::InspectorV2::OrganizationConfiguration", i, "AutoEnable", kind.switch] if {
	some i, _ in input.template["AWS::InspectorV2::OrganizationConfiguration"]
	some kind in kinds
	is_scanned(kind)
}

kinds := [
	{"type": "ec2", "switch": "Ec2", "name": "EC2 instances"},
	{"type": "ecr", "switch": "Ecr", "name": "ECR images"},
]

unscanned := [kind.name |
	some kind in kinds
	not kind in scanned
]

scanned := {kind |
	some kind in kinds
	is_scanned(kind)
}

is_scanned(kind) if {
	some enabler in input.template["AWS::InspectorV2::Enabler"]
	some i, _ in resource.list(enabler, ["ResourceTypes"])
	resource.option(enabler, ["ResourceTypes", i]) == kind.type
}

is_scanned(kind) if {
	some organization in input.template["AWS::InspectorV2::OrganizationConfiguration"]
	resource.value(organization, ["AutoEnable", kind.switch]) == true
}
