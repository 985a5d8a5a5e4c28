# METADATA
# title: No identity policy allows every action on every resource
# description: >-
#   Whoever holds every action on every resource is an administrator, whatever the policy is called. A
#   condition does not change that: the right itself is granted, and a condition is easily met or lost. Only
#   Allow statements with Action and Resource count.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
# custom:
#   id: SRM-IAM-001
#   severity: critical
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
#   remediation:
#     terraform: List the needed `actions` and `resources` in the policy document.
#     cloudformation: List the needed actions and ARNs in `PolicyDocument`.
#   frameworks:
#     fsbp: [IAM.1]
#     cis_aws_5_0: ['1.15']
#     hipaa:
#       [164.308(a)(1)(ii)(B), 164.308(a)(3)(i), 164.308(a)(3)(ii)(B), 164.308(a)(4)(i), 164.308(a)(4)(ii)(B),
#        164.312(a)(1)]
#     iso_27001_2022: [A.5.18, A.8.2]
#     soc2: [CC1.3, CC6.3]
#     nist_800_53_r5:
#       [AC-2, AC-2(1), AC-2(6), AC-2(i), AC-3, AC-3(3), AC-3(3)(a), AC-3(3)(b), AC-3(3)(c), AC-3(4),
#        AC-3(4)(a), AC-3(4)(b), AC-3(4)(c), AC-3(4)(d), AC-3(4)(e), AC-3(7), AC-3(8), AC-3(12)(a), AC-3(13),
#        AC-3(15), AC-3(15)(a), AC-3(15)(b), AC-4(28), AC-5, AC-5(b), AC-6, AC-6(2), AC-6(3), AC-6(10),
#        CM-5(1)(a), CM-6(a), CM-9(b), SC-23(3), AC-24, MP-2, SC-25]
#     gdpr: [Art. 25]
#   equivalents:
#     checkov: [CKV_AWS_1, CKV_AWS_62]
#     trivy: [AVD-AWS-0057]
#     guard: [IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS]
#     cfn_nag: [F3, F4, F5]
#     regula: [FG_R00092]
#     terrascan: [AC_AWS_0143, AC_AWS_0144, AC_AWS_0146, AC_AWS_0147, AC_AWS_0474]
#     prowler:
#       [iam_customer_attached_policy_no_administrative_privileges,
#        iam_customer_unattached_policy_no_administrative_privileges,
#        iam_inline_policy_no_administrative_privileges]
#     config:
#       [IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS, IAM_ROLE_NO_POLICY_FULL_STAR,
#        IAM_USER_NO_POLICY_FULL_STAR, IAM_GROUP_NO_POLICY_FULL_STAR]
package srmcheck.iam.full_access

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam

not_applicable if iam.only_names_policies(input.resource)

deny contains finding.resting(
	action,
	"allows every action on every resource",
	[action, resource, array.concat(statement, ["Effect"])],
) if {
	some statement in statements
	iam.allows(input.resource, statement)
	some action in iam.all_actions(input.resource, statement)
	some resource in iam.all_resources(input.resource, statement)
}

unknown contains finding.at(statement, "statement for every action on every resource has no Effect") if {
	some statement in statements
	iam.has_no_effect(input.resource, statement)
	count(iam.all_actions(input.resource, statement)) > 0
	count(iam.all_resources(input.resource, statement)) > 0
}

settled contains statement if {
	some statement in statements
	is_harmless(input.resource, statement)
}

settled contains array.concat(statement, ["Condition"]) if some statement in statements

is_harmless(judged, statement) if iam.never_allows(judged, statement)

is_harmless(judged, statement) if iam.names_resources(judged, statement)

is_harmless(judged, statement) if {
	iam.tells_actions(judged, statement)
	count(iam.all_actions(judged, statement)) == 0
}

statements := iam.identity_statements(input.resource)
