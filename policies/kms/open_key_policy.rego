# METADATA
# title: KMS key policy grants nothing to an any-account principal
# description: >-
#   A key policy that allows any principal lets other AWS accounts use the key, and whatever it protects is
#   theirs to read. An absent policy is the default one, which trusts the owning account only.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   id: SRM-KMS-002
#   severity: critical
#   responsibility: data-protection
#   service: kms
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::KMS::Key: [KeyPolicy.Statement.**]
#     AWS::KMS::ReplicaKey: [KeyPolicy.Statement.**]
#   remediation:
#     terraform: Name the principals in the `policy` of `aws_kms_key`.
#     cloudformation: Name the principals in `KeyPolicy` or add kms:CallerAccount.
#   frameworks:
#     fsbp: [KMS.5]
#     iso_27001_2022: [A.8.1]
#   equivalents:
#     checkov: [CKV_AWS_33]
#     guard: [KMS_NO_WILDCARD_PRINCIPAL]
#     cfn_nag: [F76]
#     regula: [FG_R00252]
#     terrascan: [AC_AWS_0162, AC_AWS_0482]
#     prowler: [kms_key_not_publicly_accessible]
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

# kms:ViaService, for one, does not narrow, whatever its value
settled contains test if {
	some statement in statements
	some test in iam.idle_tests(input.resource, statement)
}

is_harmless(key, statement) if iam.never_allows(key, statement)

is_harmless(key, statement) if iam.names_principals(key, statement)

is_harmless(key, statement) if iam.is_narrowed(key, statement)

statements := iam.statements(input.resource, ["KeyPolicy"])
