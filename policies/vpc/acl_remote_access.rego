# METADATA
# title: Network ACLs do not admit SSH, RDP or FTP from the whole Internet
# description: >-
#   A network ACL is the fence around whole subnets. One that admits SSH, RDP or FTP from everywhere leaves these
#   services to the security groups alone. Entries are read in the order of their numbers, so a deny entry before
#   the allow entry closes the port. The default ACL that a VPC has by itself is not in the template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21
# custom:
#   id: SRM-VPC-010
#   severity: high
#   responsibility: network-security
#   service: vpc
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::NetworkAcl:
#       ['Entries[].CidrBlock', 'Entries[].Ipv6CidrBlock', 'Entries[].RuleAction', 'Entries[].Egress',
#        'Entries[].Protocol', 'Entries[].PortRange.From', 'Entries[].PortRange.To', 'Entries[].RuleNumber']
#     AWS::EC2::NetworkAclEntry:
#       [CidrBlock, Ipv6CidrBlock, RuleAction, Egress, Protocol, PortRange.From, PortRange.To, RuleNumber]
#   related:
#     entries:
#       type: [AWS::EC2::NetworkAclEntry]
#       by: [NetworkAclId]
#       reads: [CidrBlock, Ipv6CidrBlock, RuleAction, Egress, Protocol, PortRange.From, PortRange.To, RuleNumber]
#       of: [AWS::EC2::NetworkAcl]
#     siblings:
#       type: [AWS::EC2::NetworkAclEntry]
#       shares: {NetworkAclId: NetworkAclId}
#       reads: [CidrBlock, Ipv6CidrBlock, RuleAction, Egress, Protocol, PortRange.From, PortRange.To, RuleNumber]
#       of: [AWS::EC2::NetworkAclEntry]
#     acl:
#       type: [AWS::EC2::NetworkAcl]
#       via: [NetworkAclId]
#       reads:
#         ['Entries[].CidrBlock', 'Entries[].Ipv6CidrBlock', 'Entries[].RuleAction', 'Entries[].Egress',
#          'Entries[].Protocol', 'Entries[].PortRange.From', 'Entries[].PortRange.To', 'Entries[].RuleNumber']
#       of: [AWS::EC2::NetworkAclEntry]
#   remediation:
#     terraform: Narrow `cidr_block`, `ipv6_cidr_block`, `from_port` or `to_port`.
#     cloudformation: Narrow `CidrBlock` or `PortRange` of the entry.
#   frameworks:
#     fsbp: [EC2.21]
#     cis_aws_5_0: ['5.2']
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, A1.1.3]
#     hipaa: [164.308(a)(1)(ii)(B), 164.312(e)(1)]
#     iso_27001_2022: [A.8.20, A.8.21, A.8.22]
#     soc2: [CC6.6]
#     nist_800_53_r5:
#       [AC-4(21), AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b), CA-9(1), CM-2, CM-2(2), CM-2(a),
#        CM-6(a), CM-7, CM-7(b), CM-8(6), CM-9(b), SC-7, SC-7(5), SC-7(7), SC-7(11), SC-7(12), SC-7(16),
#        SC-7(21), SC-7(24)(b), SC-7(25), SC-7(26), SC-7(27), SC-7(28), SC-7(a), SC-7(c)]
#   equivalents:
#     checkov: [CKV_AWS_229, CKV_AWS_230, CKV_AWS_231, CKV_AWS_232]
#     trivy: [AVD-AWS-0105]
#     regula: [FG_R00357, FG_R00359]
#     prowler:
#       [ec2_networkacl_allow_ingress_tcp_port_22, ec2_networkacl_allow_ingress_tcp_port_3389,
#        ec2_networkacl_allow_ingress_any_port]
#     config: [NACL_NO_UNRESTRICTED_SSH_RDP]
#     steampipe:
#       [vpc_network_acl_allow_ssh_port_22_ingress, vpc_network_acl_allow_rdp_port_3389_ingress,
#        vpc_network_acl_allow_ftp_port_20_ingress, vpc_network_acl_allow_ftp_port_21_ingress]
package srmcheck.vpc.acl_remote_access

import data.srmcheck.lib.finding
import data.srmcheck.lib.network
import data.srmcheck.lib.resource

deny contains finding.resting(
	array.concat(place, [source]),
	concat("", [concat(", ", open_ports(entry, source)), " admitted from the whole Internet"]),
	array.concat(
		[array.concat(place, [source]), array.concat(place, ["Egress"])],
		array.concat([path | some path in doubts(entry, source, port)], tails),
	),
) if {
	some [entry, source, port] in exposed
	place := entry.place
}

unknown contains finding.at(place, "entry for the whole Internet does not tell its protocol or ports") if {
	some entry in possible
	place := entry.place
	count(entry.open) > 0
	network.tells_no_ports(entry, [])
}

# an entry that neither opens nor closes a judged port
settled contains place if {
	some entry in entries
	place := entry.place
	count(entry.missed) == count(ports)
}

settled contains rule if {
	some rule in rules
	not may_matter(input.resource, rule)
}

