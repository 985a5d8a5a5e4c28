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

test_audit_is_asked_for_once if {
	said(cluster([]), ["Audit", "api"]) == {"control plane does not log api, audit"}
	said(cluster(["audit", "api"]), ["AUDIT", "API"]) == set()
}

short := "control plane does not log all types that are asked for"

gap(rest) := array.concat(["Logging", "ClusterLogging", "EnabledTypes"], rest)

# {Type: ...} elements of which some are not known
partly(types, gaps) := documents.unknown_at(
	documents.of("AWS::EKS::Cluster", {"Logging": {"ClusterLogging": {"EnabledTypes": types}}}),
	gaps,
)

test_fewer_are_unknown_than_lack if {
	document := partly([{"Type": "api"}, {}], [gap([1, "Type"])])
	some finding in policy.deny with input as document
		with data.srmcheck.parameters as {"SRM-EKS-004": {"required": all_types}}
	finding.message == short
	finding.paths == [[]]
}

test_as_many_are_unknown_as_lack if {
	document := partly([{"Type": "api"}, {}], [gap([1, "Type"])])
	not short in said(document, ["api", "audit"])
}

test_nobody_knows_how_many_there_are if {
	not short in said(partly([{"Type": "api"}], [gap([])]), all_types)
	not short in said(partly([{"Type": "api"}, {}], [gap([1, "Type"]), gap([2])]), all_types)
}
