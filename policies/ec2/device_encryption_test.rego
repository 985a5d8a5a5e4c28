package srmcheck.ec2.device_encryption_test

import data.srmcheck.ec2.device_encryption as policy
import data.srmcheck.lib.documents

relate(document, settings) := documents.related_to(
	document,
	"encryption_by_default",
	[documents.member("d", "AWS::EC2::EbsEncryptionByDefault", {"Enabled": setting}) | some setting in settings],
)

# an instance with these devices, and with these launch templates
instance(devices, more, templates) := documents.related_to(
	relate(documents.of("AWS::EC2::Instance", object.union({"BlockDeviceMappings": devices}, more)), []),
	"launch_template",
	[documents.member(template, "AWS::EC2::LaunchTemplate", {}) | some template in templates],
)

terraform(document) := object.union(document, {"source": {"language": "terraform"}})

launched := {"LaunchTemplate": {"LaunchTemplateId": "⟦lt#Ref⟧"}}

disk(ebs) := {"DeviceName": "/dev/sda1", "Ebs": ebs}

root(ebs) := {"Ebs": ebs}

verdict(document) := "none" if {
	policy.not_applicable with input as document
} else := "fail" if {
	count(policy.deny) > 0 with input as document
} else := "unknown" if {
	count(policy.unknown) > 0 with input as document
} else := "settled" if {
	[] in policy.settled with input as document
} else := "pass"

test_devices if {
	verdict(instance([disk({"Encrypted": true})], {}, [])) == "pass"
	verdict(instance([disk({"KmsKeyId": "k"})], {}, [])) == "pass"
	verdict(instance([disk({"Encrypted": false})], {}, [])) == "fail"
	verdict(instance([disk({})], {}, [])) == "fail"
	verdict(instance([disk({"SnapshotId": "s"})], {}, [])) == "unknown"
	verdict(instance([disk({"SnapshotId": "s", "Encrypted": false})], {}, [])) == "unknown"
	verdict(instance([disk({"SnapshotId": "s", "Encrypted": true})], {}, [])) == "pass"
	verdict(instance([disk({"Encrypted": true}), {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}], {}, [])) == "pass"
	some finding in policy.deny with input as instance([disk({"Encrypted": true}), disk({})], {}, [])
	finding.place == ["BlockDeviceMappings", 1, "Ebs", "Encrypted"]
}

test_root_device if {
	verdict(instance([], {}, [])) == "fail"
	verdict(instance([{"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}], {}, [])) == "fail"
	verdict(terraform(instance([disk({"Encrypted": true})], {}, []))) == "fail"
	verdict(terraform(instance([root({"Encrypted": true})], {}, []))) == "pass"
	verdict(terraform(instance([disk({"Encrypted": true}), root({"Encrypted": true})], {}, []))) == "pass"
}

test_root_device_rests_on_what_may_be_one if {
	document := terraform(instance([disk({"Encrypted": true}), {"VirtualName": "ephemeral0"}], {}, []))
	some finding in policy.deny with input as document
	finding.paths == [
		["BlockDeviceMappings", 2],
		["BlockDeviceMappings", 0, "DeviceName"],
		["BlockDeviceMappings", 1, "Ebs"],
		["LaunchTemplate"],
		["@launch_template"],
		["@encryption_by_default"],
	]
}

test_launch_template if {
	verdict(instance([], launched, ["lt"])) == "none"
	verdict(documents.open_to(instance([], launched, ["lt"]), ["launch_template"])) == "pass"
	verdict(documents.unknown_at(instance([], launched, ["lt"]), [["BlockDeviceMappings", 0]])) == "pass"
	verdict(instance([disk({})], launched, ["lt"])) == "fail"
	verdict(terraform(instance([disk({"Encrypted": true})], launched, ["lt"]))) == "pass"
	verdict(instance([], launched, [])) == "unknown"
	verdict(instance([disk({"Encrypted": true})], launched, [])) == "pass"
	verdict(terraform(instance([disk({"Encrypted": true})], launched, []))) == "unknown"
}

test_other_types if {
	template := {"LaunchTemplateData": {"BlockDeviceMappings": [disk({"Encrypted": true})]}}
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", template), [])) == "pass"
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", {}), [])) == "unknown"
	configuration := {"BlockDeviceMappings": [disk({"Encrypted": true}), root({})]}
	verdict(relate(documents.of("AWS::AutoScaling::LaunchConfiguration", configuration), [])) == "fail"
	verdict(relate(documents.of("AWS::AutoScaling::LaunchConfiguration", {}), [])) == "unknown"
}

fleet(specifications) := relate(
	documents.of(
		"AWS::EC2::SpotFleet",
		{"SpotFleetRequestConfigData": {"LaunchSpecifications": [{"BlockDeviceMappings": devices} |
			some devices in specifications
		]}},
	),
	[],
)

test_fleets if {
	verdict(fleet([[disk({"Encrypted": true})], [disk({"Encrypted": true})]])) == "pass"
	verdict(fleet([[disk({"Encrypted": true})], []])) == "unknown"
	verdict(fleet([])) == "unknown"
	some finding in policy.deny with input as fleet([[disk({"Encrypted": true})], [disk({})]])
	finding.place == [
		"SpotFleetRequestConfigData", "LaunchSpecifications", 1, "BlockDeviceMappings", 0, "Ebs",
		"Encrypted",
	]
}

test_encryption_by_default if {
	on := documents.related_to(
		instance([disk({"Encrypted": false})], {}, []),
		"encryption_by_default",
		[documents.member("d", "AWS::EC2::EbsEncryptionByDefault", {"Enabled": true})],
	)
	verdict(on) == "settled"
	verdict(relate(instance([], {}, []), [true])) == "settled"
	verdict(relate(instance([], {}, []), [false])) == "fail"
	verdict(relate(documents.of("AWS::EC2::LaunchTemplate", {}), [true])) == "settled"
	["@encryption_by_default", 0] in policy.settled with input as relate(instance([], {}, []), [false])
}

test_settled if {
	["BlockDeviceMappings", 0, "Ebs"] in policy.settled with input as instance([disk({"Encrypted": true})], {}, [])
	["@launch_template"] in policy.settled with input as instance([disk({})], {}, [])
	not ["@launch_template"] in policy.settled with input as instance([], {}, [])
}
