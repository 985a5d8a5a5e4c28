package srmcheck.lib.network_test

import data.srmcheck.lib.network

# a resource that is one rule
one(properties) := {"type": "AWS::EC2::SecurityGroupIngress", "properties": properties, "unknown": []}

but(properties, unknown) := {"type": "AWS::EC2::SecurityGroupIngress", "properties": properties, "unknown": unknown}

test_rules if {
	group := {"type": "AWS::EC2::SecurityGroup", "properties": {"SecurityGroupIngress": [{}, {}]}, "unknown": []}
	network.rules(group, "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress") == {
		["SecurityGroupIngress", 0],
		["SecurityGroupIngress", 1],
	}
	network.rules(one({}), "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress") == {[]}
}

test_is_world if {
	every cidr in ["0.0.0.0/0", "::/0", "0:0:0:0:0:0:0:0/0", "1.2.3.4/0", "0.0.0.0/00"] {
		network.is_world(cidr)
	}
	every cidr in ["", "0.0.0.0", "0.0.0.0/1", "10.0.0.0/8", "::/10", "⟦a[\"x/0\"]#CidrBlock⟧", "0.0.0.0/0/0"] {
		not network.is_world(cidr)
	}
}

test_is_within if {
	every pair in [
		["10.64.0.0/16", "10.64.0.0/16"],
		["10.64.0.0/16", "10.0.0.0/8"],
		["10.64.0.0/16", "0.0.0.0/0"],
		["10.64.0.1/32", "10.64.0.0/31"],
	] {
		network.is_within(pair[0], pair[1])
	}
	every pair in [
		["10.64.0.0/16", "10.64.0.0/17"],
		["10.64.0.0/16", "10.65.0.0/16"],
		["10.64.0.0/16", "::/0"],
		["fd00::/48", "::/0"],
		["", "10.0.0.0/8"],
		["10.64.0.0/16", ""],
		["10.64.0.0", "10.0.0.0/8"],
		["10.64.0.0/16", "010.0.0.0/8"],
		["10.64.0.0/33", "10.0.0.0/8"],
		["10.64/0.0/16", "10.0.0.0/8"],
		["⟦vpc#CidrBlock⟧", "10.0.0.0/8"],
	] {
		not network.is_within(pair[0], pair[1])
	}
}

test_world_sources if {
	network.world_sources(one({"CidrIp": "0.0.0.0/0"}), []) == {"CidrIp"}
	network.world_sources(one({"CidrIp": "10.0.0.0/8", "CidrIpv6": "::/0"}), []) == {"CidrIpv6"}
	network.world_sources(one({"CidrBlock": "0.0.0.0/0", "Ipv6CidrBlock": "::/0"}), []) == {"CidrBlock", "Ipv6CidrBlock"}
	network.world_sources(one({"SourceSecurityGroupId": "sg-1"}), []) == set()
	network.world_sources(but({}, [["CidrIp"]]), []) == set()
}