settled contains place if {
	some name in related
	some i, member in input.related[name]
	some rule in network.rules(member, "Entries", "AWS::EC2::NetworkAclEntry")
	not may_matter(member, rule)
	place := array.concat([concat("", ["@", name]), i], rule)
}

# an entry elsewhere matters only if it denies
settled contains place if {
	some entry in others
	place := entry.place
	is_other_than(entry, "deny")
}

settled contains place if {
	some entry in own
	place := entry.place
	is_other_than(entry, "deny")
	is_shut(entry)
}

# deny entries matter only where an allow entry may be open
settled contains place if {
	count(possible) == 0
	some entry in own
	place := entry.place
	is_other_than(entry, "allow")
}

settled contains [relation] if {
	count(possible) == 0
	not resource.is_unknown(input.resource, tail)
	some relation in ["@entries", "@siblings", "@acl"]
}

# [entry, source, port] of allow entries for the whole Internet that no deny entry before them closes
exposed contains [entry, source, port] if {
	some entry in possible
	resource.option(entry, ["RuleAction"]) == "allow"
	some source in entry.open
	some port in entry.covered
	not is_denied(entry, source, port)
}

open_ports(entry, source) := [names[i] |
	some i, port in ports
	[entry, source, port] in exposed
]

# the judged entries that may admit a judged port
possible contains entry if {
	some entry in own
	not is_other_than(entry, "allow")
	not is_shut(entry)
}

is_shut(entry) if {
	every port in ports {
		is_shut_port(entry, port)
	}
}

is_shut_port(entry, port) if port in entry.missed

is_shut_port(entry, port) if {
	every source in sources {
		is_shut_source(entry, source, port)
	}
}

is_shut_source(entry, source, _) if source in entry.narrow

is_shut_source(entry, source, port) if is_denied(entry, source, port)

is_denied(entry, source, port) if {
	some other in denials
	source in other.open
	port in other.covered
	number(other) < number(entry)
}

denials := [entry |
	some entry in entries
	resource.option(entry, ["RuleAction"]) == "deny"
	not resource.is_unknown(entry, ["Egress"])
]

# what may turn out to be a deny entry that closes the port: its path, and the number that it must be below
doubts(entry, source, port) := {path |
	some other in entries
	other.place != entry.place
	not cannot_deny(other, source, port)
	not is_later(other, entry)
	some path in [other.place, array.concat(entry.place, ["RuleNumber"])]
}

cannot_deny(other, _, _) if is_other_than(other, "deny")

cannot_deny(other, source, _) if source in other.narrow

cannot_deny(other, _, port) if port in other.missed

is_later(other, entry) if number(other) >= number(entry)

is_other_than(entry, action) if not resource.option(entry, ["RuleAction"]) in ["", action]

number(entry) := found if {
	found := resource.value(entry, ["RuleNumber"])
	is_number(found)
}

ports := [20, 21, 22, 3389]

names := ["FTP data (TCP 20)", "FTP (TCP 21)", "SSH (TCP 22)", "RDP (TCP 3389)"]

sources := ["CidrBlock", "Ipv6CidrBlock"]

# The entries that may let the whole Internet in or keep it out, each as a resource of its own: those judged, and those
# written elsewhere.
entries := array.concat(own, others)

own := [with_ports(rule_at(input.resource, rule, rule)) | some rule in rules; may_matter(input.resource, rule)]

others := [with_ports(rule_at(member, rule, array.concat([concat("", ["@", name]), i], rule))) |
	some name in related
	some i, member in input.related[name]
	some rule in network.rules(member, "Entries", "AWS::EC2::NetworkAclEntry")
	may_matter(member, rule)
]

rules := network.rules(input.resource, "Entries", "AWS::EC2::NetworkAclEntry")

may_matter(holder, rule) if {
	not is_egress(holder, rule)
	some source in sources
	not is_narrow(holder, array.concat(rule, [source]))
}

is_egress(holder, rule) if resource.value(holder, array.concat(rule, ["Egress"])) == true

is_narrow(holder, path) if {
	not resource.is_unknown(holder, path)
	not network.is_world(resource.text(holder, path))
}

rule_at(holder, rule, place) := {
	"place": place,
	"properties": resource.map(holder, rule),
	"unknown": [array.slice(gap, count(rule), count(gap)) |
		some gap in holder.unknown
		array.slice(gap, 0, count(rule)) == rule
	],
}

# With the judged ports that it is known to cover and to miss, and its sources that are known to be the whole Internet
# and known not to be.
with_ports(entry) := object.union(
	object.union(entry, network.tcp_ports(entry, [], ports)),
	{"open": network.world_sources(entry, []), "narrow": [source | some source in sources; is_narrow(entry, [source])]},
)

related := ["entries"] if input.resource.type == "AWS::EC2::NetworkAcl"

related := ["siblings", "acl"] if input.resource.type == "AWS::EC2::NetworkAclEntry"

# Where further entries may be, behind those that are known.
tails := array.concat(
	[tail],
	array.concat(
		[[concat("", ["@", name]), count(input.related[name])] | some name in related],
		[["@acl", i, "Entries", count(resource.list(member, ["Entries"]))] |
			some i, member in object.get(input.related, "acl", [])
		],
	),
)

tail := ["Entries", count(resource.list(input.resource, ["Entries"]))]
