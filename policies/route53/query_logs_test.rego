package srmcheck.route53.query_logs_test

import data.srmcheck.lib.documents
import data.srmcheck.route53.query_logs as policy

zone(properties) := documents.of("AWS::Route53::HostedZone", properties)

rules(document) := found if {
	found := [count(policy.deny), count(policy.settled)] with input as document
}

logged := {"QueryLoggingConfig": {"CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:dns"}}

test_fail_absent if {
	rules(zone({})) == [1, 0]
	rules(zone({"VPCs": []})) == [1, 0]
	rules(zone({"QueryLoggingConfig": {"CloudWatchLogsLogGroupArn": ""}})) == [1, 0]
}

test_pass if rules(zone(logged)) == [0, 1]

test_none_private if {
	policy.not_applicable with input as zone({"VPCs": [{"VPCId": "vpc-1", "VPCRegion": "eu-west-1"}]})
	policy.not_applicable with input as documents.unknown_at(zone({"VPCs": [{}]}), [["VPCs", 0, "VPCId"]])
	not policy.not_applicable with input as zone({"VPCs": []})
}

test_rests_on_the_vpcs if {
	some finding in policy.deny with input as documents.unknown_at(zone({}), [["VPCs"]])
	["VPCs"] in finding.paths
}

test_unknown if {
	every gap in [["QueryLoggingConfig"], array.concat(["QueryLoggingConfig"], ["CloudWatchLogsLogGroupArn"])] {
		some finding in policy.deny with input as documents.unknown_at(zone({}), [gap])
		["QueryLoggingConfig", "CloudWatchLogsLogGroupArn"] in finding.paths
		count(policy.settled) == 0 with input as documents.unknown_at(zone({}), [gap])
	}
}

test_a_query_log_of_terraform_is_there_whatever_its_log_group if {
	gap := ["QueryLoggingConfig", "CloudWatchLogsLogGroupArn"]
	document := documents.unknown_at(zone({"QueryLoggingConfig": {}}), [gap])
	rules(object.union(document, {"source": {"language": "terraform"}})) == [0, 1]
	rules(document) == [1, 0]
}
