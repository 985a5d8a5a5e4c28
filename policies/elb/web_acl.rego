# METADATA
# title: Internet-facing application load balancers have a web ACL
# description: >-
#   A web ACL of AWS WAF drops requests that try known attacks before they reach the application. A load balancer has
#   none until an association names it. It is an application load balancer and internet-facing unless it says otherwise.
#   Associations that Firewall Manager makes are not in a template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-loadbalancer.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html
# custom:
#   id: SRM-ELB-012
#   severity: medium
#   responsibility: network-security
#   service: elb
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::ElasticLoadBalancingV2::LoadBalancer: [Type, Scheme]
#   related:
#     web_acl_associations:
#       type: [AWS::WAFv2::WebACLAssociation, AWS::WAFRegional::WebACLAssociation]
#       by: [ResourceArn]
#       reads: []
#   remediation:
#     terraform: Add `aws_wafv2_web_acl_association`.
#     cloudformation: Add AWS::WAFv2::WebACLAssociation.
#   frameworks:
#     pci_dss_4_0: [6.4.1, 6.4.2]
#     nist_800_53_r5: [AC-4(21)]
#   equivalents:
#     checkov: [CKV2_AWS_28]
#     prowler: [elbv2_waf_acl_attached]
#     config: [ALB_WAF_ENABLED]
#     steampipe: [elb_application_lb_waf_enabled]
package srmcheck.elb.web_acl

import data.srmcheck.lib.balancer
import data.srmcheck.lib.finding

deny contains finding.resting(
	[],
	"internet-facing application load balancer has no web ACL",
	[["@web_acl_associations"], ["Type"], ["Scheme"]],
) if {
	not is_safe
}

settled contains [] if is_safe

is_safe if count(input.related.web_acl_associations) > 0

is_safe if balancer.is_no_application(input.resource)

is_safe if balancer.is_internal(input.resource)
