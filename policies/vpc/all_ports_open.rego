# METADATA
# title: No security group opens all ports to the whole Internet
# description: >-
#   A rule for every port shows the whole Internet each service that listens now and each that will, debug ports
#   and databases among them. A rule lets the whole Internet in when its source is 0.0.0.0/0 or ::/0; it covers
#   all ports with protocol -1, or with tcp or udp from 1 to 65535.
# related_resources:
#   - ref: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18
# custom:
#   id: SRM-VPC-003
#   severity: critical
#   responsibility: network-security
#   service: vpc
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::SecurityGroup:
#       ['SecurityGroupIngress[].IpProtocol', 'SecurityGroupIngress[].FromPort',
#        'SecurityGroupIngress[].ToPort', 'SecurityGroupIngress[].CidrIp', 'SecurityGroupIngress[].CidrIpv6',
#        'SecurityGroupIngress[].SourcePrefixListId']
#     AWS::EC2::DefaultSecurityGroup:
#       ['SecurityGroupIngress[].IpProtocol', 'SecurityGroupIngress[].FromPort',
#        'SecurityGroupIngress[].ToPort', 'SecurityGroupIngress[].CidrIp', 'SecurityGroupIngress[].CidrIpv6',
#        'SecurityGroupIngress[].SourcePrefixListId']
#     AWS::EC2::SecurityGroupIngress: [IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, SourcePrefixListId]
#   related:
#     prefix_lists:
#       type: [AWS::EC2::PrefixList]
#       via: ['SecurityGroupIngress[].SourcePrefixListId', SourcePrefixListId]
#       reads: ['Entries[].Cidr']
#   remediation:
#     terraform: Set `from_port`, `to_port` and narrow CIDRs.
#     cloudformation: Set `FromPort`, `ToPort` and a narrow `CidrIp`.
#   frameworks:
#     fsbp: [EC2.18, EC2.19]
#     cis_aws_5_0: ['5.3', '5.4']
#     iso_27001_2022: [A.8.20, A.8.21, A.8.22]
#     soc2: [CC6.6]
#     nist_800_53_r5:
#       [AC-4, AC-4(21), CA-9(1), CM-2, CM-2(2), CM-7, SC-7, SC-7(4), SC-7(5), SC-7(11), SC-7(16), SC-7(21)]
#   equivalents:
#     checkov: [CKV_AWS_277]
#     guard: [SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE]
#     cfn_nag: [W42]
#     regula: [FG_R00044, FG_R00045, FG_R00103, FG_R00104, FG_R00350]
#     terrascan: [AC_AWS_0231, AC_AWS_0275]
#     prowler: [ec2_securitygroup_allow_ingress_from_internet_to_all_ports]
package srmcheck.vpc.all_ports_open

import data.srmcheck.lib.exposure
import data.srmcheck.lib.network

deny contains found if some found in exposure.open(input.resource, covering, lists, "every port is")

unknown contains found if some found in exposure.doubts(input.resource, possible, lists, "every port is")

settled contains path if some path in exposure.harmless(input.resource, rules, missing, lists)

covering contains rule if {
	some rule in open_rules
	network.covers_all_ports(input.resource, rule)
}

possible contains rule if {
	some rule in open_rules
	not network.misses_some_port(input.resource, rule)
}

missing contains rule if {
	some rule in rules
	network.misses_some_port(input.resource, rule)
}

rules := network.rules(input.resource, "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress")

open_rules := network.open_rules(input.resource, rules)

lists := input.related.prefix_lists
