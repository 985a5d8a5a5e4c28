# METADATA
# title: The account has a multi-Region trail that logs management events
# description: >-
#   Without a trail for all Regions, what an attacker does in a Region that nobody uses is kept for 90 days and
#   delivered nowhere. The trail must be on and log all management events, read and write.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
# custom:
#   id: SRM-CLOUDTRAIL-002
#   severity: high
#   responsibility: logging-and-monitoring
#   service: cloudtrail
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::CloudTrail::Trail:
#       [IsMultiRegionTrail, IsLogging, 'EventSelectors[].IncludeManagementEvents',
#        'EventSelectors[].ReadWriteType', 'AdvancedEventSelectors[].FieldSelectors[].Field',
#        'AdvancedEventSelectors[].FieldSelectors[].Equals[]']
#   reports: resources
#   remediation:
#     terraform: Add `aws_cloudtrail` with `is_multi_region_trail = true`.
#     cloudformation: Add AWS::CloudTrail::Trail with `IsMultiRegionTrail` and `IsLogging` true.
#   frameworks:
#     fsbp: [CloudTrail.1]
#     cis_aws_5_0: ['3.1']
#     iso_27001_2022: [A.8.15, A.8.16]
#     nist_800_53_r5:
#       [AC-2(4), AC-4(26), AC-6(9), AU-2, AU-3, AU-6(3), AU-6(4), AU-10, AU-12, AU-14(1), CA-7, SA-8(22),
#        SC-7(9), SI-3(8), SI-4(20), SI-7(8)]
#   equivalents:
#     guard: [CLOUD_TRAIL_ENABLED]
#     prowler: [cloudtrail_multi_region_enabled_logging_management_events]
#     config: [CLOUD_TRAIL_ENABLED, CLOUDTRAIL_ENABLED_V2]
package srmcheck.cloudtrail.multi_region_trail

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny_stack contains finding.on(
	null,
	[],
	"account has no trail",
	[["@AWS::CloudTrail::Trail"]],
) if {
	count(trails) == 0
}

deny_stack contains finding.on(
	trail.address,
	place,
	concat("", ["account has no multi-Region trail that logs all management events: ", reason]),
	[["@AWS::CloudTrail::Trail"]],
) if {
	not has_full_trail
	some trail in trails
	faults := [fault | some fault in checks; is_fault(trail, fault)]
	place := faults[0].place
	reason := faults[0].reason
}

settled_stack contains [] if has_full_trail

# a trail with one known fault is none, whatever is unknown of it
settled_stack contains ["@AWS::CloudTrail::Trail", i] if {
	some i, trail in trails
	some fault in checks
	is_fault(trail, fault)
}

trails := input.template["AWS::CloudTrail::Trail"]

has_full_trail if {
	some trail in trails
	resource.value(trail, ["IsMultiRegionTrail"]) == true
	resource.value(trail, ["IsLogging"]) == true
	logs_management_events(trail)
}

checks := [
	{"place": ["IsMultiRegionTrail"], "reason": "this one covers a single Region"},
	{"place": ["IsLogging"], "reason": "this one is switched off"},
	{"place": ["EventSelectors"], "reason": "this one leaves out management events"},
]

is_fault(trail, check) if {
	check.place != ["EventSelectors"]
	resource.value(trail, check.place) == false
}

is_fault(trail, check) if {
	check.place != ["EventSelectors"]
	resource.absent(trail, check.place)
}

is_fault(trail, check) if {
	check.place == ["EventSelectors"]
	not resource.is_unknown(trail, ["EventSelectors"])
	not resource.is_unknown(trail, ["AdvancedEventSelectors"])
	not logs_management_events(trail)
}

# without selectors a trail logs all management events
logs_management_events(trail) if {
	resource.absent(trail, ["EventSelectors"])
	resource.absent(trail, ["AdvancedEventSelectors"])
}

logs_management_events(trail) if {
	some i, _ in resource.list(trail, ["EventSelectors"])
	is_included(trail, ["EventSelectors", i, "IncludeManagementEvents"])
	is_read_and_write(trail, ["EventSelectors", i, "ReadWriteType"])
}

logs_management_events(trail) if {
	some i, _ in resource.list(trail, ["AdvancedEventSelectors"])
	fields := ["AdvancedEventSelectors", i, "FieldSelectors"]
	some j, _ in resource.list(trail, fields)
	resource.option(trail, array.concat(fields, [j, "Field"])) == "eventcategory"
	resource.option(trail, array.concat(fields, [j, "Equals", 0])) == "management"
	not resource.is_unknown(trail, fields)
	every k, _ in resource.list(trail, fields) {
		resource.option(trail, array.concat(fields, [k, "Field"])) != "readonly"
	}
}

is_included(trail, path) if resource.value(trail, path) == true

is_included(trail, path) if resource.absent(trail, path)

is_read_and_write(trail, path) if resource.option(trail, path) == "all"

is_read_and_write(trail, path) if resource.absent(trail, path)
