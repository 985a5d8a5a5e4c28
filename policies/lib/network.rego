# Rule judgement: one security group rule, or one entry of a network ACL, at a path of its resource ([] where the
# resource is the rule). Words: docs/verdicts.md, "Rule judgement". Parameters: `judged` the resource, `rule` the path,
# `lists` the prefix lists that the template declares (a relation via the prefix list ids).
package srmcheck.lib.network

import data.srmcheck.lib.resource

_cidrs := ["CidrIp", "CidrIpv6", "CidrBlock", "Ipv6CidrBlock"]

_prefix_lists := ["SourcePrefixListId", "DestinationPrefixListId"]

_first_ports := [["FromPort"], ["PortRange", "From"]]

_last_ports := [["ToPort"], ["PortRange", "To"]]

_by_number := {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}

# The paths of the rules of a resource: of those in its list `property`, or the resource itself if it has the type
# `standalone`.
rules(judged, property, standalone) := {[property, i] | some i, _ in resource.list(judged, [property])} if {
	judged.type != standalone
} else := {[]}

# Sources

# Any IPv4 or IPv6 CIDR with prefix length 0.
is_world(cidr) if {
	is_string(cidr)
	endswith(cidr, "0")
	parts := split(cidr, "/")
	count(parts) == 2
	parts[1] in ["0", "00", "000"]
}

# An IPv4 range in its usual spelling.
is_range(cidr) if {
	regex.match(`^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(?:3[0-2]|[12]?[0-9])$`, cidr)
}

# An IPv4 range lies in another one, or is the same.
is_within(narrow, wide) if {
	is_range(narrow)
	is_range(wide)
	net.cidr_contains(wide, narrow)
}

# The properties of a rule that hold the whole Internet.
world_sources(judged, rule) := {source |
	written := resource.value(judged, rule)
	some source in _cidrs
	is_world(written[source])
}

# The rules whose sources are the whole Internet or a prefix list, as far as is known. No other rule can be open by what
# is known of it.
open_rules(judged, all) := {rule |
	some rule in all
	written := resource.value(judged, rule)
	_is_open(written)
}

_is_open(written) if {
	some source in _cidrs
	is_world(written[source])
}

_is_open(written) if {
	some source in _prefix_lists
	written[source]
}

# The whole Internet in a declared prefix list of a rule: [place, path of the entry] for each such entry.
world_entries(judged, rule, lists) := {[place, entry] |
	some source in _prefix_lists
	place := array.concat(rule, [source])
	some i, member in lists
	resource.is_named_by(member, resource.text(judged, place))
	some j, _ in resource.list(member, ["Entries"])
	is_world(resource.text(member, ["Entries", j, "Cidr"]))
	entry := ["@prefix_lists", i, "Entries", j, "Cidr"]
}

# The prefix lists of a rule that the template does not declare: their paths in the resource.
undeclared_lists(judged, rule, lists) := {place |
	some source in _prefix_lists
	place := array.concat(rule, [source])
	resource.given(judged, place)
	not _is_declared(judged, place, lists)
}

_is_declared(judged, place, lists) if {
	some member in lists
	resource.is_named_by(member, resource.text(judged, place))
}

# A rule names the prefix list.
names_list(judged, rule, member) if {
	some source in _prefix_lists
	resource.is_named_by(member, resource.text(judged, array.concat(rule, [source])))
}

# All sources of a rule are known, and none is the whole Internet.
closed(judged, rule, lists) if {
	every source in _cidrs {
		_is_closed_source(judged, array.concat(rule, [source]))
	}
	every source in _prefix_lists {
		_is_closed_list(judged, array.concat(rule, [source]), lists)
	}
}

_is_closed_source(judged, path) if {
	not resource.is_unknown(judged, path)
	not is_world(resource.text(judged, path))
}

_is_closed_list(judged, path, _) if resource.absent(judged, path)

_is_closed_list(judged, path, lists) if {
	some member in lists
	resource.is_named_by(member, resource.text(judged, path))
	not resource.is_unknown(member, ["Entries"])
	every j, _ in resource.list(member, ["Entries"]) {
		not is_world(resource.text(member, ["Entries", j, "Cidr"]))
	}
}

# Protocols and ports

# The protocol of a rule as tcp, udp, icmp, icmpv6, "-1" (all) or as it is written; "" where it is not known.
protocol(judged, rule) := object.get(_by_number, name, name) if {
	name := _as_text(resource.value(judged, array.concat(rule, ["IpProtocol"])))
	name != ""
} else := object.get(_by_number, name, name) if {
	name := _as_text(resource.value(judged, array.concat(rule, ["Protocol"])))
}

