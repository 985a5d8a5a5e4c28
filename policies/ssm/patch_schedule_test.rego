package srmcheck.ssm.patch_schedule_test

import data.srmcheck.lib.documents
import data.srmcheck.ssm.patch_schedule as policy

judged(type, properties, members) := object.union(
	documents.of(type, properties),
	{"related": object.union(
		{
			"patch_associations": [],
			"patch_tasks": [],
			"window_targets": [],
			"launch_template": [],
			"group_launch_templates": [],
			"patch_baselines": [],
		},
		members,
	)},
)

instance(tags, members) := judged("AWS::EC2::Instance", {"Tags": tags}, members)

group(properties, members) := judged("AWS::AutoScaling::AutoScalingGroup", properties, members)

association(targets) := {"patch_associations": [documents.member(
	"a",
	"AWS::SSM::Association",
	{"Name": "AWS-RunPatchBaseline", "Targets": targets},
)]}

by(key, values) := association([{"Key": key, "Values": values}])

prod := {"Key": "Stage", "Value": "prod"}

test_pass if {
	every members in [by("InstanceIds", ["*"]), by("InstanceIds", ["⟦example#Ref⟧"]), by("tag:Stage", ["prod"])] {
		count(policy.deny) == 0 with input as instance([prod], members)
		count(policy.unknown) == 0 with input as instance([prod], members)
		[] in policy.settled with input as instance([prod], members)
	}
}

test_fail if {
	every members in [{}, by("InstanceIds", ["⟦other#Ref⟧"]), by("tag:Stage", ["test"])] {
		count(policy.deny) == 1 with input as instance([prod], members)
		count(policy.unknown) == 0 with input as instance([prod], members)
		not [] in policy.settled with input as instance([prod], members)
	}
}

test_fail_absent_tags if {
	document := judged("AWS::EC2::Instance", {}, by("tag:Stage", ["prod"]))
	count(policy.deny) == 1 with input as document
}

test_fail_other_document if {
	other := {"patch_associations": [documents.member(
		"a",
		"AWS::SSM::Association",
		{"Name": "AWS-GatherSoftwareInventory", "Targets": [{"Key": "InstanceIds", "Values": ["*"]}]},
	)]}
	count(policy.deny) == 1 with input as instance([], other)
	["@patch_associations", 0] in policy.settled with input as instance([], other)
}

test_unknown_where_it_is_not_seen if {
	document := instance([prod], by("resource-groups:Name", ["web"]))
	count(policy.deny) == 0 with input as document
	count(policy.unknown) == 1 with input as document
}

task(values) := {"patch_tasks": [documents.member(
	"m",
	"AWS::SSM::MaintenanceWindowTask",
	{"TaskArn": "AWS-RunPatchBaseline", "Targets": [{"Key": "WindowTargetIds", "Values": values}]},
)]}

window(targets) := {"window_targets": [documents.member(
	"t",
	"AWS::SSM::MaintenanceWindowTarget",
	{"Targets": targets},
)]}

test_maintenance_window if {
	chosen := object.union(task(["⟦t#Ref⟧"]), window([{"Key": "tag:Stage", "Values": ["prod"]}]))
	count(policy.deny) == 0 with input as instance([prod], chosen)
	count(policy.deny) == 1 with input as instance([], chosen)
	["@window_targets", 0] in policy.settled with input as instance([], chosen)
	count(policy.unknown) == 1 with input as instance([prod], task(["e32eecb2-646c-4f4b-8ed1-205fbEXAMPLE"]))
	unnamed := object.union(task(["⟦other#Ref⟧"]), window([]))
	["@window_targets", 0] in policy.settled with input as instance([], unnamed)
	another := {"patch_tasks": [documents.member("m", "AWS::SSM::MaintenanceWindowTask", {"TaskArn": "AWS-RunShellScript"})]}
	["@window_targets", 0] in policy.settled with input as instance([], object.union(another, window([])))
}

test_group_hands_down_what_it_propagates if {
	propagated := {"Tags": [object.union(prod, {"PropagateAtLaunch": true})]}
	kept := {"Tags": [object.union(prod, {"PropagateAtLaunch": false})]}
	count(policy.deny) == 0 with input as group(propagated, by("tag:Stage", ["prod"]))
	count(policy.deny) == 1 with input as group(kept, by("tag:Stage", ["prod"]))
}

test_group_by_its_name if {
	every name in ["web", "⟦example#Ref⟧"] {
		document := group({"AutoScalingGroupName": "web"}, by("tag:aws:autoscaling:groupName", [name]))
		count(policy.deny) == 0 with input as document
	}
	count(policy.deny) == 1 with input as group({}, by("tag:aws:autoscaling:groupName", ["web"]))
}

template(address, kind, tags) := documents.member(address, "AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]}})

test_tags_of_a_launch_template if {
	members := object.union(by("tag:Stage", ["prod"]), {"launch_template": [template("t", "instance", [prod])]})
	count(policy.deny) == 0 with input as instance([], members)
	volumes := object.union(by("tag:Stage", ["prod"]), {"launch_template": [template("t", "volume", [prod])]})
	count(policy.deny) == 1 with input as instance([], volumes)
}

test_all_launch_templates_of_a_group_have_to_add_it if {
	one := {"group_launch_templates": [template("t", "instance", [prod]), template("u", "instance", [])]}
	count(policy.deny) == 1 with input as group({}, object.union(by("tag:Stage", ["prod"]), one))
	both := {"group_launch_templates": [template("t", "instance", [prod]), template("u", "instance", [prod])]}
	count(policy.deny) == 0 with input as group({}, object.union(by("tag:Stage", ["prod"]), both))
}

test_unknown_while_a_launch_template_is_elsewhere if {
	document := object.union(instance([], by("tag:Stage", ["prod"])), {"outside": ["launch_template"]})
	count(policy.unknown) == 1 with input as document
	count(policy.deny) == 0 with input as document
}

test_unknown_tags if {
	document := documents.unknown_at(instance([], by("tag:Stage", ["prod"])), [["Tags", 0]])
	count(policy.deny) == 0 with input as document
	count(policy.unknown) == 1 with input as document
	not ["Tags"] in policy.settled with input as document
	by_id := documents.unknown_at(instance([], by("InstanceIds", ["⟦other#Ref⟧"])), [["Tags", 0]])
	count(policy.deny) == 1 with input as by_id
	["Tags"] in policy.settled with input as by_id
}

test_a_baseline_alone_is_nothing if {
	baselines := {"patch_baselines": [documents.member("b", "AWS::SSM::PatchBaseline", {})]}
	count(policy.deny) == 1 with input as instance([], baselines)
	["@patch_baselines", 0] in policy.settled with input as instance([], baselines)
}

test_none_patched_elsewhere if {
	policy.not_applicable with input as instance([], {})
		with data.srmcheck.parameters as {"SRM-SSM-004": {"patched_elsewhere": true}}
	not policy.not_applicable with input as instance([], {})
		with data.srmcheck.parameters as {"SRM-SSM-004": {"patched_elsewhere": false}}
}
