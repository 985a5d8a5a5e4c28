package srmcheck.lib.ssm_test

import data.srmcheck.lib.ssm

schedule(targets) := {"address": "s", "properties": {"Targets": targets}, "unknown": []}

by(key, values) := schedule([{"Key": key, "Values": values}])

but(given, unknown) := object.union(given, {"unknown": unknown})

instance(tags) := {
	"resource": {"address": "i", "type": "AWS::EC2::Instance"},
	"tags": tags,
	"knows_tags": true,
}

group := {"resource": {"address": "g", "type": "AWS::AutoScaling::AutoScalingGroup"}, "tags": set(), "knows_tags": true}

test_runs if {
	every name in ["AWS-RunPatchBaseline", "arn:aws:ssm:eu-west-1::document/AWS-RunPatchBaseline"] {
		ssm.runs({"properties": {"Name": name}, "unknown": []}, ["Name"], {"AWS-RunPatchBaseline"})
		not ssm.runs_none({"properties": {"Name": name}, "unknown": []}, ["Name"], {"AWS-RunPatchBaseline"})
	}
	ssm.runs_none({"properties": {"Name": "AWS-RunShellScript"}, "unknown": []}, ["Name"], {"AWS-RunPatchBaseline"})
	every unknown in [[["Name"]], []] {
		not ssm.runs({"properties": {}, "unknown": unknown}, ["Name"], {"AWS-RunPatchBaseline"})
		not ssm.runs_none({"properties": {}, "unknown": unknown}, ["Name"], {"AWS-RunPatchBaseline"})
	}
}

test_by_id if {
	ssm.chooses(by("InstanceIds", ["⟦i#Ref⟧"]), instance(set()), [])
	ssm.chooses(by("InstanceIds", ["*"]), instance(set()), [])
	ssm.chooses(by("InstanceIds", ["*"]), group, [])
	ssm.passes_over(by("InstanceIds", ["⟦other#Ref⟧", "i-0a1b2c3d"]), instance(set()), [])
	ssm.passes_over(by("InstanceIds", ["⟦g#Ref⟧"]), group, [])
	not ssm.chooses(by("InstanceIds", ["⟦other#Ref⟧"]), instance(set()), [])
}

test_by_tag if {
	tagged := instance({["Stage", "prod"]})
	ssm.chooses(by("tag:Stage", ["test", "prod"]), tagged, [])
	ssm.chooses(by("tag-key", ["Stage"]), tagged, [])
	every other in [by("tag:Stage", ["test"]), by("tag:stage", ["prod"]), by("tag-key", ["Team"])] {
		ssm.passes_over(other, tagged, [])
		not ssm.chooses(other, tagged, [])
		not ssm.passes_over(other, object.union(tagged, {"knows_tags": false}), [])
	}
	ssm.chooses_by_tag(by("tag:Stage", ["prod"]))
	ssm.chooses_by_tag(by("tag-key", ["Stage"]))
	not ssm.chooses_by_tag(by("InstanceIds", ["*"]))
}

test_all_targets_have_to_choose if {
	both := schedule([{"Key": "tag:Stage", "Values": ["prod"]}, {"Key": "tag:Team", "Values": ["web"]}])
	ssm.chooses(both, instance({["Stage", "prod"], ["Team", "web"]}), [])
	not ssm.chooses(both, instance({["Stage", "prod"]}), [])
	ssm.passes_over(both, instance({["Stage", "prod"]}), [])
}

test_unknown_targets if {
	open := but(by("InstanceIds", ["*"]), [["Targets", 1]])
	not ssm.chooses(open, instance(set()), [])
	not ssm.passes_over(open, instance(set()), [])
	values := but(by("InstanceIds", []), [["Targets", 0, "Values", 0]])
	not ssm.chooses(values, instance(set()), [])
	not ssm.passes_over(values, instance(set()), [])
	ssm.passes_over(but(by("tag:Stage", ["prod"]), [["Targets", 1]]), instance(set()), [])
}

test_what_is_not_seen if {
	every key in ["resource-groups:Name", "ParameterValues", "WindowTargetIds"] {
		not ssm.chooses(by(key, ["web"]), instance(set()), [])
		not ssm.passes_over(by(key, ["web"]), instance(set()), [])
	}
}

test_without_targets if {
	ssm.passes_over(schedule([]), instance(set()), [])
	ssm.passes_over({"properties": {}, "unknown": []}, instance(set()), [])
	not ssm.passes_over({"properties": {}, "unknown": [["Targets"]]}, instance(set()), [])
	not ssm.passes_over({"properties": {}, "unknown": [["InstanceId"]]}, instance(set()), [])
}

test_instance_id if {
	ssm.chooses({"properties": {"InstanceId": "⟦i#Ref⟧"}, "unknown": []}, instance(set()), [])
	not ssm.passes_over({"properties": {"InstanceId": "⟦i#Ref⟧"}, "unknown": []}, instance(set()), [])
	ssm.passes_over({"properties": {"InstanceId": "⟦other#Ref⟧"}, "unknown": []}, instance(set()), [])
}

test_window_targets if {
	task := by("WindowTargetIds", ["⟦t#Ref⟧"])
	target := object.union(by("tag:Stage", ["prod"]), {"address": "t"})
	ssm.chooses(task, instance({["Stage", "prod"]}), [target])
	not ssm.chooses(task, instance(set()), [target])
	ssm.passes_over(task, instance(set()), [target])
	not ssm.passes_over(task, instance({["Stage", "prod"]}), [target])
	not ssm.passes_over(task, instance(set()), [])
	ssm.ignores(task, {"address": "other"})
	not ssm.ignores(task, {"address": "t"})
	not ssm.ignores(but(task, [["Targets", 1]]), {"address": "other"})
}
