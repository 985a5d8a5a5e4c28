# METADATA
# title: Role trust policy does not trust every principal
# description: >-
#   Whoever the trust policy names may become the role and take all its rights. Any principal means every AWS
#   account, unless a condition on the caller's organization, account or ARN narrows it. An external id is a
#   password that is no secret, and does not.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   id: SRM-IAM-009
#   severity: critical
#   responsibility: identity-and-access
#   service: iam
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::IAM::Role: [AssumeRolePolicyDocument.Statement.**]
#   remediation:
#     terraform: Name the principals in `assume_role_policy`.
#     cloudformation: Name the principals in `AssumeRolePolicyDocument`.
#   equivalents:
#     checkov: [CKV_AWS_60]
#     regula: [FG_R00219]
package srmcheck.iam.open_trust

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam

document := ["AssumeRolePolicyDocument"]

deny contains finding.resting(
	principal,
	"role trusts any principal, and no condition narrows it to known callers",
	paths,
) if {
	some [principal, paths] in iam.open_trust(input.resource, document)
}

unknown contains finding.at(statement, "statement that trusts any principal has no Effect") if {
	some statement in iam.doubtful_trust(input.resource, document)
}

settled contains path if some path in iam.closed_trust(input.resource, document)
