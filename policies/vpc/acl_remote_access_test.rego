package srmcheck.vpc.acl_remote_access_test

import data.srmcheck.lib.documents
import data.srmcheck.vpc.acl_remote_access as policy

members(type, list) := [documents.member("other", type, properties) | some properties in list]

# an ACL with these entries inside, and these beside it
acl(inside, beside) := documents.related_to(
	documents.of("AWS::EC2::NetworkAcl", {"Entries": inside}),
	"entries",
	members("AWS::EC2::NetworkAclEntry", beside),
)

# an entry with its siblings, in an ACL of the template with these entries inside
standalone(properties, siblings, inside) := documents.related_to(
	documents.related_to(
		documents.of("AWS::EC2::NetworkAclEntry", properties),
		"siblings",
		members("AWS::EC2::NetworkAclEntry", siblings),
	),
	"acl",
	members("AWS::EC2::NetworkAcl", inside),
)

entry(number, action, more) := object.union(
	{"RuleNumber": number, "RuleAction": action, "Egress": false, "CidrBlock": "0.0.0.0/0", "Protocol": 6},
	more,
)

ports(first, last) := {"PortRange": {"From": first, "To": last}}

verdict(document) := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

test_fail if {
	every port in [20, 21, 22, 3389] {
		verdict(acl([entry(100, "allow", ports(port, port))], [])) == "fail"
		verdict(standalone(entry(100, "ALLOW", ports(port, port)), [], [])) == "fail"
	}
	verdict(acl([entry(100, "allow", {"Protocol": -1})], [])) == "fail"
	verdict(acl([object.remove(entry(100, "allow", {}), ["Egress"])], [])) == "fail"
	verdict(acl([entry(100, "allow", {"CidrBlock": "", "Ipv6CidrBlock": "::/0"})], [])) == "fail"
}

test_finding if {
	document := acl([entry(90, "allow", ports(443, 443)), entry(100, "allow", ports(21, 4000))], [])
	places := {finding.place | some finding in policy.deny} with input as document
	places == {["Entries", 1, "CidrBlock"]}
	messages := {finding.message | some finding in policy.deny} with input as document
	messages == {"FTP (TCP 21), SSH (TCP 22), RDP (TCP 3389) admitted from the whole Internet"}
}

test_pass if {
	every more in [ports(443, 443), ports(23, 3388), {"Protocol": 17}, {"Protocol": 1}, {"CidrBlock": "10.0.0.0/8"}] {
		verdict(acl([entry(100, "allow", more)], [])) == "pass"
		["Entries", 0] in policy.settled with input as acl([entry(100, "allow", more)], [])
	}
	verdict(acl([entry(100, "allow", {"Egress": true})], [])) == "pass"
	verdict(acl([entry(100, "deny", {})], [])) == "pass"
	verdict(acl([], [])) == "pass"
}

test_denied_before if {
	allow := entry(100, "allow", {"Protocol": -1})
	deny := [entry(90, "deny", ports(20, 22)), entry(91, "deny", ports(3389, 3389))]
	verdict(acl(array.concat([allow], deny), [])) == "pass"
	verdict(acl([allow], deny)) == "pass"
	verdict(standalone(allow, deny, [])) == "settled"
	verdict(standalone(allow, [], [{"Entries": deny}])) == "settled"
	["Entries", 0] in policy.settled with input as acl(array.concat([allow], deny), [])
	verdict(acl([allow, deny[0]], [])) == "fail"
}

test_not_denied if {
	allow := entry(100, "allow", ports(22, 22))
	every deny in [
		entry(110, "deny", ports(22, 22)),
		entry(90, "deny", ports(23, 30)),
		entry(90, "deny", {"Protocol": 17}),
		entry(90, "deny", {"CidrBlock": "198.51.100.0/24"}),
		entry(90, "deny", {"CidrBlock": "", "Ipv6CidrBlock": "::/0"}),
		entry(90, "deny", {"Egress": true}),
		entry(90, "allow", {"Egress": true}),
	] {
		verdict(acl([allow, deny], [])) == "fail"
		verdict(standalone(allow, [deny], [])) == "fail"
	}
}

test_unknown_without_ports if {
	verdict(acl([object.remove(entry(100, "allow", {}), ["Protocol"])], [])) == "unknown"
	verdict(acl([entry(100, "allow", {"PortRange": {"From": 22}})], [])) == "unknown"
	verdict(acl([entry(100, "allow", {"PortRange": {"From": 22}, "CidrBlock": "10.0.0.0/8"})], [])) == "pass"
}

test_rests_on_what_may_deny if {
	document := documents.unknown_at(
		acl([entry(100, "allow", ports(22, 22)), object.remove(entry(90, "deny", {}), ["CidrBlock"])], []),
		[["Entries", 1, "CidrBlock"]],
	)
	some finding in policy.deny with input as document
	finding.paths == [
		["Entries", 0, "CidrBlock"],
		["Entries", 0, "Egress"],
		["Entries", 0, "RuleNumber"],
		["Entries", 1],
		["Entries", 2],
		["@entries", 0],
	]
}

test_rests_on_further_entries if {
	document := standalone(entry(100, "allow", ports(22, 22)), [], [{"Entries": [entry(120, "deny", {})]}])
	some finding in policy.deny with input as document
	finding.paths == [["CidrBlock"], ["Egress"], ["Entries", 0], ["@siblings", 0], ["@acl", 1], ["@acl", 0, "Entries", 1]]
}

test_deny_entries_alone_are_settled if {
	document := acl([entry(100, "deny", {})], [entry(90, "deny", {})])
	policy.settled == {["Entries", 0], ["@entries"], ["@siblings"], ["@acl"]} with input as document
	not ["@entries"] in policy.settled with input as documents.unknown_at(document, [["Entries", 1]])
}
