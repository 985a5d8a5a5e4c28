# Load balancers. Words: docs/verdicts.md, "Load balancers".
package srmcheck.lib.balancer

import data.srmcheck.lib.resource

# Known to be of another type than application, which is what a load balancer is that names no type. A classic load
# balancer has no type.
is_no_application(judged) if {
	judged.type == "AWS::ElasticLoadBalancingV2::LoadBalancer"
	resource.given(judged, ["Type"])
	resource.option(judged, ["Type"]) != "application"
}

# Known to have no address on the Internet. A load balancer is internet-facing unless it says otherwise.
is_internal(judged) if resource.option(judged, ["Scheme"]) == "internal"
