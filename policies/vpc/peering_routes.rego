# METADATA
# title: Routes over a VPC peering connection name the narrow range they need
# description: >-
#   A peering connection joins two networks, and its routes say how much of each can reach the other. A route to
#   the whole range of the peer, or to everywhere, lets a break-in on one side go on to every host of the other.
#   The peer is the VPC at the other end of the connection, if it is in the template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-partial-access.html
#   - ref: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
# custom:
#   id: SRM-VPC-016
#   severity: medium
#   responsibility: network-security
#   service: vpc
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::Route:
#       [VpcPeeringConnectionId, DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId,
#        RouteTableId]
#     AWS::EC2::RouteTable:
#       ['Routes[].VpcPeeringConnectionId', 'Routes[].DestinationCidrBlock', 'Routes[].DestinationIpv6CidrBlock',
#        'Routes[].DestinationPrefixListId', VpcId]
#   related:
#     connections:
#       type: [AWS::EC2::VPCPeeringConnection]
#       via: [VpcPeeringConnectionId, 'Routes[].VpcPeeringConnectionId']
#       reads: [VpcId, PeerVpcId]
#     vpcs:
#       type: [AWS::EC2::VPC]
#       via:
#         [VpcPeeringConnectionId > VpcId, VpcPeeringConnectionId > PeerVpcId,
#          'Routes[].VpcPeeringConnectionId > VpcId', 'Routes[].VpcPeeringConnectionId > PeerVpcId']
#       reads: [CidrBlock]
#     table: {type: [AWS::EC2::RouteTable], via: [RouteTableId], reads: [VpcId], of: [AWS::EC2::Route]}
#     prefix_lists:
#       type: [AWS::EC2::PrefixList]
#       via: [DestinationPrefixListId, 'Routes[].DestinationPrefixListId']
#       reads: ['Entries[].Cidr']
#   remediation:
#     terraform: Narrow `destination_cidr_block` or `cidr_block` of the route.
#     cloudformation: Narrow `DestinationCidrBlock`.
#   frameworks:
#     cis_aws_5_0: ['5.6']
#     iso_27001_2022: [A.8.20, A.8.21, A.8.22]
#   equivalents:
#     checkov: [CKV2_AWS_44]
#     prowler: [vpc_peering_routing_tables_with_least_privilege]
package srmcheck.vpc.peering_routes

import data.srmcheck.lib.finding
import data.srmcheck.lib.network
import data.srmcheck.lib.resource

deny contains finding.resting(
	place,
	"route over a peering connection goes to the whole Internet",
	array.concat(paths, [array.concat(route, ["VpcPeeringConnectionId"])]),
) if {
	some route in peering_routes
	some [place, paths, range] in destinations(route)
	network.is_world(range)
}

deny contains finding.resting(
	place,
	"route over a peering connection covers the whole range of the peer VPC",
	array.concat(
		array.concat(paths, [array.concat(route, ["VpcPeeringConnectionId"]), end, ["@vpcs", i, "CidrBlock"]]),
		own_paths,
	),
) if {
	some route in peering_routes
	some [place, paths, range] in destinations(route)
	some [end, i] in ends(route)
	vpc := vpcs[i]
	network.is_within(resource.text(vpc, ["CidrBlock"]), range)
	not network.is_world(range)
	own != ""
	not is_own(vpc)
}

unknown contains finding.at(place, "destination of the peering route is a prefix list that is not in the template") if {
	some route in peering_routes
	some place in network.undeclared_lists(input.resource, route, lists)
}

unknown contains finding.resting(own_paths[0], "template does not tell which VPC the route table belongs to", own_paths) if {
	some route in peering_routes
	some [_, _, range] in destinations(route)
	some [_, i] in ends(route)
	vpc := vpcs[i]
	not is_outside(vpc, range)
	is_untold
}

unknown contains finding.at(["@vpcs", i, "CidrBlock"], "peer VPC does not tell its range") if {
	some route in peering_routes
	some [_, _, range] in destinations(route)
	some [_, i] in ends(route)
	vpc := vpcs[i]
	network.is_range(range)
	resource.absent(vpc, ["CidrBlock"])
	not is_own(vpc)
}

settled contains route if {
	some route in routes
	resource.absent(input.resource, array.concat(route, ["VpcPeeringConnectionId"]))
}

# which VPC the table belongs to does not matter where no end of a connection is covered
settled contains path if {
	every route in routes {
		is_calm(route)
	}
	some path in [["RouteTableId"], ["VpcId"], ["@table"]]
}

# relations that have the members which the routes name matter by these members only

settled contains ["@prefix_lists"] if {
	every route in routes {
		resource.absent(input.resource, array.concat(route, ["DestinationPrefixListId"]))
	}
}

