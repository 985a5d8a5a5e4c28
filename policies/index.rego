


































package srmcheck.cloudtrail.multi_region_trail

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny_stack contains finding.on(
	null,
	[],
	"account has no trail",
	[["@AWS::CloudTrail::Trail"]],
) if {
	count(trails) == 0
}

deny_stack contains finding.on(
	trail.address,
	place,
	concat("", ["account has no multi-Region trail that logs all management events: ", reason]),
	[["@AWS::CloudTrail::Trail"]],
) if {
	not has_full_trail
	some trail in trails
	faults := [fault | some fault in checks; is_fault(trail, fault)]
	place := faults[0].place
	reason := faults[0].reason
}

settled_stack contains [] if has_full_trail


settled_stack contains ["@AWS::CloudTrail::Trail", i] if {
	some i, trail in trails
	some fault in checks
	is_fault(trail, fault)
}

trails := input.template["AWS::CloudTrail::Trail"]

has_full_trail if {
	some trail in trails
	resource.value(trail, ["IsMultiRegionTrail"]) == true
	resource.value(trail, ["IsLogging"]) == true
	logs_management_events(trail)
}

checks := [
	{"place": ["IsMultiRegionTrail"], "reason": "this one covers a single Region"},
	{"place": ["IsLogging"], "reason": "this one is switched off"},
	{"place": ["EventSelectors"], "reason": "this one leaves out management events"},
]

is_fault(trail, check) if {
	check.place != ["EventSelectors"]
	resource.value(trail, check.place) == false
}

is_fault(trail, check) if {
	check.place != ["EventSelectors"]
	resource.absent(trail, check.place)
}

is_fault(trail, check) if {
	check.place == ["EventSelectors"]
	not resource.is_unknown(trail, ["EventSelectors"])
	not resource.is_unknown(trail, ["AdvancedEventSelectors"])
	not logs_management_events(trail)
}


logs_management_events(trail) if {
	resource.absent(trail, ["EventSelectors"])
	resource.absent(trail, ["AdvancedEventSelectors"])
}

logs_management_events(trail) if {
	some i, _ in resource.list(trail, ["EventSelectors"])
	is_included(trail, ["EventSelectors", i, "IncludeManagementEvents"])
	is_read_and_write(trail, ["EventSelectors", i, "ReadWriteType"])
}

logs_management_events(trail) if {
	some i, _ in resource.list(trail, ["AdvancedEventSelectors"])
	fields := ["AdvancedEventSelectors", i, "FieldSelectors"]
	some j, _ in resource.list(trail, fields)
	resource.option(trail, array.concat(fields, [j, "Field"])) == "eventcategory"
	resource.option(trail, array.concat(fields, [j, "Equals", 0])) == "management"
	not resource.is_unknown(trail, fields)
	every k, _ in resource.list(trail, fields) {
		resource.option(trail, array.concat(fields, [k, "Field"])) != "readonly"
	}
}

is_included(trail, path) if resource.value(trail, path) == true

is_included(trail, path) if resource.absent(trail, path)

is_read_and_write(trail, path) if resource.option(trail, path) == "all"

is_read_and_write(trail, path) if resource.absent(trail, path)





















































package srmcheck.ec2.imdsv2

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource


not_applicable if {
	takes_tokens_from_template
	resource.absent(input.resource, endpoint)
}

not_applicable if {
	takes_tokens_from_template
	has_open_endpoint(input.resource, endpoint)
	not resource.is_unknown(template, template_endpoint)
	resource.option(template, template_endpoint) != "disabled"
}

deny contains finding.resting(
	tokens,
	"instance metadata service does not require session tokens (IMDSv2)",
	array.concat(laxness, exposure),
)

unknown contains finding.at(["LaunchTemplate"], "launch template, which may require session tokens, is elsewhere") if {
	takes_from_unseen_template
	resource.absent(input.resource, tokens)
	resource.option(input.resource, endpoint) != "disabled"
}

unknown contains finding.at(["LaunchTemplate"], "launch template, which may disable the endpoint, is elsewhere") if {
	takes_from_unseen_template
	laxness
	resource.absent(input.resource, endpoint)
}

settled contains [] if requires_tokens(input.resource, tokens)

settled contains [] if resource.option(input.resource, endpoint) == "disabled"

settled contains [] if {
	resource.absent(input.resource, tokens)
	resource.absent(input.resource, ["LaunchTemplate"])
	is_required_by_default
}



laxness := [tokens] if {
	resource.given(input.resource, tokens)
	not requires_tokens(input.resource, tokens)
}


laxness := [tokens, ["LaunchTemplate"], ["@launch_template"], ["@metadata_defaults"]] if {
	resource.absent(input.resource, tokens)
	has_no_template
	not is_required_by_default
}


laxness := [tokens, ["LaunchTemplate"], ["@launch_template"], ["@metadata_defaults"]] if {
	takes_tokens_from_template
	has_open_endpoint(input.resource, endpoint)
	resource.option(template, template_endpoint) == "disabled"
	not requires_tokens(template, template_tokens)
	not is_required_by_default
}



exposure := [endpoint] if has_open_endpoint(input.resource, endpoint)

exposure := [endpoint, ["LaunchTemplate"], ["@launch_template"]] if {
	resource.absent(input.resource, endpoint)
	has_no_template
}

exposure := [endpoint, ["LaunchTemplate"], array.concat(["@launch_template", 0], template_endpoint)] if {
	resource.absent(input.resource, endpoint)
	resource.option(template, template_endpoint) != "disabled"
}

requires_tokens(judged, path) if resource.option(judged, path) == "required"

has_open_endpoint(judged, path) if {
	resource.given(judged, path)
	resource.option(judged, path) != "disabled"
}


is_required_by_default if {
	some setting in input.related.metadata_defaults
	requires_tokens(setting, ["HttpTokens"])
}

