package srmcheck.template.literal_secrets_test

import data.srmcheck.lib.documents
import data.srmcheck.template.literal_secrets as policy

from(path, origin) := object.union(
	documents.unknown_at(documents.of("AWS::RDS::DBInstance", {}), [path]),
	{"resource": {"origins": [object.union(
		{"path": path, "kind": "literal", "name": "", "secret": false, "has_default": false},
		origin,
	)]}},
)

password(origin) := from(["MasterUserPassword"], origin)

parameter(properties) := password(object.union({"kind": "parameter", "name": "var.password"}, properties))

test_fail_literal if {
	some finding in policy.deny with input as password({})
	finding.place == ["MasterUserPassword"]
	finding.message == "secret is written as a literal"
	finding.paths == []
}

test_fail_at_any_depth if {
	some finding in policy.deny with input as from(["Users", 1, "Password"], {})
	finding.place == ["Users", 1, "Password"]
}

test_fail_parameter_with_default if {
	some finding in policy.deny with input as parameter({"secret": true, "has_default": true})
	finding.message == "secret comes from var.password, which has a default"
}

test_fail_parameter_that_is_shown if {
	some finding in policy.deny with input as parameter({})
	finding.message == "secret comes from var.password, which is not marked as secret"
}

test_one_finding_for_a_parameter_with_both_faults if {
	count(policy.deny) == 1 with input as parameter({"has_default": true})
}

test_fail_plaintext_parameter if {
	some finding in policy.deny with input as password({"kind": "dynamic-reference", "name": "ssm"})
	finding.message == "secret is read from a plaintext parameter of Systems Manager"
}

test_pass if {
	every origin in [
		{"kind": "parameter", "name": "var.password", "secret": true},
		{"kind": "dynamic-reference", "name": "secretsmanager"},
		{"kind": "dynamic-reference", "name": "ssm-secure"},
		{"kind": "reference", "name": "random_password.r.result"},
	] {
		count(policy.deny) == 0 with input as password(origin)
		policy.settled == {["MasterUserPassword"]} with input as password(origin)
	}
}

test_pass_absent if {
	document := object.union(documents.of("AWS::RDS::DBInstance", {}), {"resource": {"origins": []}})
	count(policy.deny) == 0 with input as document
}

test_pass_other_properties_may_be_literals if {
	count(policy.deny) == 0 with input as from(["MasterUsername"], {})
	count(policy.settled) == 0 with input as from(["MasterUsername"], {})
}

test_data_of_an_import_is_unknown if {
	count(policy.deny) == 0 with input as password({"kind": "data", "name": "shared-password"})
	count(policy.settled) == 0 with input as password({"kind": "data", "name": "shared-password"})
	terraform := object.union(
		password({"kind": "data", "name": "data.aws_secretsmanager_secret_version.db.secret_string"}),
		{"source": {"language": "terraform"}},
	)
	policy.settled == {["MasterUserPassword"]} with input as terraform
}

test_unknown_where_nothing_says_it if {
	some finding in policy.unknown with input as password({"kind": "unsaid"})
	finding.place == ["MasterUserPassword"]
	count(policy.deny) == 0 with input as password({"kind": "unsaid"})
}
