# METADATA
# title: Functions use a supported runtime
# description: >-
#   A deprecated runtime gets no more security patches, and the function that uses it can soon be neither
#   created nor changed. AWS's list of dates is policy data with a date of its own.
# related_resources:
#   - ref: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
# custom:
#   id: SRM-LAMBDA-003
#   severity: medium
#   responsibility: application-security
#   service: lambda
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::Lambda::Function: [Runtime, PackageType]
#   remediation:
#     terraform: Set `runtime` to a supported version.
#     cloudformation: Set `Runtime` to a supported version.
#   frameworks:
#     fsbp: [Lambda.2]
#     nist_800_53_r5: [CA-9(1), CM-2, SI-2, SI-2(2), SI-2(4), SI-2(5)]
#   equivalents:
#     checkov: [CKV_AWS_363]
#     prowler: [awslambda_function_using_supported_runtimes]
#     config: [LAMBDA_FUNCTION_SETTINGS_CHECK]
#     steampipe: [lambda_function_use_latest_runtime]
package srmcheck.lambda.supported_runtime

import data.srmcheck.data.lambda_runtimes
import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

not_applicable if resource.option(input.resource, ["PackageType"]) == "image"

not_applicable if resource.absent(input.resource, ["Runtime"])

deny contains finding.resting(
	["Runtime"],
	concat("", ["runtime ", runtime, " is deprecated since ", deprecated_since]),
	[["Runtime"], ["PackageType"]],
) if {
	deprecated_since <= lambda_runtimes.date
}

unknown contains finding.at(["Runtime"], "runtime is not in AWS's list of runtimes") if {
	runtime != ""
	not runtime in object.keys(lambda_runtimes.deprecation)
}

settled contains [] if deprecated_since > lambda_runtimes.date

deprecated_since := lambda_runtimes.deprecation[runtime]

runtime := resource.text(input.resource, ["Runtime"])