takes_tokens_from_template if {
	template
	not "launch_template" in input.open
	resource.absent(input.resource, tokens)
}

has_no_template if {
	not template
	resource.absent(input.resource, ["LaunchTemplate"])
}

takes_from_unseen_template if {
	resource.given(input.resource, ["LaunchTemplate"])
	count(object.get(input.related, "launch_template", [])) == 0
}

template := input.related.launch_template[0]

options := ["LaunchTemplateData", "MetadataOptions"] if input.resource.type == "AWS::EC2::LaunchTemplate"

options := ["MetadataOptions"] if input.resource.type != "AWS::EC2::LaunchTemplate"

tokens := array.concat(options, ["HttpTokens"])

endpoint := array.concat(options, ["HttpEndpoint"])

template_tokens := ["LaunchTemplateData", "MetadataOptions", "HttpTokens"]

template_endpoint := ["LaunchTemplateData", "MetadataOptions", "HttpEndpoint"]














































package srmcheck.ec2.volume_encryption

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.resting(
	["Encrypted"],
	"volume is not encrypted",
	[["Encrypted"], ["KmsKeyId"], ["SnapshotId"], ["@encryption_by_default"]],
) if {
	input.resource.properties.Encrypted == false
	not takes_from_snapshot
	not encrypted_by_default
}

deny contains finding.resting(
	["Encrypted"],
	"volume does not say that it is encrypted",
	[["Encrypted"], ["KmsKeyId"], ["SnapshotId"], ["@encryption_by_default"]],
) if {
	resource.absent(input.resource, ["Encrypted"])
	not resource.given(input.resource, ["KmsKeyId"])
	not takes_from_snapshot
	not encrypted_by_default
}

unknown contains finding.resting(
	["SnapshotId"],
	"volume keeps the encryption of its snapshot",
	[["SnapshotId"]],
) if {
	resource.value(input.resource, ["Encrypted"]) in [null, false]
	takes_from_snapshot
	not encrypted_by_default
}

settled contains [] if input.resource.properties.Encrypted == true

settled contains [] if encrypted_by_default

settled contains [] if {
	resource.absent(input.resource, ["Encrypted"])
	resource.given(input.resource, ["KmsKeyId"])
}

takes_from_snapshot if {
	resource.given(input.resource, ["SnapshotId"])
	not resource.given(input.resource, ["KmsKeyId"])
}

encrypted_by_default if {
	some setting in input.related.encryption_by_default
	resource.value(setting, ["Enabled"]) == true
}


settled contains ["@encryption_by_default", i] if {
	some i, setting in input.related.encryption_by_default
	resource.value(setting, ["Enabled"]) == false
}































package srmcheck.ecs.environment_credentials

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.secrets

deny contains finding.at(name, "environment variable holds credentials of AWS") if {
	some [name, _] in entries
	is_credential_name(resource.text(input.resource, name))
}

deny contains finding.resting(value, "environment variable with a secret-like name has a literal value", [name]) if {
	some [name, value] in entries
	secrets.is_secret_name(resource.text(input.resource, name))
	secrets.is_secret_literal(input.resource, value)
}

deny contains finding.resting(value, "environment variable holds a credential", []) if {
	some [_, value] in entries
	secrets.is_credential(input.resource, value)
}


settled contains value if {
	some [_, value] in entries
	secrets.is_examined(input.resource, value)
}


settled contains value if {
	some [name, value] in entries
	is_credential_name(resource.text(input.resource, name))
}

is_credential_name(name) if name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"]


entries contains [array.concat(entry, ["Name"]), array.concat(entry, ["Value"])] if {
	some i, _ in resource.list(input.resource, ["ContainerDefinitions"])
	some j, _ in resource.list(input.resource, ["ContainerDefinitions", i, "Environment"])
	entry := ["ContainerDefinitions", i, "Environment", j]
}









































package srmcheck.iam.password_length

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at(["MinimumPasswordLength"], "passwords may be shorter than 14 characters") if {
	input.resource.properties.MinimumPasswordLength < 14
}

deny contains finding.at(["MinimumPasswordLength"], "passwords may be as short as 6 characters, the default") if {
	resource.absent(input.resource, ["MinimumPasswordLength"])
}

deny_stack contains finding.on(
	null,
	[],
	"account has no password policy",
	[["@AWS::IAM::AccountPasswordPolicy"]],
) if {
	count(input.template["AWS::IAM::AccountPasswordPolicy"]) == 0
}


settled_stack contains [] if count(input.template["AWS::IAM::AccountPasswordPolicy"]) > 0





































package srmcheck.iam.privilege_escalation

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource


deny contains finding.resting(
	array.concat(statement, ["Action"]),
	concat("", ["allows ", named(sets), " on every resource, a way to take any other right"]),
	[path | some set in sets; some path in set.paths],
) if {
	some statement in effective
	sets := [set | some set in allowed_sets; set.statement == statement]
	count(sets) > 0
}

unknown contains finding.at(statement, "statement that allows escalation has no Effect") if {
	some statement in statements
	iam.has_no_effect(input.resource, statement)
	iam.is_unconditional(input.resource, statement)
	count(iam.all_resources(input.resource, statement)) > 0
	count(iam.covered(input.resource, statement, actions)) > 0
}

settled contains statement if {
	some statement in statements
	is_harmless(input.resource, statement)
}

is_harmless(judged, statement) if iam.never_allows(judged, statement)

is_harmless(judged, statement) if iam.is_conditional(judged, statement)

is_harmless(judged, statement) if iam.names_resources(judged, statement)

is_harmless(judged, statement) if iam.spares_actions(judged, statement, actions)



