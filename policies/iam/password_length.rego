# METADATA
# title: Account password policy needs at least 14 characters
# description: >-
#   Short passwords of IAM users are guessed or cracked. AWS asks for 6 characters where the account password
#   policy says nothing; CIS asks for 14.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
# custom:
#   id: SRM-IAM-019
#   severity: medium
#   responsibility: identity-and-access
#   service: iam
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::IAM::AccountPasswordPolicy: [MinimumPasswordLength]
#   remediation:
#     terraform: Set `minimum_password_length` on `aws_iam_account_password_policy`.
#     cloudformation: >-
#       CloudFormation has no resource type for the account password policy; use a custom resource that calls
#       UpdateAccountPasswordPolicy.
#   frameworks:
#     fsbp: [IAM.7]
#     cis_aws_5_0: ['1.7']
#     hipaa: [164.308(a)(5)(ii)(D)]
#     iso_27001_2022: [A.5.15]
#     nist_800_53_r5:
#       [AC-2(1), AC-2(3), AC-2(3)(a), AC-2(3)(b), AC-2(3)(c), AC-2(3)(d), AC-2(d), AC-3(3), AC-3(3)(a),
#        AC-3(3)(b), AC-3(3)(c), AC-3(4), AC-3(4)(a), AC-3(4)(b), AC-3(4)(c), AC-3(4)(d), AC-3(4)(e), AC-3(8),
#        AC-3(12)(a), AC-3(13), AC-3(15), AC-3(15)(a), AC-3(15)(b), AC-4(28), AC-7(4), AC-7(4)(a), CM-5(1)(a),
#        CM-6(a), CM-9(b), CM-12(b), IA-4(d), IA-5(1), IA-5(1)(f), IA-5(1)(g), IA-5(1)(h), IA-5(18)(a),
#        IA-5(18)(b), IA-5(b), IA-5(c), IA-5(d), IA-5(f), IA-5(h), IA-8(2)(b), MA-4(c), SC-23(3), AC-24, IA-5]
#     gdpr: [Art. 25]
#   equivalents:
#     checkov: [CKV_AWS_10]
#     trivy: [AVD-AWS-0063]
#     regula: [FG_R00025]
#     terrascan: [AC_AWS_0141, AC_AWS_0142]
#     prowler: [iam_password_policy_minimum_length_14]
#     config: [IAM_PASSWORD_POLICY]
#     steampipe: [iam_account_password_policy_min_length_14]
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

# how long its passwords are is judged on the password policy itself
settled_stack contains [] if count(input.template["AWS::IAM::AccountPasswordPolicy"]) > 0
