# Policy documents: one statement at a path of its resource. Words: docs/verdicts.md, "Policy documents".
# Parameters: `judged` the resource or member that holds the document, `document` and `statement` paths in it.
package srmcheck.lib.iam

import data.srmcheck.lib.resource

# Identity policies: documents that say what a principal may do.

# The paths of the statements of all identity policies that a resource holds.
identity_statements(judged) := {statement |
	some document in ({["PolicyDocument"], ["InlinePolicy"]} | _inline_documents(judged))
	some statement in statements(judged, document)
}

_inline_documents(judged) := {["Policies", i, "PolicyDocument"] | some i, _ in resource.list(judged, ["Policies"])}

# The resource holds no identity policy, and only names some that stand elsewhere: an attachment to a user, or names of
# inline policies without their user.
only_names_policies(judged) if {
	judged.type == "AWS::IAM::UserPolicy"
	resource.absent(judged, ["PolicyDocument"])
}

only_names_policies(judged) if {
	judged.type == "AWS::IAM::User"
	is_array(judged.carries)
	not resource.is_unknown(judged, ["Policies"])
	every document in _inline_documents(judged) {
		resource.absent(judged, document)
	}
}

# The paths of the statements of a document.
statements(judged, document) := {array.concat(document, ["Statement", i]) |
	some i, _ in resource.list(judged, array.concat(document, ["Statement"]))
}

# Effect

# The statement allows.
allows(judged, statement) if resource.option(judged, array.concat(statement, ["Effect"])) == "allow"

# The statement denies.
denies(judged, statement) if resource.option(judged, array.concat(statement, ["Effect"])) == "deny"

# The statement is known not to allow. One without Effect is unknown.
never_allows(judged, statement) if {
	not resource.option(judged, array.concat(statement, ["Effect"])) in ["", "allow"]
}

# The statement is known not to deny.
never_denies(judged, statement) if {
	not resource.option(judged, array.concat(statement, ["Effect"])) in ["", "deny"]
}

# The statement has no Effect, so that nobody can tell what it does.
has_no_effect(judged, statement) if resource.absent(judged, array.concat(statement, ["Effect"]))

# Principal

# Where the statement names any principal: paths of the entries.
any_principals(judged, statement) := {place |
	some place in _principals(judged, statement)
	_is_anyone(resource.text(judged, place))
}

# The principals of a statement are known, and none is any principal.
names_principals(judged, statement) if {
	not resource.is_unknown(judged, array.concat(statement, ["Principal"]))
	count(any_principals(judged, statement)) == 0
}

# The statement names a service ("logging.s3"), with the suffix of any partition.
names_service(judged, statement, service) if {
	some i, _ in resource.list(judged, array.concat(statement, ["Principal", "Service"]))
	entry := resource.text(judged, array.concat(statement, ["Principal", "Service", i]))
	some suffix in [".amazonaws.com", ".amazonaws.com.cn", ".⟦AWS::URLSuffix#Ref⟧"]
	lower(entry) == lower(concat("", [service, suffix]))
}

# The statement is known not to name a service.
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

# Action and Resource

# The entries of Action that cover an action ("s3:PutObject"): their paths. Without regard to case; `*` and `?` are
# wildcards.
covering(judged, statement, action) := {array.concat(actions, [i]) |
	actions := array.concat(statement, ["Action"])
	some i, _ in resource.list(judged, actions)
	matches(resource.text(judged, array.concat(actions, [i])), action)
}

# Which of several actions a statement covers, and by which entry: [action, path]. `actions` maps each name in lower case
# to the name.
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

# The entries of Action that cover every action of every service: their paths.
all_actions(judged, statement) := _actions_like(judged, statement, _every_action)

_every_action := `^[*]+(:[*]+)?$`

# The entries of Action that cover every action of one service: their paths.
service_actions(judged, statement) := _actions_like(judged, statement, `^[^*?:]+:[*]+$`)

