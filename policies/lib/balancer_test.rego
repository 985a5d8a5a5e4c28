package srmcheck.lib.balancer_test

import data.srmcheck.lib.balancer
import data.srmcheck.lib.documents

balancer_of(properties) := documents.of("AWS::ElasticLoadBalancingV2::LoadBalancer", properties).resource

classic(properties) := documents.of("AWS::ElasticLoadBalancing::LoadBalancer", properties).resource

test_is_no_application if {
	balancer.is_no_application(balancer_of({"Type": "network"}))
	balancer.is_no_application(balancer_of({"Type": "Gateway"}))
	not balancer.is_no_application(balancer_of({"Type": "APPLICATION"}))
	not balancer.is_no_application(balancer_of({"Type": ""}))
	not balancer.is_no_application(balancer_of({}))
	not balancer.is_no_application(classic({"Type": "network"}))
}

test_is_internal if {
	balancer.is_internal(balancer_of({"Scheme": "Internal"}))
	balancer.is_internal(classic({"Scheme": "internal"}))
	not balancer.is_internal(balancer_of({"Scheme": "internet-facing"}))
	not balancer.is_internal(balancer_of({}))
}
