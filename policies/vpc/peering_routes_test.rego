package srmcheck.vpc.peering_routes_test

import data.srmcheck.lib.documents
import data.srmcheck.vpc.peering_routes as policy

ends := {"VpcId": "⟦home#Ref⟧", "PeerVpcId": "⟦peer#Ref⟧"}

vpc(address, properties) := documents.member(address, "AWS::EC2::VPC", properties)

both := [vpc("home", {"CidrBlock": "10.32.0.0/16"}), vpc("peer", {"CidrBlock": "10.64.0.0/16"})]

joined(document, relations) := object.union(
	documents.related_to(
		documents.related_to(documents.related_to(document, "prefix_lists", []), "vpcs", both),
		"connections",
		[documents.member("pcx", "AWS::EC2::VPCPeeringConnection", ends)],
	),
	{"related": relations},
)

# a route over the connection, in a table of the home VPC
route(properties) := joined(
	documents.of(
		"AWS::EC2::Route",
		object.union({"VpcPeeringConnectionId": "⟦pcx#Ref⟧", "RouteTableId": "⟦table#Ref⟧"}, properties),
	),
	{"table": [documents.member("table", "AWS::EC2::RouteTable", {"VpcId": "⟦home#Ref⟧"})]},
)

to(range) := route({"DestinationCidrBlock": range})

table(routes) := joined(documents.of("AWS::EC2::RouteTable", {"VpcId": "⟦home#Ref⟧", "Routes": routes}), {})

verdict(document) := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

test_fail_internet if {
	verdict(to("0.0.0.0/0")) == "fail"
	verdict(route({"DestinationIpv6CidrBlock": "::/0"})) == "fail"
	messages := {finding.message | some finding in policy.deny} with input as to("0.0.0.0/0")
	messages == {"route over a peering connection goes to the whole Internet"}
}

test_fail_whole_peer if {
	verdict(to("10.64.0.0/16")) == "fail"
	verdict(to("10.0.0.0/8")) == "fail"
	some finding in policy.deny with input as to("10.64.0.0/16")
	finding.paths == [
		["DestinationCidrBlock"],
		["VpcPeeringConnectionId"],
		["@connections", 0, "PeerVpcId"],
		["@vpcs", 1, "CidrBlock"],
		["RouteTableId"],
		["@table"],
	]
}

test_pass if {
	verdict(to("10.64.0.0/24")) == "pass"
	verdict(to("10.32.0.0/16")) == "pass" # the own VPC is no peer
	verdict(to("192.168.0.0/16")) == "pass"
	verdict(route({"VpcPeeringConnectionId": "", "DestinationCidrBlock": "0.0.0.0/0"})) == "settled"
	verdict(route({"VpcPeeringConnectionId": "pcx-1", "DestinationCidrBlock": "10.0.0.0/8"})) == "pass"
}

test_inline_routes if {
	narrow := {"VpcPeeringConnectionId": "⟦pcx#Ref⟧", "DestinationCidrBlock": "10.64.8.0/24"}
	wide := {"VpcPeeringConnectionId": "⟦pcx#Ref⟧", "DestinationCidrBlock": "10.64.0.0/16"}
	gateway := {"GatewayId": "igw-1", "DestinationCidrBlock": "0.0.0.0/0"}
	verdict(table([narrow, gateway])) == "pass"
	verdict(table([])) == "pass"
	some finding in policy.deny with input as table([narrow, wide, gateway])
	finding.place == ["Routes", 1, "DestinationCidrBlock"]
}

test_main_route_table_is_named_by_its_vpc if {
	main := {"RouteTableId": "⟦home#MainRouteTableId⟧"}
	verdict(object.union(to("10.64.0.0/16"), {"resource": {"properties": main}, "related": {"table": []}})) == "fail"
	verdict(object.union(to("10.32.0.0/16"), {"resource": {"properties": main}, "related": {"table": []}})) == "pass"
}

test_unknown_table_elsewhere if {
	elsewhere := {"resource": {"properties": {"RouteTableId": "rtb-1"}}, "related": {"table": []}}
	verdict(object.union(to("10.64.0.0/16"), elsewhere)) == "unknown"
	verdict(object.union(to("10.64.0.0/24"), elsewhere)) == "pass"
	verdict(object.union(to("0.0.0.0/0"), elsewhere)) == "fail"
	bare := [documents.member("table", "AWS::EC2::RouteTable", {})]
	verdict(object.union(to("10.64.0.0/16"), {"related": {"table": bare}})) == "unknown"
	homeless := documents.of("AWS::EC2::RouteTable", {"Routes": [{
		"VpcPeeringConnectionId": "⟦pcx#Ref⟧",
		"DestinationCidrBlock": "10.64.0.0/16",
	}]})
	verdict(joined(homeless, {})) == "unknown"
}

test_unknown_range_of_the_peer if {
	vpcs := {"related": {"vpcs": [both[0], vpc("peer", {})]}}
	verdict(object.union(to("10.64.0.0/24"), vpcs)) == "unknown"
	verdict(object.union(to("0.0.0.0/0"), vpcs)) == "fail"
	own := {"related": {"vpcs": [vpc("home", {}), both[1]]}}
	verdict(object.union(to("10.64.0.0/24"), own)) == "pass"
}

by_list(ranges) := object.union(
	route({"DestinationPrefixListId": "⟦list#Ref⟧"}),
	{"related": {"prefix_lists": [documents.member(
		"list",
		"AWS::EC2::PrefixList",
		{"Entries": [{"Cidr": range} | some range in ranges]},
	)]}},
)

test_prefix_lists if {
	verdict(route({"DestinationPrefixListId": "pl-1"})) == "unknown"
	verdict(by_list(["10.64.0.0/24"])) == "pass"
	verdict(by_list(["10.64.0.0/24", "10.64.0.0/16"])) == "fail"
	verdict(by_list(["0.0.0.0/0"])) == "fail"
}

test_settled if {
	["@table"] in policy.settled with input as to("10.64.0.0/24")
	["@table"] in policy.settled with input as route({"VpcPeeringConnectionId": ""})
	bare := {"related": {"table": []}}
	["@table"] in policy.settled with input as object.union(to("10.64.0.0/24"), bare)
	not ["@table"] in policy.settled with input as object.union(to("10.64.0.0/16"), bare)
	not ["@table"] in policy.settled with input as object.union(to("10.64.0.0/24"), object.union(bare, {"open": ["vpcs"]}))
	not ["@table"] in policy.settled with input as documents.unknown_at(
		object.union(to(""), bare),
		[["DestinationCidrBlock"]],
	)
	["@vpcs", 0] in policy.settled with input as to("10.64.0.0/24")
	not ["@vpcs", 1] in policy.settled with input as to("10.64.0.0/24")
}

test_settled_relations if {
	joined_by := {["@connections"], ["@vpcs"], ["@table"], ["@prefix_lists"]}
	joined_by & policy.settled == joined_by with input as to("10.64.0.0/16")
	not ["@vpcs"] in policy.settled with input as object.union(to("10.64.0.0/16"), {"related": {"vpcs": [both[0]]}})
	not ["@connections"] in policy.settled with input as object.union(to("10.64.0.0/16"), {"related": {"connections": []}})
	half := [documents.member("pcx", "AWS::EC2::VPCPeeringConnection", {"VpcId": "⟦home#Ref⟧", "PeerVpcId": "vpc-1"})]
	["@vpcs"] in policy.settled with input as object.union(to("10.64.0.0/16"), {"related": {"connections": half}})
	not ["@prefix_lists"] in policy.settled with input as by_list(["10.64.0.0/24"])
}