_actions_like(judged, statement, form) := {array.concat(actions, [i]) |
	actions := array.concat(statement, ["Action"])
	some i, _ in resource.list(judged, actions)
	regex.match(form, resource.text(judged, array.concat(actions, [i])))
}

# The actions of a statement are known.
tells_actions(judged, statement) if not resource.is_unknown(judged, array.concat(statement, ["Action"]))

# The actions of a statement are known, and none covers the action.
spares_action(judged, statement, action) if {
	not resource.is_unknown(judged, array.concat(statement, ["Action"]))
	count(covering(judged, statement, action)) == 0
}

# The actions of a statement are known, and cover none of several.
spares_actions(judged, statement, actions) if {
	not resource.is_unknown(judged, array.concat(statement, ["Action"]))
	count(covered(judged, statement, actions)) == 0
}

# A pattern covers an action.
matches(pattern, _) if pattern in ["*", "*:*"]

matches(pattern, action) if lower(pattern) == lower(action)

matches(pattern, action) if {
	_has_wildcard(pattern)
	startswith(lower(action), split(split(lower(pattern), "*")[0], "?")[0])
	regex.match(`^[A-Za-z0-9:_*?.-]+$`, pattern)
	quoted := replace(replace(replace(lower(pattern), ".", "[.]"), "?", "."), "*", ".*")
	regex.match(concat("", ["^", quoted, "$"]), lower(action))
}

# The entries "*" of Resource: their paths.
all_resources(judged, statement) := {array.concat(resources, [i]) |
	resources := array.concat(statement, ["Resource"])
	some i, entry in resource.list(judged, resources)
	entry == "*"
}

# The resources of a statement are known, and none is "*".
names_resources(judged, statement) if {
	not resource.is_unknown(judged, array.concat(statement, ["Resource"]))
	count(all_resources(judged, statement)) == 0
}

# Condition

# The statement has a condition, whatever it is.
is_conditional(judged, statement) if count(_tests(judged, statement)) > 0

# The statement is known to have no condition.
is_unconditional(judged, statement) if {
	count(_tests(judged, statement)) == 0
	not resource.is_unknown(judged, array.concat(statement, ["Condition"]))
}

# The condition is nothing but one test of `key` by one of `operators` for exactly `wanted`. All but the value in lower
# case.
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

# The condition is known not to be nothing but such a test.
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

# The statement tests a key with a positive operator, and no value consists of wildcards only.
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

# A narrowing condition limits any principal to known callers.
is_narrowed(judged, statement) if _is_narrowed_by(judged, statement, _narrowing_keys)

_is_narrowed_by(judged, statement, keys) if {
	some [operator, key] in _tests(judged, statement)
	_may_narrow(operator, key, keys)
	values := _values(judged, statement, operator, key)
	count(values) > 0
	not resource.is_unknown(judged, array.concat(statement, ["Condition", operator, key]))
	every value in values {
		_is_fixed(lower(key), value)
	}
}

# Multi-factor authentication

# The statement denies everything to requests without MFA: all actions, or all but some, on every resource, and the
# condition holds for each such request. `operators` are those that may test aws:MultiFactorAuthPresent for false. A Deny
# without a condition denies that too.
denies_without_mfa(judged, statement, operators) if {
	denies(judged, statement)
	_spans_actions(judged, statement)
	count(all_resources(judged, statement)) > 0
	not resource.is_unknown(judged, array.concat(statement, ["Condition"]))
	count(_not_without_mfa(judged, statement, operators)) == 0
}

# The statement is known not to be such a Deny.
leaves_without_mfa(judged, statement, _) if never_denies(judged, statement)

leaves_without_mfa(judged, statement, _) if names_resources(judged, statement)

leaves_without_mfa(judged, statement, _) if {
	not resource.is_unknown(judged, array.concat(statement, ["Action"]))
	not resource.is_unknown(judged, array.concat(statement, ["NotAction"]))
	not _spans_actions(judged, statement)
}

