# METADATA
# title: Function policies grant nothing to every principal
# description: >-
#   A function policy that allows any principal lets every AWS account call the function, or use the layer. A
#   source account, an organization or the ARN of a source limits the callers; the authorization type of a
#   function URL does not, as it lets in the signed calls of every account.
# related_resources:
#   - ref: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
#   - ref: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
#   - ref: https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
# custom:
#   id: SRM-LAMBDA-001
#   severity: critical
#   responsibility: identity-and-access
#   service: lambda
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::Lambda::Permission: [Principal, SourceAccount, PrincipalOrgID, SourceArn]
#     AWS::Lambda::LayerVersionPermission: [Principal, OrganizationId]
#     AWS::Lambda::ResourcePolicy: [PolicyDocument.Statement.**]
#   remediation:
#     terraform: Set `principal` to a service or account.
#     cloudformation: Set `Principal` to a service or account.
#   frameworks:
#     fsbp: [Lambda.1]
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, 3.5.1.3, 10.3.2, A1.1.2, A1.1.3, A3.4.1]
#     hipaa: [164.308(a)(1)(ii)(B), 164.308(a)(3)(i), 164.312(a)(1), 164.312(e)(1)]
#     iso_27001_2022: [A.8.1]
#     nist_800_53_r5:
#       [AC-2(6), AC-3, AC-3(7), AC-4, AC-4(21), AC-6, AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b),
#        AC-21, SC-7, SC-7(2), SC-7(3), SC-7(4), SC-7(9), SC-7(9)(a), SC-7(11), SC-7(12), SC-7(16), SC-7(20),
#        SC-7(21), SC-7(24)(b), SC-7(a), SC-7(b), SC-7(c), MP-2, SC-25]
#   equivalents:
#     checkov: [CKV_AWS_301]
#     guard: [LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED, LAMBDA_NO_WILDCARD_PRINCIPALS]
#     cfn_nag: [F13]
#     regula: [FG_R00276]
#     prowler: [awslambda_function_not_publicly_accessible]
#     config: [LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED]
package srmcheck.lambda.open_permission

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

# permissions

deny contains finding.resting(
	["Principal"],
	"permission is for any principal, and nothing narrows it to known callers",
	array.concat([["Principal"]], [[property] | some property in object.keys(limits)]),
) if {
	resource.text(input.resource, ["Principal"]) == "*"
	not is_limited
}

settled contains [] if not resource.text(input.resource, ["Principal"]) in ["", "*"]

settled contains [] if is_limited

is_limited if {
	some property, key in limits
	value := resource.text(input.resource, [property])
	value != ""
	iam.is_fixed(key, value)
}

# the properties that limit a permission, with the condition keys that they stand for
limits := {
	"SourceAccount": "aws:sourceaccount",
	"PrincipalOrgID": "aws:principalorgid",
	"SourceArn": "aws:sourcearn",
} if {
	input.resource.type == "AWS::Lambda::Permission"
} else := {"OrganizationId": "aws:principalorgid"}

# policies as documents

deny contains finding.resting(
	principal,
	"function policy allows any principal, and no condition narrows it to known callers",
	paths,
) if {
	some [principal, paths] in iam.open_grants(input.resource, ["PolicyDocument"])
}

unknown contains finding.at(statement, "statement for any principal has no Effect") if {
	some statement in iam.doubtful_grants(input.resource, ["PolicyDocument"])
}

settled contains path if some path in iam.closed_grants(input.resource, ["PolicyDocument"])
