package srmcheck.lib.exposure_test

import data.srmcheck.lib.exposure

group(rules) := {
	"address": "group",
	"type": "AWS::EC2::SecurityGroup",
	"properties": {"SecurityGroupIngress": rules},
	"unknown": [],
}

first := {["SecurityGroupIngress", 0]}

everyone := {"address": "everyone", "properties": {"Entries": [{"Cidr": "::/0"}]}, "unknown": []}

by_list := {"IpProtocol": "-1", "SourcePrefixListId": "⟦everyone#Ref⟧"}

test_open_by_range if {
	some found in exposure.open(group([{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]), first, [], "SSH is")
	found.place == ["SecurityGroupIngress", 0, "CidrIp"]
	found.message == "SSH is open to the whole Internet"
	count(exposure.open(group([{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]), first, [], "SSH is")) == 0
	count(exposure.open(group([{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]), set(), [], "SSH is")) == 0
}

test_open_by_list if {
	some found in exposure.open(group([by_list]), first, [everyone], "SSH is")
	found.paths == [["SecurityGroupIngress", 0, "SourcePrefixListId"], ["@prefix_lists", 0, "Entries", 0, "Cidr"]]
}

test_doubts if {
	some found in exposure.doubts(group([by_list]), first, [], "SSH is")
	found.message == "SSH is open to a prefix list whose entries are not in the template"
	some other in exposure.doubts(group([{"CidrIp": "0.0.0.0/0"}]), first, [], "SSH is")
	other.place == ["SecurityGroupIngress", 0]
	count(exposure.doubts(group([{"CidrIp": "10.0.0.0/8"}]), first, [], "SSH is")) == 0
}

test_harmless if {
	world := group([{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}])
	count(exposure.harmless(world, first, set(), [])) == 0
	exposure.harmless(world, first, first, []) == first
	exposure.harmless(group([{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]), first, set(), []) == first
	count(exposure.harmless(group([by_list]), first, set(), [everyone])) == 0
	exposure.harmless(group([by_list]), first, first, [everyone]) == first | {["@prefix_lists", 0]}
}