leaves_without_mfa(judged, statement, operators) if count(_not_without_mfa(judged, statement, operators)) > 0

# The condition holds with MFA only: it tests aws:MultiFactorAuthPresent for true and nothing but true.
asks_for_mfa(judged, statement) if {
	has_condition_on(judged, statement, _mfa)
	some [operator, key] in _tests(judged, statement)
	_is_positive(operator)
	lower(key) == _mfa
	{lower(value) | some value in _values(judged, statement, operator, key)} == {"true"}
}

# The statement tests aws:MultiFactorAuthPresent with one operator.
tests_mfa(judged, statement, operator) if {
	some [tested, key] in _tests(judged, statement)
	lower(tested) == operator
	lower(key) == _mfa
}

_spans_actions(judged, statement) if count(all_actions(judged, statement)) > 0

_spans_actions(judged, statement) if {
	actions := array.concat(statement, ["NotAction"])
	not resource.is_unknown(judged, actions)
	count(resource.list(judged, actions)) > 0
	every action in resource.texts(judged, actions) {
		not regex.match(_every_action, action)
	}
}

# the tests that requests without MFA can fail
_not_without_mfa(judged, statement, operators) := {[operator, key] |
	some [operator, key] in _tests(judged, statement)
	not resource.is_unknown(judged, array.concat(statement, ["Condition", operator, key]))
	not _is_true_without_mfa(judged, statement, [operator, key], operators)
} | {[operator, key] |
	some [operator, key] in _tests(judged, statement)
	not lower(key) in {_mfa, "aws:viaawsservice"}
}

_is_true_without_mfa(judged, statement, [operator, key], operators) if {
	lower(operator) in object.get({_mfa: operators}, lower(key), {"bool", "boolifexists"})
	some value in _values(judged, statement, operator, key)
	lower(value) == "false"
}

_mfa := "aws:multifactorauthpresent"

# Grants to anyone: a document allows any principal, and no condition narrows that to known callers.

# [principal, paths]: where a document grants to anyone, and what that rests on.
open_grants(judged, document) := _open(judged, document, "grant")

# The statements that would grant to anyone, but have no Effect.
doubtful_grants(judged, document) := _doubtful(judged, document, "grant")

# Paths below which nothing unknown makes a document grant to anyone: of harmless statements, and of tests that do not
# narrow (kms:ViaService, for one), whatever their values.
closed_grants(judged, document) := _closed(judged, document, "grant")

# The same about the trust policy of a role. There any identity provider is anyone too, and only keys of the principal
# narrow.
open_trust(judged, document) := _open(judged, document, "trust")

doubtful_trust(judged, document) := _doubtful(judged, document, "trust")

closed_trust(judged, document) := _closed(judged, document, "trust")

_open(judged, document, use) := {[principal, paths] |
	some statement in statements(judged, document)
	allows(judged, statement)
	keys := _keys[use]
	not _is_narrowed_by(judged, statement, keys)
	some principal in _anyone(judged, statement, use)
	paths := [principal, array.concat(statement, ["Effect"]), array.concat(statement, ["Condition"])]
}

_doubtful(judged, document, use) := {statement |
	some statement in statements(judged, document)
	has_no_effect(judged, statement)
	keys := _keys[use]
	not _is_narrowed_by(judged, statement, keys)
	count(_anyone(judged, statement, use)) > 0
}

_closed(judged, document, use) := ({statement |
	some statement in statements(judged, document)
	_grants_to_no_stranger(judged, statement, use)
} | {test |
	some statement in statements(judged, document)
	some test in _idle_tests(judged, statement, _keys[use])
}) | {gap |
	some statement in statements(judged, document)
	some kind in _never_anyone[use]
	path := array.concat(statement, ["Principal", kind])
	some gap in judged.unknown
	array.slice(gap, 0, count(path)) == path
}

