package srmcheck.lib.route53_test

import data.srmcheck.lib.documents
import data.srmcheck.lib.route53

zone(properties) := documents.of("AWS::Route53::HostedZone", properties).resource

test_is_private if {
	route53.is_private(zone({"VPCs": [{}]}))
	not route53.is_private(zone({"VPCs": []}))
	not route53.is_private(zone({}))
}
