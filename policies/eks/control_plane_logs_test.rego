package srmcheck.eks.control_plane_logs_test

import data.srmcheck.eks.control_plane_logs as policy
import data.srmcheck.lib.documents

all_types := ["api", "audit", "authenticator", "controllerManager", "scheduler"]

cluster(types) := documents.of("AWS::EKS::Cluster", {"Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": name} |
	some name in types
]}}})

said(document, required) := found if {
	found := {finding.message | some finding in policy.deny} with input as document
		with data.srmcheck.parameters as {"SRM-EKS-004": {"required": required}}
}

clear(document, required) := found if {
	found := count(policy.settled) with input as document
		with data.srmcheck.parameters as {"SRM-EKS-004": {"required": required}}
}

test_pass if {
	said(cluster(all_types), all_types) == set()
	clear(cluster(all_types), all_types) == 1
}

test_pass_in_any_case if said(cluster(["API", "Audit", "authenticator", "controllermanager", "scheduler"]), all_types) == set()

test_fail_absent if {
	said(documents.of("AWS::EKS::Cluster", {}), all_types) == {"control plane does not log api, audit, authenticator, controllerManager, scheduler"}
	clear(documents.of("AWS::EKS::Cluster", {}), all_types) == 0
}

test_fail_some if said(cluster(["api", "audit"]), all_types) == {"control plane does not log authenticator, controllerManager, scheduler"}

test_audit_is_the_minimum if {
	said(cluster(["api"]), []) == {"control plane does not log audit"}
	said(cluster(["api"]), ["api"]) == {"control plane does not log audit"}
	said(cluster(["audit"]), []) == set()
}

test_settled_beside_unknown_types if {
	clear(documents.unknown_at(cluster(all_types), [["Logging", "ClusterLogging", "EnabledTypes", 5]]), all_types) == 1
}