# the kinds of principals that are never anyone
_never_anyone := {
	"grant": ["CanonicalUser", "Federated", "Service"],
	"trust": ["CanonicalUser", "Service"],
}

_grants_to_no_stranger(judged, statement, _) if never_allows(judged, statement)

_grants_to_no_stranger(judged, statement, use) if {
	not resource.is_unknown(judged, array.concat(statement, ["Principal"]))
	count(_anyone(judged, statement, use)) == 0
}

_grants_to_no_stranger(judged, statement, use) if _is_narrowed_by(judged, statement, _keys[use])

_anyone(judged, statement, "grant") := any_principals(judged, statement)

_anyone(judged, statement, "trust") := any_principals(judged, statement) | {array.concat(providers, [i]) |
	providers := array.concat(statement, ["Principal", "Federated"])
	some i, entry in resource.list(judged, providers)
	entry == "*"
}

_keys := {
	"grant": _narrowing_keys,
	"trust": {"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths"},
}

# The tests of a condition that are known not to narrow, whatever is unknown of their values: their paths.
idle_tests(judged, statement) := _idle_tests(judged, statement, _narrowing_keys)

_idle_tests(judged, statement, keys) := {array.concat(statement, ["Condition", operator, key]) |
	some [operator, key] in _tests(judged, statement)
	_is_idle(judged, statement, [operator, key], keys)
} | {gap |
	some gap in judged.unknown
	_is_idle_gap(gap, array.concat(statement, ["Condition"]), keys)
}

# what is not known of a test whose operator or key does not narrow
_is_idle_gap(gap, condition, _) if {
	array.slice(gap, 0, count(condition)) == condition
	operator := gap[count(condition)]
	is_string(operator)
	operator != "*"
	not _is_positive(operator)
}

_is_idle_gap(gap, condition, keys) if {
	array.slice(gap, 0, count(condition)) == condition
	key := gap[count(condition) + 1]
	is_string(key)
	key != "*"
	not lower(key) in keys
}

_is_idle(_, _, [operator, key], keys) if not _may_narrow(operator, key, keys)

_is_idle(judged, statement, [operator, key], _) if {
	some value in _values(judged, statement, operator, key)
	not _is_fixed(lower(key), value)
}

_tests(judged, statement) := {[operator, key] |
	some operator, _ in resource.map(judged, array.concat(statement, ["Condition"]))
	some key, _ in resource.map(judged, array.concat(statement, ["Condition", operator]))
}

# The values of a test. What is no text counts as a wildcard.
_values(judged, statement, operator, key) := [text |
	some value in resource.list(judged, array.concat(statement, ["Condition", operator, key]))
	text := _text_or_wildcard(value)
]

_text_or_wildcard(value) := value if {
	is_string(value)
} else := "*"

_may_narrow(operator, key, keys) if {
	_is_positive(operator)
	lower(key) in keys
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

# Fixed values: known callers and no others.

# A value of a narrowing key (in lower case) is fixed.
is_fixed(key, value) if _is_fixed(key, value)

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

# an organization path: the organization id stands before the first slash
_is_fixed(key, value) if {
	key in {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}
	_is_literal(value)
	not _has_wildcard(split(resource.plain(value), "/")[0])
}

# a role's id stands before the colon, the name of the session behind it
_is_fixed(key, value) if {
	key == "aws:userid"
	_is_literal(value)
	not _has_wildcard(split(resource.plain(value), ":")[0])
}

_is_fixed(_, value) if {
	_is_literal(value)
	_is_fixed_arn(split(resource.plain(value), ":"))
}

# a reference to a resource, and more behind its end
_is_fixed(key, value) if {
	key != "aws:sourceip"
	startswith(value, "⟦")
	_is_literal(value)
	end := regex.replace(resource.plain(value), `[:/].*$`, "")
	not _has_wildcard(end)
}

# no policy variable: ${aws:username} is the caller's own word
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

# docs.aws.amazon.com/service-authorization/latest/reference: ARNs of these services name no account
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