test_open_rules if {
	group := {
		"type": "AWS::EC2::SecurityGroup",
		"properties": {"R": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8"}, {"SourcePrefixListId": "pl-1"}, {"CidrIp": 7}]},
		"unknown": [],
	}
	network.open_rules(group, {["R", 0], ["R", 1], ["R", 2], ["R", 3]}) == {["R", 0], ["R", 2]}
	network.open_rules(one({"Ipv6CidrBlock": "::/0"}), {[]}) == {[]}
}

test_protocol if {
	network.protocol(one({"IpProtocol": "TCP"}), []) == "tcp"
	network.protocol(one({"IpProtocol": "6"}), []) == "tcp"
	network.protocol(one({"IpProtocol": 17}), []) == "udp"
	network.protocol(one({"Protocol": 58}), []) == "icmpv6"
	network.protocol(one({"Protocol": 1}), []) == "icmp"
	network.protocol(one({"Protocol": -1}), []) == "-1"
	network.protocol(one({"IpProtocol": "all"}), []) == "-1"
	network.protocol(one({"IpProtocol": "47"}), []) == "47"
	network.protocol(one({"IpProtocol": true}), []) == ""
	network.protocol(one({}), []) == ""
}

test_covers_tcp_port if {
	every rule in [
		{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22},
		{"IpProtocol": "6", "FromPort": 20, "ToPort": 25},
		{"IpProtocol": "tcp"},
		{"IpProtocol": "tcp", "FromPort": -1, "ToPort": -1},
		{"IpProtocol": "-1", "FromPort": 443, "ToPort": 443},
		{"IpProtocol": "-1", "FromPort": 443},
		{"Protocol": 6, "PortRange": {"From": 0, "To": 1024}},
		{"Protocol": 6},
		{"Protocol": -1},
	] {
		network.covers_tcp_port(one(rule), [], 22)
		not network.misses_tcp_port(one(rule), [], 22)
		not network.tells_no_ports(one(rule), [])
	}
}

test_misses_tcp_port if {
	every rule in [
		{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443},
		{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 0},
		{"IpProtocol": "tcp", "FromPort": 23, "ToPort": 65535},
		{"IpProtocol": "tcp", "FromPort": 30, "ToPort": 10},
		{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 21},
		{"IpProtocol": "udp", "FromPort": 22, "ToPort": 22},
		{"IpProtocol": "udp"},
		{"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1},
		{"IpProtocol": "icmpv6"},
		{"IpProtocol": "47"},
		{"IpProtocol": "icmp", "FromPort": 8},
	] {
		network.misses_tcp_port(one(rule), [], 22)
		not network.covers_tcp_port(one(rule), [], 22)
		not network.tells_no_ports(object.union(one(rule), {"unknown": [["CidrIp"]]}), [])
	}
}

test_tcp_ports if {
	every pair in [
		[{"IpProtocol": "-1"}, [[22, 3389], []]],
		[{"IpProtocol": "udp"}, [[], [22, 3389]]],
		[{"IpProtocol": "tcp", "FromPort": 20, "ToPort": 22}, [[22], [3389]]],
		[{"IpProtocol": "tcp", "FromPort": -1, "ToPort": -1}, [[22, 3389], []]],
		[{"IpProtocol": "tcp"}, [[22, 3389], []]],
		[{"IpProtocol": "tcp", "FromPort": 22}, [[], []]],
		[{"FromPort": 22, "ToPort": 22}, [[], []]],
	] {
		found := network.tcp_ports(one(pair[0]), [], [22, 3389])
		[found.covered, found.missed] == pair[1]
	}
	network.tcp_ports(but({"IpProtocol": "tcp"}, [["FromPort"]]), [], [22]) == {"covered": [], "missed": []}
}

test_neither_covers_nor_misses_while_unknown if {
	every pair in [
		[{"IpProtocol": "tcp", "FromPort": 22}, [["ToPort"]]],
		[{"IpProtocol": "tcp", "FromPort": 443}, [["ToPort"]]],
		[{"IpProtocol": "tcp"}, [["FromPort"], ["ToPort"]]],
		[{"FromPort": 443, "ToPort": 443}, [["IpProtocol"]]],
		[{"Protocol": 6}, [["PortRange"]]],
		[{"Protocol": 6, "PortRange": {"From": 1}}, [["PortRange", "To"]]],
	] {
		not network.covers_tcp_port(but(pair[0], pair[1]), [], 22)
		not network.misses_tcp_port(but(pair[0], pair[1]), [], 22)
		not network.tells_no_ports(but(pair[0], pair[1]), [])
	}
}

test_known_protocol_settles_unknown_ports if {
	network.misses_tcp_port(but({"IpProtocol": "udp"}, [["FromPort"]]), [], 22)
	network.covers_tcp_port(but({"IpProtocol": "-1"}, [["FromPort"]]), [], 22)
}

test_tells_no_ports if {
	every rule in [
		{"FromPort": 22, "ToPort": 22},
		{},
		{"IpProtocol": "", "FromPort": 443, "ToPort": 443},
		{"IpProtocol": "tcp", "FromPort": 443},
		{"IpProtocol": "tcp", "ToPort": 443},
		{"IpProtocol": "tcp", "FromPort": "", "ToPort": 443},
		{"IpProtocol": "tcp", "FromPort": "ssh", "ToPort": "ssh"},
		{"Protocol": 6, "PortRange": {"From": 22}},
	] {
		network.tells_no_ports(one(rule), [])
		not network.covers_tcp_port(one(rule), [], 22)
		not network.misses_tcp_port(one(rule), [], 22)
	}
}

test_udp if {
	network.covers_udp_port(one({"IpProtocol": "udp", "FromPort": 53, "ToPort": 53}), [], 53)
	network.covers_udp_port(one({"IpProtocol": "-1"}), [], 53)
	network.misses_udp_port(one({"IpProtocol": "tcp", "FromPort": 53, "ToPort": 53}), [], 53)
	network.misses_udp_port(one({"IpProtocol": "udp", "FromPort": 54, "ToPort": 60}), [], 53)
	not network.covers_udp_port(one({"IpProtocol": "tcp"}), [], 53)
	not network.misses_udp_port(one({"IpProtocol": "udp"}), [], 53)
}

test_covers_all_ports if {
	every rule in [
		{"IpProtocol": "-1"},
		{"IpProtocol": "tcp"},
		{"IpProtocol": "udp", "FromPort": -1, "ToPort": -1},
		{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535},
		{"IpProtocol": "udp", "FromPort": 1, "ToPort": 65535},
	] {
		network.covers_all_ports(one(rule), [])
		not network.misses_some_port(one(rule), [])
	}
}

test_misses_some_port if {
	every rule in [
		{"IpProtocol": "icmp"},
		{"IpProtocol": "tcp", "FromPort": 2, "ToPort": 65535},
		{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65534},
		{"IpProtocol": "udp", "FromPort": 0, "ToPort": 0},
	] {
		network.misses_some_port(one(rule), [])
		not network.covers_all_ports(one(rule), [])
	}
	not network.misses_some_port(but({"IpProtocol": "tcp"}, [["FromPort"], ["ToPort"]]), [])
	not network.covers_all_ports(but({"IpProtocol": "tcp"}, [["FromPort"], ["ToPort"]]), [])
}

test_closed if {
	every rule in [
		{},
		{"CidrIp": "10.0.0.0/8"},
		{"SourceSecurityGroupId": "sg-1"},
		{"CidrIpv6": "2001:db8::/32"},
		{"CidrIp": "⟦vpc#CidrBlock⟧"},
	] {
		network.closed(one(rule), [], [])
	}
	every rule in [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8", "CidrIpv6": "::/0"}, {"SourcePrefixListId": "pl-1"}] {
		not network.closed(one(rule), [], [])
	}
}

test_not_closed_while_a_source_is_unknown if {
	every source in ["CidrIp", "CidrIpv6", "SourcePrefixListId", "CidrBlock"] {
		not network.closed(but({}, [[source]]), [], [])
	}
	network.closed(but({}, [["SourceSecurityGroupId"]]), [], [])
}

list(cidrs) := {
	"address": "offices",
	"properties": {"Entries": [{"Cidr": cidr} | some cidr in cidrs]},
	"unknown": [],
}

by_list := one({"SourcePrefixListId": "⟦offices#PrefixListId⟧"})

test_declared_prefix_lists_count if {
	network.closed(by_list, [], [list(["10.0.0.0/8"])])
	not network.closed(by_list, [], [list(["10.0.0.0/8", "::/0"])])
	not network.closed(by_list, [], [object.union(list(["10.0.0.0/8"]), {"unknown": [["Entries", 1]]})])
	network.world_entries(by_list, [], [list(["10.0.0.0/8", "::/0"])]) == {[
		["SourcePrefixListId"],
		["@prefix_lists", 0, "Entries", 1, "Cidr"],
	]}
	network.world_entries(one({"SourcePrefixListId": "pl-1"}), [], [list(["::/0"])]) == set()
	network.names_list(by_list, [], list([]))
	not network.names_list(one({"SourcePrefixListId": "pl-1"}), [], list([]))
}

test_undeclared_lists if {
	network.undeclared_lists(by_list, [], []) == {["SourcePrefixListId"]}
	network.undeclared_lists(one({"DestinationPrefixListId": "pl-1"}), [], []) == {["DestinationPrefixListId"]}
	network.undeclared_lists(by_list, [], [list([])]) == set()
	network.undeclared_lists(one({}), [], []) == set()
}