single_actions := {
	"iam:AddUserToGroup",
	"iam:AttachGroupPolicy",
	"iam:AttachRolePolicy",
	"iam:AttachUserPolicy",
	"iam:CreateAccessKey",
	"iam:CreateLoginProfile",
	"iam:CreatePolicyVersion",
	"iam:PutGroupPolicy",
	"iam:PutRolePolicy",
	"iam:PutUserPolicy",
	"iam:SetDefaultPolicyVersion",
	"iam:UpdateAssumeRolePolicy",
	"iam:UpdateLoginProfile",
}


launching_actions := {
	"cloudformation:CreateStack",
	"codebuild:CreateProject",
	"datapipeline:CreatePipeline",
	"ec2:RunInstances",
	"ecs:RunTask",
	"glue:CreateDevEndpoint",
	"glue:CreateJob",
	"lambda:CreateFunction",
	"sagemaker:CreateNotebookInstance",
}

actions := {lower(action): action | some action in ({"iam:PassRole"} | (single_actions | launching_actions))}

allowed_sets contains {"name": action, "statement": grant.statement, "paths": grant.paths} if {
	some action in single_actions
	grant := grants[action]
}

allowed_sets contains {
	"name": concat(" with ", ["iam:PassRole", action]),
	"statement": min([passing.statement, launching.statement]),
	"paths": array.concat(passing.paths, launching.paths),
} if {
	passing := grants["iam:PassRole"]
	some action in launching_actions
	launching := grants[action]
}


grants[action] := {"statement": statement, "paths": paths} if {
	some action in actions
	entries := {[one, place] | some [allowed, one, place] in covered; allowed == action}
	[statement, entry] := min(entries)
	paths := [
		array.concat(statement, ["Effect"]),
		entry,
		min(iam.all_resources(input.resource, statement)),
		array.concat(statement, ["Condition"]),
	]
}


covered contains [action, statement, place] if {
	some statement in effective
	some [action, place] in iam.covered(input.resource, statement, actions)
}



effective contains statement if {
	some statement in statements
	iam.allows(input.resource, statement)
	iam.is_unconditional(input.resource, statement)
	count(iam.all_resources(input.resource, statement)) > 0
}

statements contains statement if {
	some document in documents
	some statement in iam.statements(input.resource, document)
}

documents contains ["PolicyDocument"]

documents contains ["InlinePolicy"]

documents contains ["Policies", i, "PolicyDocument"] if some i, _ in resource.list(input.resource, ["Policies"])


named(sets) := concat(", ", names) if {
	names := sort({set.name | some set in sets})
	count(names) < 4
} else := concat("", [concat(", ", array.slice(names, 0, 3)), " and more"]) if {
	names := sort({set.name | some set in sets})
}































package srmcheck.kms.open_key_policy

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam

deny contains finding.resting(
	principal,
	"key policy allows any principal, and no condition narrows it to known callers",
	[principal, array.concat(statement, ["Effect"]), array.concat(statement, ["Condition"])],
) if {
	some statement in statements
	iam.allows(input.resource, statement)
	some principal in iam.any_principals(input.resource, statement)
	not iam.is_narrowed(input.resource, statement)
}

unknown contains finding.at(statement, "statement for any principal has no Effect") if {
	some statement in statements
	iam.has_no_effect(input.resource, statement)
	count(iam.any_principals(input.resource, statement)) > 0
	not iam.is_narrowed(input.resource, statement)
}

settled contains statement if {
	some statement in statements
	is_harmless(input.resource, statement)
}


settled contains test if {
	some statement in statements
	some test in iam.idle_tests(input.resource, statement)
}

is_harmless(key, statement) if iam.never_allows(key, statement)

is_harmless(key, statement) if iam.names_principals(key, statement)

is_harmless(key, statement) if iam.is_narrowed(key, statement)

statements := iam.statements(input.resource, ["KeyPolicy"])



























package srmcheck.lambda.supported_runtime

import data.srmcheck.data.lambda_runtimes
import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

not_applicable if resource.option(input.resource, ["PackageType"]) == "image"

not_applicable if resource.absent(input.resource, ["Runtime"])

deny contains finding.resting(
	["Runtime"],
	concat("", ["runtime ", runtime, " is deprecated since ", deprecated_since]),
	[["Runtime"], ["PackageType"]],
) if {
	deprecated_since <= lambda_runtimes.date
}

unknown contains finding.at(["Runtime"], "runtime is not in AWS's list of runtimes") if {
	runtime != ""
	not runtime in object.keys(lambda_runtimes.deprecation)
}

settled contains [] if deprecated_since > lambda_runtimes.date

deprecated_since := lambda_runtimes.deprecation[runtime]

runtime := resource.text(input.resource, ["Runtime"])

package srmcheck.lib.finding


at(path, message) := resting(path, message, [path])


resting(place, message, paths) := {"place": place, "message": message, "paths": paths}


on(address, place, message, paths) := {"address": address, "place": place, "message": message, "paths": paths}


package srmcheck.lib.iam

import data.srmcheck.lib.resource


statements(judged, document) := {array.concat(document, ["Statement", i]) |
	some i, _ in resource.list(judged, array.concat(document, ["Statement"]))
}




allows(judged, statement) if resource.option(judged, array.concat(statement, ["Effect"])) == "allow"


denies(judged, statement) if resource.option(judged, array.concat(statement, ["Effect"])) == "deny"


never_allows(judged, statement) if {
	not resource.option(judged, array.concat(statement, ["Effect"])) in ["", "allow"]
}


never_denies(judged, statement) if {
	not resource.option(judged, array.concat(statement, ["Effect"])) in ["", "deny"]
}


has_no_effect(judged, statement) if resource.absent(judged, array.concat(statement, ["Effect"]))




any_principals(judged, statement) := {place |
	some place in _principals(judged, statement)
	_is_anyone(resource.text(judged, place))
}


names_principals(judged, statement) if {
	not resource.is_unknown(judged, array.concat(statement, ["Principal"]))
	count(any_principals(judged, statement)) == 0
}


