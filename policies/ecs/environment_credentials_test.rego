package srmcheck.ecs.environment_credentials_test

import data.srmcheck.ecs.environment_credentials as policy
import data.srmcheck.lib.documents

task(environment) := documents.of("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{}, {"Environment": environment}]})

# a function: regorus loses a constant that stands both inside and outside of `with`
value(entry) := ["ContainerDefinitions", 1, "Environment", entry, "Value"]

examined(environment, facts) := documents.known_of(task(environment), value(0), array.concat(["examined"], facts))

test_fail_names_of_aws if {
	every name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"] {
		some finding in policy.deny with input as task([{"Name": name}])
		finding.place == ["ContainerDefinitions", 1, "Environment", 0, "Name"]
	}
	count(policy.deny) == 0 with input as task([{"Name": "aws_access_key_id_path", "Value": "x"}])
}

test_fail_secret_literal if {
	some finding in policy.deny with input as examined([{"Name": "DB_PASSWORD"}], ["secret-literal"])
	finding.place == value(0)
	finding.paths == [["ContainerDefinitions", 1, "Environment", 0, "Name"]]
}

test_pass_secret_literal_under_a_plain_name if {
	count(policy.deny) == 0 with input as examined([{"Name": "GREETING", "Value": "good morning"}], ["secret-literal"])
}

test_pass_secret_name_without_a_literal if {
	count(policy.deny) == 0 with input as examined([{"Name": "DB_PASSWORD", "Value": "/path"}], [])
	policy.settled == {value(0)} with input as examined([{"Name": "DB_PASSWORD", "Value": "/path"}], [])
}

test_value_does_not_matter_under_a_name_of_aws if {
	document := documents.unknown_at(task([{"Name": "AWS_ACCESS_KEY_ID"}]), [value(0)])
	policy.settled == {value(0)} with input as document
}

test_fail_credential_pattern if {
	some finding in policy.deny with input as examined([{"Name": "GREETING"}], ["credential-pattern"])
	finding.paths == []
}

test_pass_no_environment if {
	count(policy.deny) == 0 with input as documents.of("AWS::ECS::TaskDefinition", {})
	count(policy.deny) == 0 with input as documents.of("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{}]})
}

test_unknown_value_is_not_settled if {
	document := documents.unknown_at(task([{"Name": "DB_PASSWORD"}]), [value(0)])
	count(policy.deny) == 0 with input as document
	count(policy.settled) == 0 with input as document
}
