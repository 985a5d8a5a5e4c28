# METADATA
# title: IAM policies are attached to groups or roles, not to users
# description: >-
#   Rights that hang on single users are lost from sight: nobody can tell who may do what, and a user who
#   changes jobs keeps them. Groups and roles say it once. A permissions boundary gives no rights and is no
#   attachment.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
# custom:
#   id: SRM-IAM-013
#   severity: low
#   responsibility: identity-and-access
#   service: iam
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::IAM::User: ['Policies[]', 'ManagedPolicyArns[]']
#     AWS::IAM::Policy: ['Users[]']
#     AWS::IAM::ManagedPolicy: ['Users[]']
#     AWS::IAM::UserPolicy: []
#   subject: ['Policies[]', 'ManagedPolicyArns[]', 'Users[]']
#   remediation:
#     terraform: Replace `aws_iam_user_policy` and `aws_iam_user_policy_attachment` with their group forms.
#     cloudformation: Move `Policies` and `ManagedPolicyArns` from the user to a group.
#   frameworks:
#     fsbp: [IAM.2]
#     cis_aws_5_0: ['1.14']
#     pci_dss_4_0:
#       [7.2.1, 7.2.2, 7.2.5, 7.3.1, 7.3.2, 7.3.3, 8.2.1, 8.2.2, 8.2.4, 8.2.5, 8.2.7, 8.2.8, 8.3.4, 8.3.11]
#     iso_27001_2022: [A.5.15]
#     soc2: [CC1.3]
#     nist_800_53_r5:
#       [AC-2, AC-2(1), AC-2(6), AC-2(i), AC-3, AC-3(3), AC-3(3)(a), AC-3(3)(b), AC-3(3)(c), AC-3(4),
#        AC-3(4)(a), AC-3(4)(b), AC-3(4)(c), AC-3(4)(d), AC-3(4)(e), AC-3(7), AC-3(8), AC-3(12)(a), AC-3(13),
#        AC-3(15), AC-3(15)(a), AC-3(15)(b), AC-4(28), AC-6, AC-6(3), CM-5(1)(a), CM-6(a), CM-9(b), SC-23(3),
#        AC-24, MP-2]
#   equivalents:
#     checkov: [CKV_AWS_40]
#     trivy: [AVD-AWS-0143]
#     guard: [IAM_NO_POLICY_ON_USER, IAM_USER_NO_POLICIES_CHECK]
#     cfn_nag: [F10, F11, F12]
#     regula: [FG_R00007]
#     terrascan: [AC_AWS_0475, AC_AWS_0476]
#     prowler: [iam_policy_attached_only_to_group_or_roles]
#     config: [IAM_USER_NO_POLICIES_CHECK]
package srmcheck.iam.user_policies

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.resting([property], message, [[property, 0]]) if {
	some property, message in {
		"Policies": "user has inline policies of its own",
		"ManagedPolicyArns": "managed policies are attached to the user",
		"Users": "policy is attached to users",
	}
	count(resource.list(input.resource, [property])) > 0
}

deny contains finding.at([], "policy is given to a user") if input.resource.type == "AWS::IAM::UserPolicy"
