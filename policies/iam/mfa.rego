# METADATA
# title: Users and groups are denied access without MFA
# description: >-
#   A password alone is guessed, phished or found. Whoever signs in to the console should hold a second factor, and
#   a policy can insist on it: a Deny of everything without aws:MultiFactorAuthPresent, with BoolIfExists, as requests
#   signed with an access key lack that key; or Allow statements that all ask for MFA. Policies of the user itself and of
#   its groups count; a permissions boundary does not. Whether a device is enrolled is not in a template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
# custom:
#   id: SRM-IAM-018
#   severity: high
#   responsibility: identity-and-access
#   service: iam
#   since: 0.1.0
#   profile: default
#   scope: account
#   types:
#     AWS::IAM::User: [LoginProfile, 'Policies[].PolicyDocument.Statement.**', 'ManagedPolicyArns[]', 'Groups[]']
#     AWS::IAM::Group: ['Policies[].PolicyDocument.Statement.**', 'ManagedPolicyArns[]']
#   subject: [LoginProfile]
#   related:
#     identity_policies:
#       type: [AWS::IAM::Policy, AWS::IAM::ManagedPolicy, AWS::IAM::UserPolicy, AWS::IAM::GroupPolicy]
#       declared: template
#       orphans: true
#       reads: [PolicyDocument.Statement.**, 'Users[]', 'Groups[]', UserName, GroupName, PolicyArn]
#     memberships: {type: [AWS::IAM::UserToGroupAddition], declared: template, reads: [GroupName, 'Users[]']}
#     groups:
#       type: [AWS::IAM::Group]
#       declared: template
#       of: [AWS::IAM::User]
#       reads: ['Policies[].PolicyDocument.Statement.**', 'ManagedPolicyArns[]']
#     users: {type: [AWS::IAM::User], declared: template, of: [AWS::IAM::Group], reads: ['Groups[]']}
#     access_keys: {type: [AWS::IAM::AccessKey], declared: template, reads: [UserName]}
#   remediation:
#     terraform: Attach an `aws_iam_group_policy` with a condition on aws:MultiFactorAuthPresent.
#     cloudformation: Attach a deny-without-MFA statement in `Policies` or `ManagedPolicyArns` of the group.
#   frameworks:
#     fsbp: [IAM.5]
#     cis_aws_5_0: ['1.9']
#     pci_dss_4_0: [8.4.1, 8.4.2, 8.4.3]
#     hipaa: [164.308(a)(3)(ii)(A), 164.312(a)(1), 164.312(d)]
#     iso_27001_2022: [A.5.15, A.5.17, A.8.5]
#     nist_800_53_r5:
#       [AC-2(1), AC-3(2), AC-3(3), AC-3(3)(a), AC-3(3)(b), AC-3(3)(c), AC-3(4), AC-3(4)(a), AC-3(4)(b),
#        AC-3(4)(c), AC-3(4)(d), AC-3(4)(e), AC-3(8), AC-3(12)(a), AC-3(13), AC-3(15), AC-3(15)(a),
#        AC-3(15)(b), AC-4(28), AC-7(4), AC-7(4)(a), CM-5(1)(a), CM-6(a), CM-9(b), IA-2(1), IA-2(2), IA-2(6),
#        IA-2(6)(a), IA-2(8), SC-23(3), AC-24]
#     gdpr: [Art. 25]
#   equivalents:
#     trivy: [AVD-AWS-0123, AVD-AWS-0145]
#     terrascan: [AC_AWS_0151]
#     prowler: [iam_user_mfa_enabled_console_access, iam_administrator_access_with_mfa]
#     config: [IAM_USER_MFA_ENABLED, MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS]
package srmcheck.iam.mfa

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

deny contains finding.resting(["LoginProfile"], message, rests) if {
	is_user
	signs_in
	not is_enforced
	count(doubtful) == 0
	message := concat("", ["console user: ", reason])
}

deny contains finding.resting([], message, rests) if {
	not is_user
	count(members) > 0
	not is_enforced
	count(doubtful) == 0
	message := concat("", ["group with members: ", reason])
}

reason := "the Deny without MFA needs BoolIfExists, as Bool lets requests of an access key through" if {
	lets_keys_through
} else := "no policy that reaches it denies access without MFA"

rests := array.concat(
	[["LoginProfile"], ["Policies"], ["ManagedPolicyArns"], ["Groups"]],
	[["@identity_policies"], ["@memberships"], ["@groups"], ["@users"], ["@access_keys"]],
)

unknown contains finding.resting(["LoginProfile"], message, []) if {
	is_user
	signs_in
	not is_denied(operators)
	some message in doubtful
}

