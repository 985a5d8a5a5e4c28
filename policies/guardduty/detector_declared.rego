# METADATA
# title: The account has a GuardDuty detector
# description: >-
#   GuardDuty looks through CloudTrail events, VPC flow logs and DNS queries for signs of an intruder. It is off until an
#   account has a detector, of its own or through its organization.
# related_resources:
#   - ref: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-guardduty-detector.html
#   - ref: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html
# custom:
#   id: SRM-GUARDDUTY-002
#   severity: high
#   responsibility: logging-and-monitoring
#   service: guardduty
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::GuardDuty::Detector: []
#     AWS::GuardDuty::OrganizationConfiguration: [AutoEnableOrganizationMembers, AutoEnable]
#   remediation:
#     terraform: Add `aws_guardduty_detector`.
#     cloudformation: Add AWS::GuardDuty::Detector.
#   frameworks:
#     fsbp: [GuardDuty.1]
#     pci_dss_4_0: [11.5.1, 11.5.1.1]
#     hipaa:
#       [164.308(a)(1)(ii)(A), 164.308(a)(1)(ii)(D), 164.308(a)(3)(ii)(A), 164.308(a)(5)(ii)(C),
#        164.308(a)(6)(i), 164.308(a)(6)(ii), 164.308(a)(8), 164.312(b), 164.312(e)(2)(i)]
#     iso_27001_2022: [A.5.19, A.5.21, A.5.25, A.5.28, A.5.29, A.8.7, A.8.9]
#     soc2: [CC3.1, CC3.2, CC4.2, CC6.8, CC7.1, CC7.2, CC7.3, CC7.4]
#     nist_800_53_r5:
#       [AC-2(12), AC-2(12)(a), AC-3(12)(b), AU-3(1), AU-6(1), AU-6(5), AU-12(3), AU-14(a), AU-14(b), CA-2(d),
#        CA-7, CA-7(b), CM-8(3), CM-8(3)(a), PE-6(2), PE-6(4), PM-14(a), PM-14(b), RA-1(a), RA-3(4), RA-3(a),
#        RA-5(4), RA-5(a), RA-10(a), SA-8(19), SA-8(21), SA-8(25), SA-11(1), SA-11(6), SA-15(2), SA-15(8),
#        SC-5, SC-5(1), SC-5(3), SC-5(3)(a), SC-5(3)(b), SC-5(a), SC-5(b), SC-43(b), SI-3(8), SI-3(8)(a), SI-4,
#        SI-4(1), SI-4(2), SI-4(3), SI-4(4), SI-4(4)(a), SI-4(4)(b), SI-4(5), SI-4(10), SI-4(13), SI-4(13)(a),
#        SI-4(14), SI-4(22), SI-4(23), SI-4(25), SI-4(a), SI-4(b), SI-4(c), SI-5(1), SI-5(b), SI-20, PM-16,
#        PM-31]
#   equivalents:
#     prowler: [guardduty_is_enabled]
#     config: [GUARDDUTY_ENABLED_CENTRALIZED]
package srmcheck.guardduty.detector_declared

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny_stack contains finding.on(
	null,
	[],
	"account has no GuardDuty detector",
	[["@AWS::GuardDuty::Detector"], ["@AWS::GuardDuty::OrganizationConfiguration"]],
) if {
	not has_detector
}

settled_stack contains [] if has_detector

# whether it is enabled is judged on the detector itself
has_detector if count(input.template["AWS::GuardDuty::Detector"]) > 0

has_detector if {
	some organization in input.template["AWS::GuardDuty::OrganizationConfiguration"]
	enables_members(organization)
}

enables_members(organization) if {
	resource.option(organization, ["AutoEnableOrganizationMembers"]) in {"all", "new"}
}

# the older setting
enables_members(organization) if resource.value(organization, ["AutoEnable"]) == true