names_service(judged, statement, service) if {
	some i, _ in resource.list(judged, array.concat(statement, ["Principal", "Service"]))
	entry := resource.text(judged, array.concat(statement, ["Principal", "Service", i]))
	some suffix in [".amazonaws.com", ".amazonaws.com.cn", ".⟦AWS::URLSuffix#Ref⟧"]
	lower(entry) == lower(concat("", [service, suffix]))
}


names_other_services(judged, statement, service) if {
	not resource.is_unknown(judged, array.concat(statement, ["Principal"]))
	not names_service(judged, statement, service)
}

_principals(judged, statement) := {place |
	some below in [[], ["AWS"]]
	place := array.concat(statement, array.concat(["Principal"], below))
	resource.text(judged, place) != ""
} | {place |
	some below in [[], ["AWS"]]
	entries := array.concat(statement, array.concat(["Principal"], below))
	some i, _ in resource.list(judged, entries)
	place := array.concat(entries, [i])
}

_is_anyone(entry) if entry == "*"

_is_anyone(entry) if {
	parts := split(resource.plain(entry), ":")
	parts[0] == "arn"
	_has_wildcard(parts[4])
}





covering(judged, statement, action) := {array.concat(actions, [i]) |
	actions := array.concat(statement, ["Action"])
	some i, _ in resource.list(judged, actions)
	matches(resource.text(judged, array.concat(actions, [i])), action)
}



covered(judged, statement, actions) := {[action, place] |
	list := array.concat(statement, ["Action"])
	some i, _ in resource.list(judged, list)
	place := array.concat(list, [i])
	some action in _covered_by(resource.text(judged, place), actions)
}

_covered_by(pattern, actions) := {action |
	some action in actions
	matches(pattern, action)
} if {
	_has_wildcard(pattern)
} else := {actions[lower(pattern)]}


spares_action(judged, statement, action) if {
	not resource.is_unknown(judged, array.concat(statement, ["Action"]))
	count(covering(judged, statement, action)) == 0
}


spares_actions(judged, statement, actions) if {
	not resource.is_unknown(judged, array.concat(statement, ["Action"]))
	count(covered(judged, statement, actions)) == 0
}


matches(pattern, _) if pattern in ["*", "*:*"]

matches(pattern, action) if lower(pattern) == lower(action)

matches(pattern, action) if {
	_has_wildcard(pattern)
	startswith(lower(action), split(split(lower(pattern), "*")[0], "?")[0])
	regex.match(`^[A-Za-z0-9:_*?.-]+$`, pattern)
	quoted := replace(replace(replace(lower(pattern), ".", "[.]"), "?", "."), "*", ".*")
	regex.match(concat("", ["^", quoted, "$"]), lower(action))
}


all_resources(judged, statement) := {array.concat(resources, [i]) |
	resources := array.concat(statement, ["Resource"])
	some i, entry in resource.list(judged, resources)
	entry == "*"
}


names_resources(judged, statement) if {
	not resource.is_unknown(judged, array.concat(statement, ["Resource"]))
	count(all_resources(judged, statement)) == 0
}




is_conditional(judged, statement) if count(_tests(judged, statement)) > 0


is_unconditional(judged, statement) if {
	count(_tests(judged, statement)) == 0
	not resource.is_unknown(judged, array.concat(statement, ["Condition"]))
}



has_sole_condition(judged, statement, operators, key, wanted) if {
	not resource.is_unknown(judged, array.concat(statement, ["Condition"]))
	tests := _tests(judged, statement)
	count(tests) == 1
	some [operator, tested] in tests
	lower(operator) in operators
	lower(tested) == key
	values := {lower(value) | some value in _values(judged, statement, operator, tested)}
	values == {wanted}
}


has_other_condition(judged, statement, operators, key, wanted) if {
	not resource.is_unknown(judged, array.concat(statement, ["Condition"]))
	not has_sole_condition(judged, statement, operators, key, wanted)
}

has_other_condition(judged, statement, _, _, _) if count(_tests(judged, statement)) > 1

has_other_condition(judged, statement, operators, _, _) if {
	some [operator, _] in _tests(judged, statement)
	not lower(operator) in operators
}

has_other_condition(judged, statement, _, key, _) if {
	some [_, tested] in _tests(judged, statement)
	lower(tested) != key
}

has_other_condition(judged, statement, _, _, wanted) if {
	some [operator, tested] in _tests(judged, statement)
	some value in _values(judged, statement, operator, tested)
	lower(value) != wanted
}


has_condition_on(judged, statement, key) if {
	some [operator, tested] in _tests(judged, statement)
	_is_positive(operator)
	lower(tested) == lower(key)
	values := _values(judged, statement, operator, tested)
	count(values) > 0
	not resource.is_unknown(judged, array.concat(statement, ["Condition", operator, tested]))
	every value in values {
		not regex.match(`^[*?]*$`, value)
	}
}


is_narrowed(judged, statement) if {
	some [operator, key] in _tests(judged, statement)
	_may_narrow(operator, key)
	values := _values(judged, statement, operator, key)
	count(values) > 0
	not resource.is_unknown(judged, array.concat(statement, ["Condition", operator, key]))
	every value in values {
		_is_fixed(lower(key), value)
	}
}


idle_tests(judged, statement) := {array.concat(statement, ["Condition", operator, key]) |
	some [operator, key] in _tests(judged, statement)
	_is_idle(judged, statement, operator, key)
}

_is_idle(_, _, operator, key) if not _may_narrow(operator, key)

_is_idle(judged, statement, operator, key) if {
	some value in _values(judged, statement, operator, key)
	not _is_fixed(lower(key), value)
}

_tests(judged, statement) := {[operator, key] |
	some operator, keys in resource.map(judged, array.concat(statement, ["Condition"]))
	some key, _ in keys
}


_values(judged, statement, operator, key) := [text |
	some value in resource.list(judged, array.concat(statement, ["Condition", operator, key]))
	text := _text_or_wildcard(value)
]

