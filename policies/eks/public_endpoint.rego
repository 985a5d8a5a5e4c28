# METADATA
# title: A public Kubernetes API endpoint admits named ranges only
# description: >-
#   The endpoint of a cluster's Kubernetes API is public unless it says otherwise, and admits the whole Internet
#   unless ranges are named. Then a leaked token or a fault of the API server is all that an attacker needs.
# related_resources:
#   - ref: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-eks-cluster-resourcesvpcconfig.html
# custom:
#   id: SRM-EKS-002
#   severity: critical
#   responsibility: network-security
#   service: eks
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EKS::Cluster: ['ResourcesVpcConfig.PublicAccessCidrs[]', ResourcesVpcConfig.EndpointPublicAccess]
#   remediation:
#     terraform: Set `vpc_config.public_access_cidrs`.
#     cloudformation: Set `ResourcesVpcConfig.PublicAccessCidrs`.
#   frameworks:
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, A1.1.3]
#     iso_27001_2022: [A.8.1]
#   equivalents:
#     checkov: [CKV_AWS_38]
#     trivy: [AVD-AWS-0041]
#     prowler: [eks_cluster_not_publicly_accessible]
package srmcheck.eks.public_endpoint

import data.srmcheck.lib.finding
import data.srmcheck.lib.network
import data.srmcheck.lib.resource

deny contains finding.resting(range, "Kubernetes API endpoint admits the whole Internet", [range, switch]) if {
	not is_private
	some i, cidr in resource.list(input.resource, ranges)
	network.is_world(cidr)
	range := array.concat(ranges, [i])
}

deny contains finding.resting(
	ranges,
	"Kubernetes API endpoint admits the whole Internet, as it names no ranges",
	[ranges, switch],
) if {
	not is_private
	resource.absent(input.resource, ranges)
}

settled contains [] if is_private

# known ranges, none of them the Internet: whether the endpoint is public does not matter
settled contains [] if {
	count(resource.list(input.resource, ranges)) > 0
	not resource.is_unknown(input.resource, ranges)
	every cidr in resource.list(input.resource, ranges) {
		not network.is_world(cidr)
	}
}

is_private if resource.value(input.resource, switch) == false

ranges := ["ResourcesVpcConfig", "PublicAccessCidrs"]

switch := ["ResourcesVpcConfig", "EndpointPublicAccess"]
