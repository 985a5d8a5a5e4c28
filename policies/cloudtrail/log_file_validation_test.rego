package srmcheck.cloudtrail.log_file_validation_test

import data.srmcheck.cloudtrail.log_file_validation as policy
import data.srmcheck.lib.documents

trail(properties) := documents.of("AWS::CloudTrail::Trail", properties)

test_pass if count(policy.deny) == 0 with input as trail({"EnableLogFileValidation": true})

test_fail_off if count(policy.deny) == 1 with input as trail({"EnableLogFileValidation": false})

test_fail_absent if {
	some finding in policy.deny with input as trail({})
	finding.paths == [["EnableLogFileValidation"]]
	finding.message == "trail does not validate its log files"
}