_text_or_wildcard(value) := value if {
	is_string(value)
} else := "*"

_may_narrow(operator, key) if {
	_is_positive(operator)
	lower(key) in _narrowing_keys
}

_is_positive(operator) if {
	trim_suffix(trim_prefix(lower(operator), "foranyvalue:"), "ignorecase") in _positive_operators
}

_positive_operators := {
	"stringequals",
	"stringlike",
	"arnequals",
	"arnlike",
	"ipaddress",
	"bool",
	"numericequals",
	"numericlessthan",
	"numericlessthanequals",
	"numericgreaterthan",
	"numericgreaterthanequals",
}

_narrowing_keys := {
	"aws:principalarn",
	"aws:principalaccount",
	"aws:principalorgid",
	"aws:principalorgpaths",
	"aws:userid",
	"aws:sourcearn",
	"aws:sourceaccount",
	"aws:sourceowner",
	"aws:sourceorgid",
	"aws:sourceorgpaths",
	"aws:sourceip",
	"aws:sourcevpc",
	"aws:sourcevpcarn",
	"aws:sourcevpce",
	"aws:vpceaccount",
	"aws:vpceorgid",
	"aws:vpceorgpaths",
	"kms:calleraccount",
	"s3:dataaccesspointarn",
	"s3:dataaccesspointaccount",
}



_is_fixed(key, value) if {
	key != "aws:sourceip"
	_is_literal(value)
	not _has_wildcard(resource.plain(value))
}

_is_fixed(key, value) if {
	key == "aws:sourceip"
	_is_literal(value)
	_is_narrow_range(resource.plain(value))
}


_is_fixed(key, value) if {
	key in {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}
	_is_literal(value)
	not _has_wildcard(split(resource.plain(value), "/")[0])
}


_is_fixed(key, value) if {
	key == "aws:userid"
	_is_literal(value)
	not _has_wildcard(split(resource.plain(value), ":")[0])
}

_is_fixed(_, value) if {
	_is_literal(value)
	_is_fixed_arn(split(resource.plain(value), ":"))
}


_is_fixed(key, value) if {
	key != "aws:sourceip"
	startswith(value, "⟦")
	_is_literal(value)
	end := regex.replace(resource.plain(value), `[:/].*$`, "")
	not _has_wildcard(end)
}


_is_literal(value) if not contains(resource.plain(value), "${")

_is_fixed_arn(parts) if {
	parts[0] == "arn"
	count(parts) > 5
	parts[4] != ""
	not _has_wildcard(parts[4])
}

_is_fixed_arn(parts) if {
	parts[0] == "arn"
	count(parts) > 5
	parts[2] in _services_without_account
	rest := concat(":", array.slice(parts, 5, count(parts)))
	not _has_wildcard(split(rest, "/")[0])
}


_services_without_account := {"apigateway", "route53", "s3"}

_is_narrow_range(range) if {
	not _has_wildcard(range)
	count(split(range, "/")) == 1
}

_is_narrow_range(range) if {
	not contains(range, ":")
	regex.match(`^[^*?/]+/([89]|[12][0-9]|3[0-2])$`, range)
}

_is_narrow_range(range) if {
	contains(range, ":")
	regex.match(`^[^*?/]+/(3[2-9]|[4-9][0-9]|1[0-2][0-9])$`, range)
}

_has_wildcard(written) if contains(written, "*")

_has_wildcard(written) if contains(written, "?")



package srmcheck.lib.network

import data.srmcheck.lib.resource

_cidrs := ["CidrIp", "CidrIpv6", "CidrBlock", "Ipv6CidrBlock"]

_prefix_lists := ["SourcePrefixListId", "DestinationPrefixListId"]

_first_ports := [["FromPort"], ["PortRange", "From"]]

_last_ports := [["ToPort"], ["PortRange", "To"]]

_by_number := {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}



rules(judged, property, standalone) := {[property, i] | some i, _ in resource.list(judged, [property])} if {
	judged.type != standalone
} else := {[]}




is_world(cidr) if {
	is_string(cidr)
	endswith(cidr, "0")
	parts := split(cidr, "/")
	count(parts) == 2
	parts[1] in ["0", "00", "000"]
}


world_sources(judged, rule) := {source |
	written := resource.value(judged, rule)
	some source in _cidrs
	is_world(written[source])
}



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


world_entries(judged, rule, lists) := {[place, entry] |
	some source in _prefix_lists
	place := array.concat(rule, [source])
	some i, member in lists
	resource.is_named_by(member, resource.text(judged, place))
	some j, _ in resource.list(member, ["Entries"])
	is_world(resource.text(member, ["Entries", j, "Cidr"]))
	entry := ["@prefix_lists", i, "Entries", j, "Cidr"]
}


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


names_list(judged, rule, member) if {
	some source in _prefix_lists
	resource.is_named_by(member, resource.text(judged, array.concat(rule, [source])))
}


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


covers_tcp_port(judged, rule, port) if _covers(judged, rule, protocol(judged, rule), "tcp", port)


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


misses_tcp_port(judged, rule, port) if _misses(judged, rule, protocol(judged, rule), "tcp", port)


misses_udp_port(judged, rule, port) if _misses(judged, rule, protocol(judged, rule), "udp", port)

_misses(_, _, name, transport, _) if not name in ["", "-1", transport]

_misses(judged, rule, name, transport, port) if {
	name == transport
	some [first, last] in _range(judged, rule)
	_is_outside(port, first, last)
}

_is_outside(port, first, _) if port < first

_is_outside(port, _, last) if port > last


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


misses_some_port(judged, rule) if _misses_some(judged, rule, protocol(judged, rule))

_misses_some(_, _, name) if not name in ["", "-1", "tcp", "udp"]

