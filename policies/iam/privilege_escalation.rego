# METADATA
# title: No identity policy gives a path to privilege escalation
# description: >-
#   Some actions on every resource let their holder take any other right: write a policy, attach one, make a key
#   for another user, or pass a strong role to a service that runs the holder's code.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
# custom:
#   id: SRM-IAM-005
#   severity: high
#   responsibility: identity-and-access
#   service: iam
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::IAM::ManagedPolicy: [PolicyDocument.Statement.**]
#     AWS::IAM::Policy: [PolicyDocument.Statement.**]
#     AWS::IAM::RolePolicy: [PolicyDocument.Statement.**]
#     AWS::IAM::UserPolicy: [PolicyDocument.Statement.**]
#     AWS::IAM::GroupPolicy: [PolicyDocument.Statement.**]
#     AWS::IAM::Role: ['Policies[].PolicyDocument.Statement.**']
#     AWS::IAM::User: ['Policies[].PolicyDocument.Statement.**']
#     AWS::IAM::Group: ['Policies[].PolicyDocument.Statement.**']
#     AWS::SSO::PermissionSet: [InlinePolicy.Statement.**]
#   yields_to: [SRM-IAM-001]
#   remediation:
#     terraform: Remove or scope the listed `actions`.
#     cloudformation: Remove or scope the listed actions in `PolicyDocument`.
#   frameworks:
#     soc2: [CC3.3]
#   equivalents:
#     checkov: [CKV_AWS_110, CKV_AWS_286, CKV2_AWS_40]
#     terrascan: [AC_AWS_0473]
#     prowler:
#       [iam_policy_allows_privilege_escalation, iam_inline_policy_allows_privilege_escalation,
#        iam_no_custom_policy_permissive_role_assumption]
package srmcheck.iam.privilege_escalation

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam

not_applicable if iam.only_names_policies(input.resource)

# One finding for each statement in which a set begins. It rests on the statements that complete its sets.
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

# Sets

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

# with iam:PassRole
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

# The first statement that allows an action, and the entries that do it.
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

# [action, statement, entry]
covered contains [action, statement, place] if {
	some statement in effective
	some [action, place] in iam.covered(input.resource, statement, actions)
}

# Statements

effective contains statement if {
	some statement in statements
	iam.allows(input.resource, statement)
	iam.is_unconditional(input.resource, statement)
	count(iam.all_resources(input.resource, statement)) > 0
}

statements := iam.identity_statements(input.resource)

# At most three names, so that "*" does not list them all.
named(sets) := concat(", ", names) if {
	names := sort({set.name | some set in sets})
	count(names) < 4
} else := concat("", [concat(", ", array.slice(names, 0, 3)), " and more"]) if {
	names := sort({set.name | some set in sets})
}
