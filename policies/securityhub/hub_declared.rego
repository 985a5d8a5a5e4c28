# METADATA
# title: Security Hub is enabled
# description: >-
#   Security Hub gathers the findings of the other security services and checks the account against standards. It is
#   off until someone enables it, for each account and Region.
# related_resources:
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-settingup.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-securityhub-hub.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-securityhub-hubv2.html
# custom:
#   id: SRM-SECURITYHUB-001
#   severity: medium
#   responsibility: logging-and-monitoring
#   service: securityhub
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::SecurityHub::Hub: []
#     AWS::SecurityHub::HubV2: []
#   remediation:
#     terraform: Add `aws_securityhub_account`.
#     cloudformation: Add AWS::SecurityHub::Hub.
#   frameworks:
#     cis_aws_5_0: ['4.16']
#     pci_dss_4_0: [10.2.1.1, 10.4.1, 10.4.1.1, 10.4.2, 10.6.3, 10.7.1, 10.7.2, A3.3.1, A3.5.1]
#     hipaa:
#       [164.308(a)(1)(ii)(D), 164.308(a)(3)(ii)(A), 164.308(a)(5)(ii)(C), 164.308(a)(6)(i), 164.308(a)(6)(ii),
#        164.308(a)(8), 164.312(b), 164.312(e)(2)(i)]
#     iso_27001_2022: [A.5.1, A.8.23]
#     soc2: [CC3.1, CC6.8, CC7.1, CC7.2, CC7.3, CC7.4]
#     nist_800_53_r5:
#       [AU-6(1), AU-6(5), AU-12(3), AU-14(a), AU-14(b), CA-2(d), CA-7(b), PM-14(a), PM-14(b), CA-7, PM-31]
#   equivalents:
#     prowler: [securityhub_enabled]
#     config: [SECURITYHUB_ENABLED]
package srmcheck.securityhub.hub_declared

import data.srmcheck.lib.finding

deny_stack contains finding.on(
	null,
	[],
	"account does not enable Security Hub",
	[["@AWS::SecurityHub::Hub"], ["@AWS::SecurityHub::HubV2"]],
) if {
	not has_hub
}

settled_stack contains [] if has_hub

has_hub if count(input.template["AWS::SecurityHub::Hub"]) > 0

has_hub if count(input.template["AWS::SecurityHub::HubV2"]) > 0