_misses_some(judged, rule, name) if {
	name in ["tcp", "udp"]
	some [first, last] in _range(judged, rule)
	_is_gap(first, last)
}

_is_gap(first, _) if first > 1

_is_gap(_, last) if last < 65535



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


package srmcheck.lib.resource


value(judged, path) := object.get(judged.properties, path, null)


text(judged, path) := found if {
	found := value(judged, path)
	is_string(found)
} else := ""


option(judged, path) := lower(text(judged, path))


list(judged, path) := found if {
	found := value(judged, path)
	is_array(found)
} else := []


map(judged, path) := found if {
	found := value(judged, path)
	is_object(found)
} else := {}


given(judged, path) if not value(judged, path) in [null, "", []]


absent(judged, path) if {
	value(judged, path) in [null, "", []]
	not is_unknown(judged, path)
}


is_unknown(judged, path) if {
	some gap in judged.unknown
	_touches(judged, gap, path)
}

_touches(_, gap, path) if {
	shared := min([count(gap), count(path)])
	array.slice(gap, 0, shared) == array.slice(path, 0, shared)
}


_touches(judged, gap, path) if {
	last := count(gap) - 1
	gap[last] == "*"
	count(path) > last
	array.slice(gap, 0, last) == array.slice(path, 0, last)
	value(judged, array.slice(path, 0, last + 1)) == null
}


identity(judged, attribute) := concat("", [_opening(judged), attribute, "⟧"])


is_named_by(judged, reference) if {
	startswith(reference, _opening(judged))
	endswith(reference, "⟧")
	count(split(reference, "⟧")) == 2
}

_opening(judged) := concat("", ["⟦", _encoded(judged.address), "#"])

_encoded(address) := replace(replace(replace(escaped, "⟧", "%E2%9F%A7"), "#", "%23"), "*", "%2A") if {
	escaped := replace(replace(address, "%", "%25"), "⟦", "%E2%9F%A6")
}


plain(written) := regex.replace(written, `⟦[^⟧]*⟧`, "reference")

package srmcheck.lib.s3

import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

_partitions := ["aws", "aws-cn", "aws-us-gov", "⟦AWS::Partition#Ref⟧"]


bucket_arns(bucket) := {resource.identity(bucket, "Arn")} | arns_of_name(resource.identity(bucket, "Ref"))


arns_of_name(name) := {concat("", ["arn:", partition, ":s3:::", name]) |
	name != ""
	some partition in _partitions
}


is_about_bucket(judged, statement, arns) if _names(judged, statement, arns, ["", "*"])


is_about_objects(judged, statement, arns) if _names(judged, statement, arns, ["/*", "*"])

_names(judged, statement, _, _) if count(iam.all_resources(judged, statement)) > 0

_names(judged, statement, arns, endings) if {
	some entry in resource.list(judged, array.concat(statement, ["Resource"]))
	some arn in arns
	some ending in endings
	entry == concat("", [arn, ending])
}

package srmcheck.lib.secrets


is_secret_name(name) if {
	regex.match(
		concat("|", [
			"password",
			"passwd",
			"secret",
			"token",
			"credential",
			"api[^a-z0-9]{0,3}key",
			"access[^a-z0-9]{0,3}key",
			"private[^a-z0-9]{0,3}key",
		]),
		lower(name),
	)
}


is_credential(judged, path) if _has_fact(judged, path, "credential-pattern")


is_secret_literal(judged, path) if _has_fact(judged, path, "secret-literal")


is_examined(judged, path) if _has_fact(judged, path, "examined")

_has_fact(judged, path, fact) if {
	some known in object.get(judged, "facts", [])
	known.path == path
	known.fact == fact
}


















































package srmcheck.rds.public_access

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at(["PubliclyAccessible"], "database is publicly accessible") if {
	input.resource.properties.PubliclyAccessible == true
}


deny contains finding.resting(
	["PubliclyAccessible"],
	"database is public by default, as it names no subnet group",
	array.concat(
		[["PubliclyAccessible"], ["DBSubnetGroupName"], ["DBClusterIdentifier"], ["Engine"]],
		[[source] | some source in sources],
	),
) if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	not is_private_by_default
	not depends_on_source
	resource.given(input.resource, ["Engine"])
}

unknown contains finding.at(["PubliclyAccessible"], "database may take the setting of the one that it is made from") if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	not is_private_by_default
	depends_on_source
}

unknown contains finding.at(["Engine"], "database does not tell its engine") if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	not is_private_by_default
	resource.absent(input.resource, ["Engine"])
}

settled contains [] if input.resource.properties.PubliclyAccessible == false

settled contains [] if {
	resource.absent(input.resource, ["PubliclyAccessible"])
	is_private_by_default
}

is_private_by_default if not resource.value(input.resource, ["DBSubnetGroupName"]) in [null, "", "default"]

is_private_by_default if startswith(resource.option(input.resource, ["Engine"]), "aurora")

is_private_by_default if {
	input.resource.type == "AWS::RDS::DBInstance"
	resource.given(input.resource, ["DBClusterIdentifier"])
}


depends_on_source if {
	some source in sources
	resource.given(input.resource, [source])
}

sources := [
	"SourceDBInstanceIdentifier",
	"SourceDBClusterIdentifier",
	"DBSnapshotIdentifier",
	"DBClusterSnapshotIdentifier",
	"SourceDbiResourceId",
	"SourceDBInstanceAutomatedBackupsArn",
] if {
	input.resource.type == "AWS::RDS::DBInstance"
}

sources := [
	"ReplicationSourceIdentifier",
	"SnapshotIdentifier",
	"SourceDBClusterIdentifier",
	"SourceDbClusterResourceId",
] if {
	input.resource.type == "AWS::RDS::DBCluster"
}


















































package srmcheck.s3.kms_encryption

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

not_applicable if is_log_bucket

not_applicable if logs_to_itself

not_applicable if takes_balancer_logs


