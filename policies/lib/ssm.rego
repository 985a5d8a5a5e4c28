# Systems Manager: whom associations and maintenance windows run a document on. Words: docs/verdicts.md, "Schedules".
# Parameters: `schedule` an association, task or target of a maintenance window; `subject` is the instance (or the
# instances of an Auto Scaling group) as {"resource": the resource, "tags": {[key, value], ...}, "knows_tags": boolean};
# `others` are the targets of maintenance windows that a task may name.
package srmcheck.lib.ssm

import data.srmcheck.lib.resource

# A schedule runs one of several documents, by name or ARN.
runs(schedule, path, documents) if {
	parts := split(resource.plain(resource.text(schedule, path)), "/")
	parts[count(parts) - 1] in documents
}

# A schedule is known to run another document.
runs_none(schedule, path, documents) if {
	resource.given(schedule, path)
	not runs(schedule, path, documents)
}

# All targets of a schedule choose the subject, or its InstanceId does.
chooses(schedule, subject, others) if {
	_has_targets(schedule)
	every i, _ in resource.list(schedule, ["Targets"]) {
		_hits(schedule, ["Targets", i], subject, others)
	}
}

chooses(schedule, subject, _) if _is_instance(subject, resource.text(schedule, ["InstanceId"]))

# A schedule is known not to choose the subject.
passes_over(schedule, subject, others) if {
	not _may_be_named(schedule, subject)
	some i, _ in resource.list(schedule, ["Targets"])
	_misses(schedule, ["Targets", i], subject, others)
}

passes_over(schedule, subject, _) if {
	not _may_be_named(schedule, subject)
	resource.absent(schedule, ["Targets"])
}

# A target of the schedule chooses by tags.
chooses_by_tag(schedule) if {
	some i, _ in resource.list(schedule, ["Targets"])
	_is_by_tag(_key(schedule, ["Targets", i]))
}

# A task is known not to name a target of a maintenance window.
ignores(task, other) if {
	not resource.is_unknown(task, ["Targets"])
	every i, _ in resource.list(task, ["Targets"]) {
		every value in _values(task, ["Targets", i]) {
			not resource.is_named_by(other, value)
		}
	}
}

_hits(schedule, target, subject, _) if _hits_itself(schedule, target, subject)

_hits(schedule, target, subject, others) if {
	lower(_key(schedule, target)) == "windowtargetids"
	some value in _values(schedule, target)
	some other in others
	resource.is_named_by(other, value)
	_has_targets(other)
	every i, _ in resource.list(other, ["Targets"]) {
		_hits_itself(other, ["Targets", i], subject)
	}
}

_hits_itself(schedule, target, subject) if {
	lower(_key(schedule, target)) == "instanceids"
	some value in _values(schedule, target)
	_is_chosen_by_id(subject, value)
}

_hits_itself(schedule, target, subject) if {
	startswith(_key(schedule, target), "tag:")
	some value in _values(schedule, target)
	[trim_prefix(_key(schedule, target), "tag:"), value] in subject.tags
}

_hits_itself(schedule, target, subject) if {
	_key(schedule, target) == "tag-key"
	some [key, _] in subject.tags
	key in _values(schedule, target)
}

_misses(schedule, target, subject, _) if _misses_itself(schedule, target, subject)

_misses(schedule, target, subject, others) if {
	lower(_key(schedule, target)) == "windowtargetids"
	not resource.is_unknown(schedule, target)
	every value in _values(schedule, target) {
		some other in others
		resource.is_named_by(other, value)
		some i, _ in resource.list(other, ["Targets"])
		_misses_itself(other, ["Targets", i], subject)
	}
}

_misses_itself(schedule, target, subject) if {
	_tells(subject, _key(schedule, target))
	not resource.is_unknown(schedule, target)
	not _hits_itself(schedule, target, subject)
}

# What the subject shows can be compared with a kind of target. Resource groups and the like are not seen.
_tells(_, key) if lower(key) == "instanceids"

_tells(subject, key) if {
	_is_by_tag(key)
	subject.knows_tags
}

_is_by_tag(key) if startswith(key, "tag:")

_is_by_tag(key) if key == "tag-key"

_is_chosen_by_id(_, value) if value == "*"

_is_chosen_by_id(subject, value) if _is_instance(subject, value)

_is_instance(subject, value) if {
	subject.resource.type == "AWS::EC2::Instance"
	resource.is_named_by(subject.resource, value)
}

_may_be_named(schedule, _) if resource.is_unknown(schedule, ["InstanceId"])

_may_be_named(schedule, subject) if _is_instance(subject, resource.text(schedule, ["InstanceId"]))

# targets, all of them in sight
_has_targets(schedule) if {
	size := count(resource.list(schedule, ["Targets"]))
	size > 0
	not resource.is_unknown(schedule, ["Targets", size])
}

_key(schedule, target) := resource.text(schedule, array.concat(target, ["Key"]))

_values(schedule, target) := [value |
	some value in resource.list(schedule, array.concat(target, ["Values"]))
	is_string(value)
]
