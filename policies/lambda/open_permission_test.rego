package srmcheck.lambda.open_permission_test

import data.srmcheck.lambda.open_permission as policy
import data.srmcheck.lib.documents

permission(more) := documents.of("AWS::Lambda::Permission", object.union({"Principal": "*"}, more))

layer(more) := documents.of("AWS::Lambda::LayerVersionPermission", object.union({"Principal": "*"}, more))

document(statement) := documents.of(
	"AWS::Lambda::ResourcePolicy",
	{"PolicyDocument": {"Statement": [object.union({"Principal": "*"}, statement)]}},
)

test_fail_any_principal if {
	some finding in policy.deny with input as permission({})
	finding.place == ["Principal"]
	{path | some path in finding.paths} == {["Principal"], ["SourceAccount"], ["PrincipalOrgID"], ["SourceArn"]}
	count(policy.settled) == 0 with input as permission({})
}

test_fail_what_does_not_narrow if {
	every more in [
		{"SourceArn": "arn:aws:s3:::*"},
		{"SourceArn": "arn:aws:events:*:*:rule/*"},
		{"SourceArn": ""},
		{"SourceAccount": "*"},
		{"FunctionUrlAuthType": "AWS_IAM"},
		{"OrganizationId": "o-abcdefghij"},
	] {
		count(policy.deny) == 1 with input as permission(more)
	}
}

test_pass_narrowed if {
	every more in [
		{"SourceAccount": "111122223333"},
		{"SourceAccount": "⟦AWS::AccountId#Ref⟧"},
		{"PrincipalOrgID": "o-abcdefghij"},
		{"SourceArn": "arn:aws:s3:::acme"},
		{"SourceArn": "⟦topic#Arn⟧"},
		{"SourceArn": "arn:aws:s3:::*", "SourceAccount": "111122223333"},
	] {
		count(policy.deny) == 0 with input as permission(more)
		policy.settled == {[]} with input as permission(more)
	}
}

test_pass_named_principal if {
	every principal in ["s3.amazonaws.com", "111122223333", "arn:aws:iam::111122223333:role/x", "⟦role#Arn⟧"] {
		count(policy.deny) == 0 with input as permission({"Principal": principal})
		policy.settled == {[]} with input as permission({"Principal": principal})
	}
}

test_absent_principal_tells_nothing if {
	nobody := documents.of("AWS::Lambda::Permission", {})
	count(policy.deny) == 0 with input as nobody
	count(policy.settled) == 0 with input as nobody
}

test_unknown_source_is_not_settled if {
	doubtful := documents.unknown_at(permission({}), [["SourceArn"]])
	some finding in policy.deny with input as doubtful
	["SourceArn"] in finding.paths
	count(policy.settled) == 0 with input as doubtful
}

test_layer if {
	some finding in policy.deny with input as layer({})
	{path | some path in finding.paths} == {["Principal"], ["OrganizationId"]}
	count(policy.deny) == 1 with input as layer({"SourceAccount": "111122223333"})
	count(policy.deny) == 0 with input as layer({"OrganizationId": "o-abcdefghij"})
	count(policy.deny) == 0 with input as layer({"Principal": "111122223333"})
}

test_resource_policy if {
	count(policy.deny) == 1 with input as document({"Effect": "Allow"})
	count(policy.unknown) == 1 with input as document({})
	count(policy.deny) == 0 with input as document({"Effect": "Deny"})
	policy.settled == {["PolicyDocument", "Statement", 0]} with input as document({"Effect": "Deny"})
	narrowed := {"Effect": "Allow", "Condition": {"StringEquals": {"aws:principalorgid": ["o-abcdefghij"]}}}
	count(policy.deny) == 0 with input as document(narrowed)
}
