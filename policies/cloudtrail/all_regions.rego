# METADATA
# title: Trails cover all Regions
# description: >-
#   A trail of one Region does not see what happens in the Regions that nobody uses, which is where an intruder works
#   undisturbed. A trail covers one Region where it says nothing, a trail of an organization too. One trail of the
#   template for all Regions is enough for those beside it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-multi-region-trails.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudtrail-trail.html
# custom:
#   id: SRM-CLOUDTRAIL-001
#   severity: high
#   responsibility: logging-and-monitoring
#   service: cloudtrail
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::CloudTrail::Trail: [IsMultiRegionTrail]
#   related:
#     other_trails: {type: [AWS::CloudTrail::Trail], declared: template, reads: [IsMultiRegionTrail]}
#   yields_to: [SRM-CLOUDTRAIL-002]
#   remediation:
#     terraform: Set `is_multi_region_trail = true`.
#     cloudformation: Set `IsMultiRegionTrail` to true.
#   frameworks:
#     fsbp: [CloudTrail.1]
#     cis_aws_5_0: ['3.1']
#     pci_dss_4_0:
#       [5.3.4, 10.2.1, 10.2.1.1, 10.2.1.2, 10.2.1.3, 10.2.1.4, 10.2.1.5, 10.2.1.6, 10.2.1.7, 10.2.2, 10.3.1,
#        10.6.3, A1.2.1]
#     hipaa: [164.308(a)(1)(ii)(D), 164.308(a)(3)(ii)(A), 164.308(a)(6)(ii), 164.312(b), 164.312(e)(2)(i)]
#     soc2: [A1.2, CC2.1, CC7.2, PI1.3]
#     nist_800_53_r5:
#       [AC-2(4), AC-3(1), AC-3(10), AC-4(26), AC-6(9), AU-2, AU-2(b), AU-3, AU-3(1), AU-3(a), AU-3(b),
#        AU-3(c), AU-3(d), AU-3(e), AU-3(f), AU-6(3), AU-6(4), AU-6(6), AU-6(9), AU-8(b), AU-10, AU-12,
#        AU-12(1), AU-12(2), AU-12(3), AU-12(4), AU-12(a), AU-12(c), AU-14(1), AU-14(3), AU-14(a), AU-14(b),
#        CA-7, CA-7(b), CM-5(1)(b), CM-6(a), CM-9(b), IA-3(3)(b), MA-4(1)(a), PM-14(a), PM-14(b), SA-8(22),
#        SC-7(9), SC-7(9)(b), SI-1(1)(c), SI-3(8), SI-3(8)(b), SI-4(2), SI-4(17), SI-4(20), SI-7(8),
#        SI-10(1)(c), PM-31]
#     gdpr: [Art. 25, Art. 30]
#   equivalents:
#     checkov: [CKV_AWS_67]
#     trivy: [AVD-AWS-0014]
#     guard: [MULTI_REGION_CLOUD_TRAIL_ENABLED]
#     terrascan: [AC_AWS_0034, AC_AWS_0448]
#     prowler: [cloudtrail_multi_region_enabled]
#     config: [MULTI_REGION_CLOUD_TRAIL_ENABLED, CLOUDTRAIL_SECURITY_TRAIL_ENABLED]
#     steampipe: [cloudtrail_enabled_all_regions]
package srmcheck.cloudtrail.all_regions

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.resting(
	["IsMultiRegionTrail"],
	"trail covers one Region, and no other trail of the template covers them all",
	[["IsMultiRegionTrail"], ["@other_trails"]],
) if {
	not all_regions_covered
}

settled contains [] if all_regions_covered

all_regions_covered if covers_all_regions(input.resource)

all_regions_covered if {
	some other in input.related.other_trails
	covers_all_regions(other)
}

covers_all_regions(trail) if resource.value(trail, ["IsMultiRegionTrail"]) == true