deny contains finding.resting(
	["BucketEncryption"],
	"default encryption of the bucket does not use AWS KMS",
	[
		["BucketEncryption"],
		["LoggingConfiguration"],
		["AccessControl"],
		["AccessControlPolicy"],
		["@log_sources"],
		["@bucket_policies"],
		["@access_log_balancers"],
		["@access_log_classic_balancers"],
	],
) if {
	not uses_kms
	count(doubtful_statements) == 0
}

unknown contains finding.resting(
	[],
	"statement about log delivery in the bucket policy has no Effect",
	[],
) if {
	not uses_kms
	count(doubtful_statements) > 0
}

settled contains [] if uses_kms

uses_kms if {
	some i, _ in resource.list(input.resource, rules)
	algorithm := array.concat(rules, [i, "ServerSideEncryptionByDefault", "SSEAlgorithm"])
	resource.option(input.resource, algorithm) in ["aws:kms", "aws:kms:dsse"]
}

rules := ["BucketEncryption", "ServerSideEncryptionConfiguration"]



is_log_bucket if count(input.related.log_sources) > 0

is_log_bucket if resource.option(input.resource, ["AccessControl"]) == "logdeliverywrite"

is_log_bucket if {
	some i, _ in resource.list(input.resource, ["AccessControlPolicy", "Grants"])
	grantee := resource.text(input.resource, ["AccessControlPolicy", "Grants", i, "Grantee", "URI"])
	endswith(grantee, "/groups/s3/LogDelivery")
}

is_log_bucket if {
	some [policy, statement] in delivery_statements
	iam.allows(policy, statement)
}

doubtful_statements contains statement if {
	some [policy, statement] in delivery_statements
	iam.has_no_effect(policy, statement)
}

delivery_statements contains [policy, statement] if {
	some policy in input.related.bucket_policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	iam.names_service(policy, statement, "logging.s3")
	count(iam.covering(policy, statement, "s3:PutObject")) > 0
}


settled contains array.concat(["@bucket_policies", i], statement) if {
	some i, policy in input.related.bucket_policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	is_about_something_else(policy, statement)
}

is_about_something_else(policy, statement) if iam.never_allows(policy, statement)

is_about_something_else(policy, statement) if iam.names_other_services(policy, statement, "logging.s3")

is_about_something_else(policy, statement) if iam.spares_action(policy, statement, "s3:PutObject")


logs_to_itself if {
	is_object(resource.value(input.resource, ["LoggingConfiguration"]))
	resource.absent(input.resource, ["LoggingConfiguration", "DestinationBucketName"])
}

logs_to_itself if {
	resource.is_named_by(input.resource, resource.text(input.resource, ["LoggingConfiguration", "DestinationBucketName"]))
}



takes_balancer_logs if {
	some balancer in input.related.access_log_balancers
	resource.absent(balancer, ["Type"])
}

takes_balancer_logs if {
	some balancer in input.related.access_log_balancers
	resource.option(balancer, ["Type"]) == "application"
}

takes_balancer_logs if count(input.related.access_log_classic_balancers) > 0
















































package srmcheck.s3.public_access_block

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

settings := ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]

deny contains finding.resting(
	["PublicAccessBlockConfiguration", open_settings[0]],
	concat("", ["bucket leaves ", concat(", ", open_settings), " off"]),
	array.concat([["@account_public_access_blocks"]], [path |
		some setting in open_settings
		path := ["PublicAccessBlockConfiguration", setting]
	]),
) if {
	has_block
	count(open_settings) > 0
}

deny contains finding.resting(
	["PublicAccessBlockConfiguration"],
	concat("", ["bucket has no public access block, which leaves ", concat(", ", open_settings), " off"]),
	[["PublicAccessBlockConfiguration"], ["@account_public_access_blocks"]],
) if {
	not has_block
	count(open_settings) > 0
}

has_block if is_object(resource.value(input.resource, ["PublicAccessBlockConfiguration"]))


open_settings := [setting |
	some setting in settings
	is_off(input.resource, ["PublicAccessBlockConfiguration", setting])
	not is_on_in_account(input.related.account_public_access_blocks, setting)
]

is_off(bucket, path) if resource.value(bucket, path) == false

is_off(bucket, path) if resource.absent(bucket, path)

is_on_in_account(blocks, setting) if {
	some block in blocks
	resource.value(block, [setting]) == true
}


settled contains ["PublicAccessBlockConfiguration", setting] if {
	some setting in settings
	is_on_in_account(input.related.account_public_access_blocks, setting)
}

settled contains ["@account_public_access_blocks", i, setting] if {
	some i, _ in input.related.account_public_access_blocks
	some setting in settings
	is_harmless(input.resource, input.related.account_public_access_blocks, setting)
}

is_harmless(bucket, _, setting) if resource.value(bucket, ["PublicAccessBlockConfiguration", setting]) == true

is_harmless(_, blocks, setting) if is_on_in_account(blocks, setting)

settled contains [] if {
	every setting in settings {
		is_harmless(input.resource, input.related.account_public_access_blocks, setting)
	}
}















































package srmcheck.s3.tls_only

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource
import data.srmcheck.lib.s3


not_applicable if {
	input.resource.type == "AWS::S3::BucketPolicy"
	count(input.related.bucket) > 0
}

deny contains finding.resting([], "bucket policy does not deny requests without TLS", [["@bucket_policies"]]) if {
	input.resource.type == "AWS::S3::Bucket"
	count(input.related.bucket_policies) > 0
	not denies_plain_http
	count(doubtful) == 0
}


deny contains finding.resting(
	[],
	"bucket has no policy that denies requests without TLS",
	[["@bucket_policies"]],
) if {
	input.resource.type == "AWS::S3::Bucket"
	count(input.related.bucket_policies) == 0
}