settled contains ["@connections"] if {
	every route in routes {
		is_joined(route)
	}
	every connection in input.related.connections {
		count(connection.unknown) == 0
	}
}

settled contains ["@vpcs"] if {
	every route in routes {
		is_joined(route)
	}
	every connection in input.related.connections {
		has_known_ends(connection)
	}
	every vpc in vpcs {
		count(vpc.unknown) == 0
	}
}

settled contains path if {
	some table in input.related.table
	count(table.unknown) == 0
	some path in [["RouteTableId"], ["@table"]]
}

is_joined(route) if resource.absent(input.resource, array.concat(route, ["VpcPeeringConnectionId"]))

is_joined(route) if count(connections_of(route)) > 0

has_known_ends(connection) if {
	count(connection.unknown) == 0
	every property in ["VpcId", "PeerVpcId"] {
		is_known_end(resource.text(connection, [property]))
	}
}

is_known_end(end) if not startswith(end, "⟦")

is_known_end(end) if {
	some vpc in vpcs
	resource.is_named_by(vpc, end)
}

# the range of the own VPC does not matter
settled contains ["@vpcs", i] if {
	some i, vpc in vpcs
	is_own(vpc)
}

is_calm(route) if resource.absent(input.resource, array.concat(route, ["VpcPeeringConnectionId"]))

is_calm(route) if {
	not resource.is_unknown(input.resource, route)
	resource.absent(input.resource, array.concat(route, ["DestinationPrefixListId"]))
	every relation in ["connections", "vpcs"] {
		not relation in input.open
	}
	every connection in connections_of(route) {
		count(input.related.connections[connection].unknown) == 0
	}
	every end in ends(route) {
		is_outside(vpcs[end[1]], resource.text(input.resource, array.concat(route, ["DestinationCidrBlock"])))
	}
}

# The range of the VPC is known not to lie in another.
is_outside(vpc, range) if {
	resource.given(vpc, ["CidrBlock"])
	not network.is_within(resource.text(vpc, ["CidrBlock"]), range)
}

# [place, what it rests on, range] of what a route leads to
destinations(route) := written | listed if {
	written := {[place, [place], range] |
		some property in ["DestinationCidrBlock", "DestinationIpv6CidrBlock"]
		place := array.concat(route, [property])
		range := resource.text(input.resource, place)
		range != ""
	}
	listed := {[place, [place, entry], range] |
		place := array.concat(route, ["DestinationPrefixListId"])
		some i, list in lists
		resource.is_named_by(list, resource.text(input.resource, place))
		some j, _ in resource.list(list, ["Entries"])
		entry := ["@prefix_lists", i, "Entries", j, "Cidr"]
		range := resource.text(list, ["Entries", j, "Cidr"])
	}
}

# [path of the end in its connection, index of the VPC] of the ends of a route's connection that are in the template
ends(route) := {[["@connections", connection, property], i] |
	some connection in connections_of(route)
	some property in ["VpcId", "PeerVpcId"]
	some i, vpc in vpcs
	resource.is_named_by(vpc, resource.text(input.related.connections[connection], [property]))
}

connections_of(route) := [i |
	some i, connection in input.related.connections
	resource.is_named_by(connection, resource.text(input.resource, array.concat(route, ["VpcPeeringConnectionId"])))
]

peering_routes := {route |
	some route in routes
	not resource.absent(input.resource, array.concat(route, ["VpcPeeringConnectionId"]))
}

routes := network.rules(input.resource, "Routes", "AWS::EC2::Route")

vpcs := input.related.vpcs

lists := input.related.prefix_lists

is_own(vpc) if resource.is_named_by(vpc, own)

# The VPC of the route table, as a reference or an id; "" where it is not told. A main route table is named by its VPC.
own := resource.text(input.resource, ["VpcId"]) if {
	input.resource.type == "AWS::EC2::RouteTable"
} else := named if {
	table := input.related.table[0]
	named := resource.text(table, ["VpcId"])
} else := named if {
	named := resource.text(input.resource, ["RouteTableId"])
	startswith(named, "⟦")
} else := ""

own_paths := [["VpcId"]] if input.resource.type == "AWS::EC2::RouteTable"

own_paths := [["RouteTableId"], ["@table"]] if input.resource.type == "AWS::EC2::Route"

# known not to be told
is_untold if {
	input.resource.type == "AWS::EC2::RouteTable"
	resource.absent(input.resource, ["VpcId"])
}

is_untold if {
	input.resource.type == "AWS::EC2::Route"
	own == ""
	not resource.is_unknown(input.resource, ["RouteTableId"])
	not "table" in input.open
	every table in input.related.table {
		resource.absent(table, ["VpcId"])
	}
}