unknown contains finding.resting([], message, []) if {
	not is_user
	count(members) > 0
	not is_denied(operators)
	some message in doubtful
}

unknown contains finding.at(["LoginProfile"], "user is not in the template, nor what reaches it") if is_elsewhere

# a user without a password cannot sign in
settled contains [] if {
	is_user
	resource.absent(input.resource, ["LoginProfile"])
}

settled contains [] if {
	not is_elsewhere
	is_denied({"boolifexists"})
}

settled contains [] if {
	not is_elsewhere
	is_denied(operators)
	knows_keys
}

# Two ways to enforce it

is_enforced if is_denied(operators)

is_enforced if is_conditional

is_denied(tested) if {
	some [place, statement] in statements
	iam.denies_without_mfa(holder(place), statement, tested)
}

is_denied(_) if "arn:aws:iam::aws:policy/AWSDenyAll" in arns

is_conditional if {
	not is_exposed
	some [place, statement] in statements
	iam.allows(holder(place), statement)
	iam.asks_for_mfa(holder(place), statement)
}

# something is allowed without MFA
is_exposed if {
	some [place, statement] in statements
	judged := holder(place)
	iam.allows(judged, statement)
	not resource.is_unknown(judged, array.concat(statement, ["Condition"]))
	not iam.asks_for_mfa(judged, statement)
}

# a policy of AWS, which never asks for MFA
is_exposed if {
	some arn in arns
	startswith(arn, aws_policies)
	not only_denies(arn)
}

only_denies(arn) if {
	some name in ["AWSDenyAll", "AWSCompromisedKeyQuarantine"]
	startswith(arn, concat("", [aws_policies, name]))
}

aws_policies := "arn:aws:iam::aws:policy/"

# Bool tests what is there, and requests signed with an access key say nothing of MFA
operators := {"boolifexists"} if {
	has_access_key
} else := {"bool", "boolifexists"}

lets_keys_through if {
	has_access_key
	is_denied({"bool", "boolifexists"})
}

has_access_key if {
	some key in input.related.access_keys
	resource.text(key, ["UserName"]) in members
}

knows_keys if {
	not "access_keys" in input.open
	every key in input.related.access_keys {
		not resource.is_unknown(key, ["UserName"])
	}
	knows_members
}

# Users and their groups

is_user if input.resource.type == "AWS::IAM::User"

signs_in if {
	not is_elsewhere
	resource.given(input.resource, ["LoginProfile"])
}

# a password of a user of another template
is_elsewhere if {
	is_user
	is_array(input.resource.carries)
}

# The user, or the users in the group.
members contains resource.identity(input.resource, "Ref") if is_user

members contains user if {
	not is_user
	some membership in input.related.memberships
	resource.is_named_by(input.resource, resource.text(membership, ["GroupName"]))
	some user in resource.texts(membership, ["Users"])
}

members contains resource.identity(user, "Ref") if {
	not is_user
	some user in input.related.users
	some group in resource.texts(user, ["Groups"])
	resource.is_named_by(input.resource, group)
}

knows_members if is_user

knows_members if {
	not "memberships" in input.open
	not "users" in input.open
	every membership in input.related.memberships {
		is_other_membership(membership)
	}
	every user in input.related.users {
		not resource.is_unknown(user, ["Groups"])
	}
}

is_other_membership(membership) if count(membership.unknown) == 0

is_other_membership(membership) if names_another_group(membership)

# The groups that the user is in.
group_names contains name if {
	is_user
	some name in resource.texts(input.resource, ["Groups"])
}

group_names contains name if {
	is_user
	some membership in input.related.memberships
	some user in resource.texts(membership, ["Users"])
	resource.is_named_by(input.resource, user)
	name := resource.text(membership, ["GroupName"])
	name != ""
}

# Where the user and its groups, or the group, stand: [], or a member's place.
holders contains []

holders contains ["@groups", i] if {
	is_user
	some i, group in input.related.groups
	some name in group_names
	resource.is_named_by(group, name)
}

holder(place) := input.resource if count(place) == 0

holder(place) := input.related[trim_prefix(place[0], "@")][place[1]] if count(place) > 0

is_holder(name) if {
	some place in holders
	resource.is_named_by(holder(place), name)
}

# Policies that reach it

statements contains [place, statement] if {
	some place in holders
	some statement in iam.identity_statements(holder(place))
}

statements contains [place, statement] if {
	some place in attached
	some statement in iam.identity_statements(holder(place))
}

attached contains ["@identity_policies", i] if {
	some i, policy in input.related.identity_policies
	reaches(policy)
}

reaches(policy) if {
	some name in targets(policy)
	is_holder(name)
}