_as_text(written) := lower(written) if {
	is_string(written)
} else := format_int(written, 10) if {
	is_number(written)
} else := ""

# The rule covers a TCP port.
covers_tcp_port(judged, rule, port) if _covers(judged, rule, protocol(judged, rule), "tcp", port)

# The rule covers a UDP port.
covers_udp_port(judged, rule, port) if _covers(judged, rule, protocol(judged, rule), "udp", port)

_covers(_, _, name, _, _) if name == "-1"

_covers(judged, rule, name, transport, port) if {
	name == transport
	some [first, last] in _range(judged, rule)
	first <= port
	port <= last
}

_covers(judged, rule, name, transport, _) if {
	name == transport
	_every_port(judged, rule)
}

# Of some TCP ports those that the rule covers, and those that it is known not to cover.
tcp_ports(judged, rule, ports) := _sorted(judged, rule, protocol(judged, rule), ports)

_sorted(_, _, name, ports) := {"covered": ports, "missed": []} if name == "-1"

_sorted(_, _, name, ports) := {"covered": [], "missed": ports} if not name in ["", "-1", "tcp"]

_sorted(_, _, name, _) := {"covered": [], "missed": []} if name == ""

_sorted(judged, rule, name, ports) := {"covered": covered, "missed": [port | some port in ports; not port in covered]} if {
	name == "tcp"
	some [first, last] in _range(judged, rule)
	covered := [port | some port in ports; first <= port; port <= last]
} else := {"covered": ports, "missed": []} if {
	name == "tcp"
	_every_port(judged, rule)
} else := {"covered": [], "missed": []} if {
	name == "tcp"
}

# The rule is known not to cover a TCP port, whatever is unknown of it.
misses_tcp_port(judged, rule, port) if _misses(judged, rule, protocol(judged, rule), "tcp", port)

# The rule is known not to cover a UDP port, whatever is unknown of it.
misses_udp_port(judged, rule, port) if _misses(judged, rule, protocol(judged, rule), "udp", port)

_misses(_, _, name, transport, _) if not name in ["", "-1", transport]

_misses(judged, rule, name, transport, port) if {
	name == transport
	some [first, last] in _range(judged, rule)
	_is_outside(port, first, last)
}

_is_outside(port, first, _) if port < first

_is_outside(port, _, last) if port > last

# The rule covers all ports: every protocol, or tcp or udp from 1 (or 0) to 65535.
covers_all_ports(judged, rule) if _covers_all(judged, rule, protocol(judged, rule))

_covers_all(_, _, name) if name == "-1"

_covers_all(judged, rule, name) if {
	name in ["tcp", "udp"]
	some [first, last] in _range(judged, rule)
	first <= 1
	last >= 65535
}

_covers_all(judged, rule, name) if {
	name in ["tcp", "udp"]
	_every_port(judged, rule)
}

# The rule is known not to cover all ports, whatever is unknown of it.
misses_some_port(judged, rule) if _misses_some(judged, rule, protocol(judged, rule))

_misses_some(_, _, name) if not name in ["", "-1", "tcp", "udp"]

_misses_some(judged, rule, name) if {
	name in ["tcp", "udp"]
	some [first, last] in _range(judged, rule)
	_is_gap(first, last)
}

_is_gap(first, _) if first > 1

_is_gap(_, last) if last < 65535

# The rule as it is written does not tell its ports: it has no protocol, or one port of the two, or a port that is no
# number. AWS refuses such a rule.
tells_no_ports(judged, rule) if {
	resource.absent(judged, array.concat(rule, ["IpProtocol"]))
	resource.absent(judged, array.concat(rule, ["Protocol"]))
}

tells_no_ports(judged, rule) if {
	protocol(judged, rule) in ["tcp", "udp"]
	not _every_port(judged, rule)
	count(_range(judged, rule)) == 0
	every path in array.concat(_first_ports, _last_ports) {
		not resource.is_unknown(judged, array.concat(rule, path))
	}
}

_every_port(judged, rule) if {
	every path in array.concat(_first_ports, _last_ports) {
		resource.absent(judged, array.concat(rule, path))
	}
}

_every_port(judged, rule) if {
	_numbers(judged, rule, _first_ports) == [-1]
	_numbers(judged, rule, _last_ports) == [-1]
}

# [[first, last]] where both are known, else empty. Both -1 are no range but every port.
_range(judged, rule) := [[first, last] |
	some first in _numbers(judged, rule, _first_ports)
	some last in _numbers(judged, rule, _last_ports)
	[first, last] != [-1, -1]
]

_numbers(judged, rule, paths) := [number |
	some path in paths
	number := resource.value(judged, array.concat(rule, path))
	is_number(number)
]