deny contains finding.resting(
	["PolicyDocument"],
	"bucket policy does not deny requests without TLS",
	array.concat([["@bucket"], ["PolicyDocument"]], name_of_bucket),
) if {
	input.resource.type == "AWS::S3::BucketPolicy"
	not denies_plain_http
	count(doubtful) == 0
}

unknown contains finding.resting([], "statement about requests without TLS has no Effect", []) if {
	not denies_plain_http
	count(doubtful) > 0
}


name_of_bucket := [["Bucket"]] if count(able) > 0

name_of_bucket := [] if count(able) == 0

settled contains [] if denies_plain_http

settled contains array.concat(prefix(i), statement) if {
	some i, policy in policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	cannot_help(policy, statement)
}

settled contains ["Bucket"] if {
	input.resource.type == "AWS::S3::BucketPolicy"
	count(able) == 0
}

denies_plain_http if {
	covers_bucket
	covers_objects
}

covers_bucket if {
	some [i, statement] in able
	s3.is_about_bucket(policies[i], statement, arns)
}

covers_objects if {
	some [i, statement] in able
	s3.is_about_objects(policies[i], statement, arns)
}

arns := s3.bucket_arns(input.resource) if input.resource.type == "AWS::S3::Bucket"

arns := s3.arns_of_name(resource.text(input.resource, ["Bucket"])) if input.resource.type == "AWS::S3::BucketPolicy"


able contains [i, statement] if {
	some [i, statement] in candidates
	iam.denies(policies[i], statement)
}


doubtful contains [i, statement] if {
	some [i, statement] in candidates
	iam.has_no_effect(policies[i], statement)
}

candidates contains [i, statement] if {
	some i, policy in policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	iam.has_sole_condition(policy, statement, operators, "aws:securetransport", "false")
	count(iam.any_principals(policy, statement)) > 0
	some j, _ in resource.list(policy, array.concat(statement, ["Action"]))
	resource.option(policy, array.concat(statement, ["Action", j])) in every_action
}


cannot_help(policy, statement) if iam.never_denies(policy, statement)

cannot_help(policy, statement) if iam.names_principals(policy, statement)

cannot_help(policy, statement) if {
	not resource.is_unknown(policy, array.concat(statement, ["Action"]))
	every i, _ in resource.list(policy, array.concat(statement, ["Action"])) {
		not resource.option(policy, array.concat(statement, ["Action", i])) in every_action
	}
}

cannot_help(policy, statement) if {
	iam.has_other_condition(policy, statement, operators, "aws:securetransport", "false")
}

every_action := ["*", "*:*", "s3:*"]

operators := ["bool", "boolifexists"]

policies := input.related.bucket_policies if input.resource.type == "AWS::S3::Bucket"

policies := [input.resource] if input.resource.type == "AWS::S3::BucketPolicy"


prefix(i) := ["@bucket_policies", i] if {
	input.resource.type == "AWS::S3::Bucket"
} else := []














































package srmcheck.vpc.flow_logs

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.resting([], "VPC has no flow log", [["@flow_logs"]]) if {
	not is_logged
	count(accepted_only) == 0
}

deny contains finding.resting([], "flow log of the VPC leaves out rejected traffic", [["@flow_logs"]]) if {
	not is_logged
	count(accepted_only) > 0
}

settled contains [] if is_logged

is_logged if {
	some log in input.related.flow_logs
	is_about_vpc(log)
	resource.option(log, ["TrafficType"]) in ["all", "reject"]
}

accepted_only contains log.address if {
	some log in input.related.flow_logs
	is_about_vpc(log)
	resource.option(log, ["TrafficType"]) == "accept"
}

is_about_vpc(log) if resource.option(log, ["ResourceType"]) == "vpc"



settled contains ["@flow_logs", i] if {
	some i, log in input.related.flow_logs
	resource.given(log, ["ResourceType"])
	not is_about_vpc(log)
}

settled contains ["@flow_logs", i] if {
	some i, log in input.related.flow_logs
	resource.given(log, ["TrafficType"])
	not resource.option(log, ["TrafficType"]) in ["all", "reject"]
}

























































package srmcheck.vpc.ssh_open

import data.srmcheck.lib.finding
import data.srmcheck.lib.network

deny contains finding.at(array.concat(rule, [source]), "SSH (TCP port 22) is open to the whole Internet") if {
	some rule in open_rules
	network.covers_tcp_port(input.resource, rule, 22)
	some source in network.world_sources(input.resource, rule)
}

deny contains finding.resting(
	place,
	"SSH (TCP port 22) is open to the whole Internet through the prefix list",
	[place, entry],
) if {
	some rule in open_rules
	network.covers_tcp_port(input.resource, rule, 22)
	some [place, entry] in network.world_entries(input.resource, rule, lists)
}

unknown contains finding.at(place, "SSH (TCP port 22) is open to a prefix list whose entries are not in the template") if {
	some rule in open_rules
	not network.misses_tcp_port(input.resource, rule, 22)
	some place in network.undeclared_lists(input.resource, rule, lists)
}

unknown contains finding.at(rule, "rule for the whole Internet does not tell its protocol or ports") if {
	some rule in open_rules
	network.tells_no_ports(input.resource, rule)
	not network.misses_tcp_port(input.resource, rule, 22)
	not network.closed(input.resource, rule, lists)
}

settled contains rule if {
	some rule in rules
	network.misses_tcp_port(input.resource, rule, 22)
}

settled contains rule if {
	some rule in rules
	network.closed(input.resource, rule, lists)
}


settled contains ["@prefix_lists", i] if {
	some i, list in lists
	naming := {rule | some rule in rules; network.names_list(input.resource, rule, list)}
	every rule in naming {
		network.misses_tcp_port(input.resource, rule, 22)
	}
}

rules := network.rules(input.resource, "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress")

open_rules := network.open_rules(input.resource, rules)

lists := input.related.prefix_lists
