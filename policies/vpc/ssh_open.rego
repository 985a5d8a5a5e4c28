# METADATA
# title: No security group opens SSH (port 22) to the whole Internet
# description: >-
#   Whoever can reach port 22 can try passwords, stolen keys and flaws of the SSH server. A rule lets the whole
#   Internet in when its source is 0.0.0.0/0 or ::/0 and its protocol and ports cover TCP port 22.
# related_resources:
#   - ref: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19
# custom:
#   id: SRM-VPC-001
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
#   yields_to: [SRM-VPC-003]
#   remediation:
#     terraform: Narrow `cidr_blocks`, `ipv6_cidr_blocks`, `cidr_ipv4` or `cidr_ipv6` of the rule.
#     cloudformation: Narrow `CidrIp` or `CidrIpv6` of the rule.
#   frameworks:
#     fsbp: [EC2.19]
#     cis_aws_5_0: ['5.3', '5.4']
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, A1.1.3]
#     hipaa: [164.308(a)(1)(ii)(B), 164.312(e)(1)]
#     iso_27001_2022: [A.8.20, A.8.21, A.8.22]
#     soc2: [CC6.6, CC7.2]
#     nist_800_53_r5:
#       [AC-4, AC-4(21), AC-17(1), AC-17(9), AC-17(10), AC-17(b), CA-9(1), CM-2, CM-2(2), CM-7, CM-9(b), SC-7,
#        SC-7(4), SC-7(5), SC-7(7), SC-7(11), SC-7(12), SC-7(16), SC-7(21), SC-7(24)(b), SC-7(25), SC-7(26),
#        SC-7(27), SC-7(28), SC-7(a), SC-7(c)]
#   equivalents:
#     checkov: [CKV_AWS_24]
#     trivy: [AVD-AWS-0107]
#     guard: [INCOMING_SSH_DISABLED]
#     cfn_nag: [W2]
#     regula: [FG_R00085]
#     terrascan: [AC_AWS_0227, AC_AWS_0319]
#     prowler:
#       [ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22,
#        ec2_instance_port_ssh_exposed_to_internet]
#     config: [INCOMING_SSH_DISABLED]
#     steampipe: [vpc_security_group_restrict_ingress_ssh_all]
package srmcheck.vpc.ssh_open

import data.srmcheck.lib.exposure
import data.srmcheck.lib.network

deny contains found if some found in exposure.open(input.resource, covering, lists, "SSH (TCP port 22) is")

unknown contains found if some found in exposure.doubts(input.resource, possible, lists, "SSH (TCP port 22) is")

settled contains path if some path in exposure.harmless(input.resource, rules, missing, lists)

covering contains rule if {
	some rule in open_rules
	network.covers_tcp_port(input.resource, rule, 22)
}

possible contains rule if {
	some rule in open_rules
	not network.misses_tcp_port(input.resource, rule, 22)
}

missing contains rule if {
	some rule in rules
	network.misses_tcp_port(input.resource, rule, 22)
}

rules := network.rules(input.resource, "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress")

open_rules := network.open_rules(input.resource, rules)

lists := input.related.prefix_lists
