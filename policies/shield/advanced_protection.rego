# METADATA
# title: Internet-facing entry points have Shield Advanced protection
# description: >-
#   Shield Standard protects everybody, unasked, from common attacks that flood a network. Shield Advanced adds more
#   where it is subscribed to, but only for resources that have a protection. A Network Load Balancer is protected
#   through its elastic IPs, and a staging distribution with its primary one. Protections that Firewall Manager makes
#   are not in a template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/waf/latest/developerguide/ddos-advanced-summary-protected-resources.html
#   - ref: https://docs.aws.amazon.com/waf/latest/DDOSAPIReference/API_CreateProtection.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-shield-protection.html
# custom:
#   id: SRM-SHIELD-001
#   severity: low
#   responsibility: network-security
#   service: shield
#   since: 0.1.0
#   profile: default
#   scope: account
#   types:
#     AWS::ElasticLoadBalancingV2::LoadBalancer: [Type, Scheme]
#     AWS::ElasticLoadBalancing::LoadBalancer: [Scheme]
#     AWS::CloudFront::Distribution: [DistributionConfig.Staging]
#     AWS::EC2::EIP: []
#     AWS::GlobalAccelerator::Accelerator: []
#     AWS::Route53::HostedZone: ['VPCs[]']
#   related:
#     protections: {type: [AWS::Shield::Protection], by: [ResourceArn], reads: []}
#     declared_protections: {type: [AWS::Shield::Protection], declared: template, reads: []}
#     shield_subscriptions: {type: [AWS::Shield::Subscription], declared: template, reads: []}
#   parameters:
#     shield_advanced:
#       type: boolean
#       default: false
#       description: The account subscribes to Shield Advanced, also where the template declares neither subscription nor protection.
#   remediation:
#     terraform: Add `aws_shield_protection` with `resource_arn`.
#     cloudformation: Add AWS::Shield::Protection with `ResourceArn`.
#   frameworks:
#     pci_dss_4_0: [11.5.1, 11.5.1.1]
#   equivalents:
#     prowler:
#       [shield_advanced_protection_in_internet_facing_load_balancers,
#        shield_advanced_protection_in_classic_load_balancers,
#        shield_advanced_protection_in_cloudfront_distributions,
#        shield_advanced_protection_in_associated_elastic_ips,
#        shield_advanced_protection_in_global_accelerators,
#        shield_advanced_protection_in_route53_hosted_zones]
#     config: [SHIELD_ADVANCED_ENABLED_AUTORENEW]
package srmcheck.shield.advanced_protection

import data.srmcheck.lib.balancer
import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.route53

# known to be without Shield Advanced
not_applicable if {
	not is_declared
	every relation in declarations {
		not relation in input.open
	}
}

deny contains finding.resting(
	[],
	concat("", [kind.name, " has no Shield Advanced protection"]),
	array.concat([["@protections"]], array.concat(kind.paths, declared_by)),
) if {
	not is_safe
	kind := kinds[input.resource.type]
}

settled contains [] if is_safe

kinds := {
	"AWS::ElasticLoadBalancingV2::LoadBalancer": {
		"name": "internet-facing application load balancer",
		"paths": [["Type"], ["Scheme"]],
	},
	"AWS::ElasticLoadBalancing::LoadBalancer": {
		"name": "internet-facing classic load balancer",
		"paths": [["Scheme"]],
	},
	"AWS::CloudFront::Distribution": {"name": "distribution", "paths": [["DistributionConfig", "Staging"]]},
	"AWS::EC2::EIP": {"name": "elastic IP", "paths": []},
	"AWS::GlobalAccelerator::Accelerator": {"name": "accelerator", "paths": []},
	"AWS::Route53::HostedZone": {"name": "public hosted zone", "paths": [["VPCs"]]},
}

is_safe if count(input.related.protections) > 0

is_safe if balancer.is_no_application(input.resource)

is_safe if balancer.is_internal(input.resource)

is_safe if route53.is_private(input.resource)

is_safe if resource.value(input.resource, ["DistributionConfig", "Staging"]) == true

declarations := ["declared_protections", "shield_subscriptions"]

is_declared if data.srmcheck.parameters["SRM-SHIELD-001"].shield_advanced == true

is_declared if {
	some relation in declarations
	count(input.related[relation]) > 0
}

# what tells that there is Shield Advanced matters as long as it is not known
declared_by := [] if {
	is_declared
} else := [[concat("", ["@", relation])] | some relation in declarations]

settled contains [concat("", ["@", relation])] if {
	is_declared
	some relation in declarations
}