reaches(policy) if {
	some arn in arns
	resource.is_named_by(policy, arn)
}

targets(policy) := {name |
	some property in ["Users", "Groups"]
	some name in resource.texts(policy, [property])
} | {name |
	some property in ["UserName", "GroupName"]
	name := resource.text(policy, [property])
}

arns contains arn if {
	some place in holders
	some arn in resource.texts(holder(place), ["ManagedPolicyArns"])
}

arns contains arn if {
	some policy in input.related.identity_policies
	arn := resource.text(policy, ["PolicyArn"])
	arn != ""
	some name in targets(policy)
	is_holder(name)
}

# What the template cannot tell

doubtful contains "it is in a group that is not in the template" if {
	some name in group_names
	not is_group(name)
}

is_group(name) if {
	some group in input.related.groups
	resource.is_named_by(group, name)
}

doubtful contains "a managed policy that reaches it is not in the template" if {
	some arn in arns
	not startswith(arn, aws_policies)
	not is_policy(arn)
}

doubtful contains "the document of an inline policy is not in the template" if {
	some place in holders
	some i, _ in resource.list(holder(place), ["Policies"])
	resource.absent(holder(place), ["Policies", i, "PolicyDocument"])
}

is_policy(arn) if {
	some policy in input.related.identity_policies
	resource.is_named_by(policy, arn)
}

doubtful contains "a statement that reaches it has no Effect" if {
	some [place, statement] in statements
	iam.has_no_effect(holder(place), statement)
	not is_harmless(place, statement)
}

# What changes nothing, whatever is unknown of it

settled contains array.concat(place, statement) if {
	some [place, statement] in statements
	is_harmless(place, statement)
}

is_harmless(place, statement) if {
	iam.leaves_without_mfa(holder(place), statement, operators)
	is_moot(place, statement)
}

# of Allow statements it matters whether all of them ask for MFA
is_moot(_, _) if is_exposed

is_moot(place, statement) if iam.never_allows(holder(place), statement)

is_moot(place, statement) if {
	iam.allows(holder(place), statement)
	iam.asks_for_mfa(holder(place), statement)
}

# a policy of others
settled contains ["@identity_policies", i] if {
	some i, policy in input.related.identity_policies
	every property in ["Users", "Groups", "UserName", "GroupName"] {
		not resource.is_unknown(policy, [property])
	}
	not reaches(policy)
}

# a policy that cannot help, whomever it reaches
settled contains ["@identity_policies", i] if {
	some i, policy in input.related.identity_policies
	not is_conditional
	resource.absent(policy, ["PolicyArn"])
	not resource.is_unknown(policy, array.concat(statements_of, [count(resource.list(policy, statements_of))]))
	every statement in iam.identity_statements(policy) {
		is_useless(policy, statement)
	}
}

statements_of := ["PolicyDocument", "Statement"]

is_useless(policy, statement) if {
	iam.leaves_without_mfa(policy, statement, operators)
	not resource.is_unknown(policy, array.concat(statement, ["Effect"]))
	not iam.has_no_effect(policy, statement)
	not resource.is_unknown(policy, array.concat(statement, ["Condition"]))
	not iam.asks_for_mfa(policy, statement)
}

settled contains ["@memberships", i] if {
	some i, membership in input.related.memberships
	is_user
	not resource.is_unknown(membership, ["Users"])
	every user in resource.texts(membership, ["Users"]) {
		not resource.is_named_by(input.resource, user)
	}
}

settled contains ["@memberships", i] if {
	some i, membership in input.related.memberships
	not is_user
	names_another_group(membership)
}

names_another_group(membership) if {
	name := resource.text(membership, ["GroupName"])
	name != ""
	not resource.is_named_by(input.resource, name)
}

settled contains ["@groups", i] if {
	some i, _ in input.related.groups
	not ["@groups", i] in holders
}

# one member of the group is enough, unless it matters who has an access key
settled contains path if {
	not is_user
	count(members) > 0
	not depends_on_keys
	some path in [["@memberships"], ["@users"]]
}

settled contains [relation, i] if {
	not is_user
	count(members) > 0
	not depends_on_keys
	some relation in ["@memberships", "@users"]
	some i, _ in input.related[trim_prefix(relation, "@")]
}

settled contains ["@access_keys"] if not depends_on_keys

settled contains ["@access_keys", i] if {
	some i, _ in input.related.access_keys
	not depends_on_keys
}

depends_on_keys if {
	not has_access_key
	some [place, statement] in statements
	judged := holder(place)
	iam.tests_mfa(judged, statement, "bool")
	not iam.never_denies(judged, statement)
}
