# METADATA
# title: No identity policy allows all actions of a service
# description: >-
#   All actions of a service include those that delete its data, open it to others and change who may use it,
#   and every action that AWS adds later. Resource and Condition do not matter here; a wildcard behind a
#   prefix, such as s3:Get*, passes.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
# custom:
#   id: SRM-IAM-003
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
#   yields_to: [SRM-IAM-001, SRM-IAM-005]
#   remediation:
#     terraform: List `actions` in the policy document.
#     cloudformation: List actions in `PolicyDocument`.
#   frameworks:
#     fsbp: [IAM.21]
#     pci_dss_4_0:
#       [3.5.1.1, 3.5.1.3, 3.6.1, 3.6.1.2, 3.6.1.3, 3.6.1.4, 3.7.1, 3.7.2, 3.7.4, 3.7.6, 3.7.7, 4.2.1.1, 7.2.1,
#        7.2.2, 7.2.3, 7.2.5, 7.3.1, 7.3.2, 7.3.3, 8.2.7, 8.2.8, 8.3.4]
#     soc2: [CC3.3]
#     nist_800_53_r5: [AC-2, AC-2(1), AC-3, AC-3(7), AC-3(15), AC-5, AC-6, AC-6(2), AC-6(3), AC-6(10)]
#   equivalents:
#     checkov: [CKV_AWS_49, CKV_AWS_63]
#     trivy: [AVD-AWS-0057, AVD-AWS-0345]
#     guard:
#       [IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS, IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS,
#        IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS]
#     cfn_nag: [F3, F4, F5]
#     prowler:
#       [iam_policy_no_full_access_to_cloudtrail, iam_inline_policy_no_full_access_to_cloudtrail,
#        iam_policy_no_full_access_to_kms, iam_inline_policy_no_full_access_to_kms]
#     config: [IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS]
package srmcheck.iam.service_wildcard

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

not_applicable if iam.only_names_policies(input.resource)

# one finding for each statement
deny contains finding.resting(
	min(actions),
	concat("", ["allows every action of ", concat(", ", services_of(input.resource, actions))]),
	[path | some path in (actions | {array.concat(statement, ["Effect"])})],
) if {
	some statement in statements
	iam.allows(input.resource, statement)
	actions := whole_actions(input.resource, statement)
	count(actions) > 0
}

unknown contains finding.at(statement, "statement for every action of a service has no Effect") if {
	some statement in statements
	iam.has_no_effect(input.resource, statement)
	count(whole_actions(input.resource, statement)) > 0
}

settled contains statement if {
	some statement in statements
	is_harmless(input.resource, statement)
}

# whatever the resources and the condition
settled contains array.concat(statement, [part]) if {
	some statement in statements
	some part in ["Resource", "NotResource", "Condition"]
}

is_harmless(judged, statement) if iam.never_allows(judged, statement)

is_harmless(judged, statement) if {
	iam.tells_actions(judged, statement)
	count(whole_actions(judged, statement)) == 0
}

whole_actions(judged, statement) := iam.all_actions(judged, statement) | iam.service_actions(judged, statement)

services_of(judged, actions) := ["every service"] if {
	some action in actions
	startswith(resource.text(judged, action), "*")
} else := sort({lower(split(resource.text(judged, action), ":")[0]) | some action in actions})

statements := iam.identity_statements(input.resource)
