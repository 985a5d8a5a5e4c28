# METADATA
# title: Control plane logs are on
# description: >-
#   The control plane sends no log by default. The audit log says who did what in the cluster; the other four
#   say who signed in and what the control plane made of it. Which types are asked for is a parameter; audit is
#   asked for in any case.
# related_resources:
#   - ref: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html
# custom:
#   id: SRM-EKS-004
#   severity: medium
#   responsibility: logging-and-monitoring
#   service: eks
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EKS::Cluster: ['Logging.ClusterLogging.EnabledTypes[].Type']
#   parameters:
#     required:
#       type: list
#       default: [api, audit, authenticator, controllerManager, scheduler]
#       description: The log types that must be on, beside audit
#   remediation:
#     terraform: Set `enabled_cluster_log_types`.
#     cloudformation: Set `Logging.ClusterLogging.EnabledTypes`.
#   frameworks:
#     fsbp: [EKS.8]
#     pci_dss_4_0:
#       [5.3.4, 10.2.1, 10.2.1.1, 10.2.1.2, 10.2.1.3, 10.2.1.4, 10.2.1.5, 10.2.1.6, 10.2.1.7, 10.2.2, 10.3.1, 10.6.3,
#        A1.2.1]
#     iso_27001_2022: [A.8.15]
#   equivalents:
#     checkov: [CKV_AWS_37]
#     trivy: [AVD-AWS-0038]
#     terrascan: [AC_AWS_0465]
#     prowler: [eks_control_plane_logging_all_types_enabled]
#     config: [EKS_CLUSTER_LOGGING_ENABLED, EKS_LOGGING_CHECK]
#     steampipe: [eks_cluster_control_plane_logging_enabled, eks_cluster_log_types_enabled]
package srmcheck.eks.control_plane_logs

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at(enabled, concat("", ["control plane does not log ", concat(", ", missing)])) if {
	count(missing) > 0
}

# whatever the types are that are not known, there are not enough of them
deny contains finding.resting(enabled, "control plane does not log all types that are asked for", [[]]) if {
	count(open_types) > 0
	count(missing) > count(open_types)
	every gap in resource.gaps(input.resource, enabled) {
		gap in open_types
	}
}

settled contains [] if count(missing) == 0

enabled := ["Logging", "ClusterLogging", "EnabledTypes"]

missing := [name | some name in asked; not lower(name) in found]

found := {resource.option(input.resource, array.concat(enabled, [i, "Type"])) |
	some i, _ in resource.list(input.resource, enabled)
}

open_types := {path |
	some i, _ in resource.list(input.resource, enabled)
	path := array.concat(enabled, [i, "Type"])
	resource.is_unknown(input.resource, path)
}

# sorted, as the answer must be the same in every run
asked := sort({"audit"} | {name |
	some name in data.srmcheck.parameters["SRM-EKS-004"].required
	lower(name) != "audit"
})
