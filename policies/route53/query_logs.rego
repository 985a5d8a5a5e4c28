# METADATA
# title: Public hosted zones log queries
# description: >-
#   Without a query log nobody sees which names of a public zone are asked for, and from where: a look round
#   before an attack, or traffic to a record that should not be there. Queries in private zones go into Resolver
#   query logs, so a zone with VPCs is not judged.
# related_resources:
#   - ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-route53-hostedzone.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/route53-controls.html
# custom:
#   id: SRM-ROUTE53-001
#   severity: medium
#   responsibility: logging-and-monitoring
#   service: route53
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::Route53::HostedZone: [QueryLoggingConfig.CloudWatchLogsLogGroupArn, 'VPCs[]']
#   remediation:
#     terraform: Add `aws_route53_query_log`.
#     cloudformation: Set `QueryLoggingConfig`.
#   frameworks:
#     fsbp: [Route53.2]
#     pci_dss_4_0:
#       [5.3.4, 10.2.1, 10.2.1.1, 10.2.1.2, 10.2.1.3, 10.2.1.4, 10.2.1.5, 10.2.1.6, 10.2.1.7, 10.2.2, 10.3.1, 10.6.3,
#        A1.2.1]
#     iso_27001_2022: [A.8.15]
#     soc2: [A1.2]
#   equivalents:
#     checkov: [CKV2_AWS_39]
#     terrascan: [AC_AWS_0204]
#     prowler: [route53_public_hosted_zones_cloudwatch_logging_enabled]
package srmcheck.route53.query_logs

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.route53

not_applicable if route53.is_private(input.resource)

deny contains finding.resting(log_group, "public hosted zone does not log queries", [log_group, ["VPCs"]]) if {
	not is_logged
}

settled contains [] if is_logged

is_logged if resource.given(input.resource, log_group)

# a query log of Terraform is a resource of its own, which names a log group in any case
is_logged if {
	input.source.language == "terraform"
	is_object(resource.value(input.resource, ["QueryLoggingConfig"]))
}

log_group := ["QueryLoggingConfig", "CloudWatchLogsLogGroupArn"]
