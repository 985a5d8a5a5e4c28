# METADATA
# title: The default security group of a VPC has no rules
# description: >-
#   Whatever names no security group gets the default one of its VPC, which lets its members reach each other
#   and everything else until its rules are removed. Terraform removes them where the group is declared.
#   CloudFormation cannot, so there nobody can tell from the template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2
# custom:
#   id: SRM-VPC-007
#   severity: medium
#   responsibility: network-security
#   service: vpc
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::DefaultSecurityGroup: ['SecurityGroupIngress[].IpProtocol', 'SecurityGroupEgress[].IpProtocol']
#     AWS::EC2::VPC: []
#     AWS::EC2::SecurityGroupIngress: [GroupId]
#     AWS::EC2::SecurityGroupEgress: [GroupId]
#   related:
#     default_groups: {type: [AWS::EC2::DefaultSecurityGroup], by: [VpcId], reads: [], of: [AWS::EC2::VPC]}
#     group:
#       type: [AWS::EC2::DefaultSecurityGroup, AWS::EC2::VPC]
#       via: [GroupId]
#       reads: []
#       of: [AWS::EC2::SecurityGroupIngress, AWS::EC2::SecurityGroupEgress]
#   remediation:
#     terraform: Add `aws_default_security_group` with no `ingress` and no `egress` block.
#     cloudformation: >-
#       Add no rules to VPC.DefaultSecurityGroup and remove the initial ones with a custom resource.
#   frameworks:
#     fsbp: [EC2.2]
#     cis_aws_5_0: ['5.5']
#     iso_27001_2022: [A.8.20, A.8.21, A.8.22]
#     nist_800_53_r5:
#       [AC-4, AC-4(21), AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b), CM-6(a), CM-9(b), SC-7, SC-7(4),
#        SC-7(5), SC-7(7), SC-7(11), SC-7(12), SC-7(16), SC-7(21), SC-7(24)(b), SC-7(25), SC-7(26), SC-7(27),
#        SC-7(28), SC-7(a), SC-7(c)]
#   equivalents:
#     checkov: [CKV2_AWS_12]
#     trivy: [AVD-AWS-0173]
#     regula: [FG_R00089]
#     terrascan: [AC_AWS_0232]
#     prowler: [ec2_securitygroup_default_restrict_traffic]
#     config: [VPC_DEFAULT_SECURITY_GROUP_CLOSED]
#     steampipe: [vpc_default_security_group_restricts_all_traffic]
package srmcheck.vpc.default_group_rules

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at([property, i], "default security group has a rule") if {
	input.resource.type == "AWS::EC2::DefaultSecurityGroup"
	some property in ["SecurityGroupIngress", "SecurityGroupEgress"]
	some i, _ in resource.list(input.resource, [property])
}

deny contains finding.resting(["GroupId"], "rule is added to a default security group", []) if {
	count(object.get(input.related, "group", [])) > 0
}

# a new default group admits its members and lets everything out
deny contains finding.resting(
	[],
	"default security group of the VPC keeps its initial rules",
	[["@default_groups"]],
) if {
	input.resource.type == "AWS::EC2::VPC"
	input.source.language == "terraform"
	not is_declared
}

unknown contains finding.at([], "template cannot remove the initial rules of the VPC's default security group") if {
	input.resource.type == "AWS::EC2::VPC"
	input.source.language == "cloudformation"
	not is_declared
}

settled contains [] if is_declared

# the relation says which group is meant
settled contains ["GroupId"]

is_declared if count(object.get(input.related, "default_groups", [])) > 0
