package srmcheck.cloudtrail.all_regions_test

import data.srmcheck.cloudtrail.all_regions as policy
import data.srmcheck.lib.documents

trail(properties, others) := documents.related_to(
	documents.of("AWS::CloudTrail::Trail", properties),
	"other_trails",
	[documents.member("o", "AWS::CloudTrail::Trail", other) | some other in others],
)

test_pass if {
	every document in [
		trail({"IsMultiRegionTrail": true}, []),
		trail({"IsMultiRegionTrail": false}, [{}, {"IsMultiRegionTrail": true}]),
	] {
		count(policy.deny) == 0 with input as document
		[] in policy.settled with input as document
	}
}

test_fail if {
	every document in [
		trail({}, []),
		trail({"IsMultiRegionTrail": false}, []),
		trail({}, [{"IsMultiRegionTrail": false}]),
	] {
		count(policy.deny) == 1 with input as document
		count(policy.settled) == 0 with input as document
	}
}

test_fail_rests_on_the_other_trails if {
	some finding in policy.deny with input as trail({}, [])
	finding.place == ["IsMultiRegionTrail"]
	finding.paths == [["IsMultiRegionTrail"], ["@other_trails"]]
	finding.message == "trail covers one Region, and no other trail of the template covers them all"
}
