package srmcheck.lib.iam_test

import data.srmcheck.lib.iam

# a resource whose property S is one statement
with_statement(statement) := {"properties": {"S": statement}, "unknown": []}

but(statement, unknown) := {"properties": {"S": statement}, "unknown": unknown}

test_statements if {
	judged := {"properties": {"P": {"Statement": [{}, {}]}}, "unknown": []}
	iam.statements(judged, ["P"]) == {["P", "Statement", 0], ["P", "Statement", 1]}
	iam.statements(judged, ["Q"]) == set()
}

test_effect if {
	iam.allows(with_statement({"Effect": "Allow"}), ["S"])
	iam.never_denies(with_statement({"Effect": "Allow"}), ["S"])
	iam.denies(with_statement({"Effect": "Deny"}), ["S"])
	iam.never_allows(with_statement({"Effect": "Deny"}), ["S"])
	not iam.denies(with_statement({"Effect": "Allow"}), ["S"])
	not iam.allows(with_statement({"Effect": "Deny"}), ["S"])
}

test_no_effect_is_neither if {
	iam.has_no_effect(with_statement({}), ["S"])
	not iam.never_allows(with_statement({}), ["S"])
	not iam.never_denies(with_statement({}), ["S"])
	not iam.has_no_effect(but({}, [["S", "Effect"]]), ["S"])
	not iam.has_no_effect(with_statement({"Effect": "Allow"}), ["S"])
}

# Principal

test_any_principal if {
	every principal in [
		"*",
		["*"],
		{"AWS": ["*"]},
		{"AWS": ["arn:aws:iam::111122223333:root", "*"]},
		{"AWS": ["arn:aws:iam::*:root"]},
		{"AWS": ["arn:aws:iam::1111????3333:role/x"]},
		{"AWS": "*"},
		{"AWS": ["arn:⟦AWS::Partition#Ref⟧:iam::*:root"]},
	] {
		count(iam.any_principals(with_statement({"Principal": principal}), ["S"])) == 1
		not iam.names_principals(with_statement({"Principal": principal}), ["S"])
	}
}

test_named_principals if {
	every principal in [
		{"AWS": ["arn:aws:iam::111122223333:root"]},
		{"AWS": ["111122223333"]},
		{"AWS": ["arn:⟦AWS::Partition#Ref⟧:iam::⟦AWS::AccountId#Ref⟧:root"]},
		{"AWS": ["⟦role[\"a:b:c:d:*\"]#Arn⟧"]},
		{"Service": ["*"]},
		{"AWS": ["arn:aws:iam::111122223333:role/*"]},
		{"Federated": ["*"]},
	] {
		iam.names_principals(with_statement({"Principal": principal}), ["S"])
	}
	iam.names_principals(with_statement({"NotPrincipal": "*"}), ["S"])
}

test_principals_unknown if {
	not iam.names_principals(but({"Principal": {"AWS": ["111122223333"]}}, [["S", "Principal", "AWS", 1]]), ["S"])
	iam.any_principals(but({"Principal": {"AWS": ["*"]}}, [["S", "Principal", "AWS", 1]]), ["S"]) == {[
		"S",
		"Principal",
		"AWS",
		0,
	]}
}

test_service if {
	every service in ["logging.s3.amazonaws.com", "logging.s3.amazonaws.com.cn", "logging.s3.⟦AWS::URLSuffix#Ref⟧"] {
		judged := with_statement({"Principal": {"Service": ["ec2.amazonaws.com", service]}})
		iam.names_service(judged, ["S"], "logging.s3")
		not iam.names_other_services(judged, ["S"], "logging.s3")
	}
	iam.names_other_services(with_statement({"Principal": {"Service": ["s3.amazonaws.com"]}}), ["S"], "logging.s3")
	iam.names_other_services(with_statement({"Principal": "*"}), ["S"], "logging.s3")
	not iam.names_other_services(but({}, [["S", "Principal"]]), ["S"], "logging.s3")
}

# Action and Resource

test_matches if {
	every pattern in ["*", "*:*", "s3:*", "S3:putobject", "s3:Put*", "s3:P?tObject", "s*", "*:PutObject", "s3:PutObject*"] {
		iam.matches(pattern, "s3:PutObject")
	}
	every pattern in ["", "s3", "s3:PutObjectAcl", "s3:Get*", "s3.PutObject", "s3:?utObjec", "s[3]:*", "⟦a#b⟧*", "(*"] {
		not iam.matches(pattern, "s3:PutObject")
	}
}

test_covering if {
	judged := with_statement({"Action": ["s3:Get*", "s3:*", 7, "*"]})
	iam.covering(judged, ["S"], "s3:PutObject") == {["S", "Action", 1], ["S", "Action", 3]}
	not iam.spares_action(judged, ["S"], "s3:PutObject")
	iam.spares_action(with_statement({"Action": ["s3:Get*"]}), ["S"], "s3:PutObject")
	iam.spares_action(with_statement({"NotAction": ["s3:Get*"]}), ["S"], "s3:PutObject")
	not iam.spares_action(but({"Action": ["s3:Get*"]}, [["S", "Action", 1]]), ["S"], "s3:PutObject")
}

test_covered if {
	actions := {"s3:putobject": "s3:PutObject", "s3:getobject": "s3:GetObject"}
	judged := with_statement({"Action": ["S3:PUTOBJECT", "s3:Get*", "ec2:*", 7, "s3:other"]})
	iam.covered(judged, ["S"], actions) == {
		["s3:PutObject", ["S", "Action", 0]],
		["s3:GetObject", ["S", "Action", 1]],
	}
	count(iam.covered(with_statement({"Action": ["*"]}), ["S"], actions)) == 2
	iam.spares_actions(with_statement({"Action": ["ec2:*"]}), ["S"], actions)
	not iam.spares_actions(judged, ["S"], actions)
	not iam.spares_actions(but({"Action": ["ec2:*"]}, [["S", "Action", 1]]), ["S"], actions)
}

test_resources if {
	iam.all_resources(with_statement({"Resource": ["arn:aws:s3:::a", "*"]}), ["S"]) == {["S", "Resource", 1]}
	iam.names_resources(with_statement({"Resource": ["arn:aws:s3:::*"]}), ["S"])
	iam.names_resources(with_statement({"NotResource": ["x"]}), ["S"])
	not iam.names_resources(with_statement({"Resource": ["*"]}), ["S"])
	not iam.names_resources(but({"Resource": ["x"]}, [["S", "Resource", 1]]), ["S"])
}

# Condition

test_conditional if {
	iam.is_conditional(with_statement({"Condition": {"Null": {"aws:PrincipalArn": ["true"]}}}), ["S"])
	not iam.is_unconditional(with_statement({"Condition": {"Null": {"aws:PrincipalArn": ["true"]}}}), ["S"])
	iam.is_unconditional(with_statement({}), ["S"])
	iam.is_unconditional(with_statement({"Condition": {}}), ["S"])
	not iam.is_conditional(with_statement({"Condition": {}}), ["S"])
	not iam.is_unconditional(but({}, [["S", "Condition"]]), ["S"])
	not iam.is_conditional(but({}, [["S", "Condition"]]), ["S"])
}

tls := ["bool", "boolifexists"]

sole(condition) := with_statement({"Condition": condition})

test_sole_condition if {
	every condition in [
		{"Bool": {"aws:SecureTransport": ["false"]}},
		{"boolIfExists": {"AWS:securetransport": ["False"]}},
	] {
		iam.has_sole_condition(sole(condition), ["S"], tls, "aws:securetransport", "false")
		not iam.has_other_condition(sole(condition), ["S"], tls, "aws:securetransport", "false")
	}
	every condition in [
		{},
		{"Bool": {"aws:SecureTransport": ["true"]}},
		{"Bool": {"aws:SecureTransport": ["false", "true"]}},
		{"Bool": {"aws:MultiFactorAuthPresent": ["false"]}},
		{"StringEquals": {"aws:SecureTransport": ["false"]}},
		{"Bool": {"aws:SecureTransport": ["false"], "aws:ViaAWSService": ["false"]}},
		{"Bool": {"aws:SecureTransport": ["false"]}, "Null": {"s3:TlsVersion": ["true"]}},
	] {
		iam.has_other_condition(sole(condition), ["S"], tls, "aws:securetransport", "false")
		not iam.has_sole_condition(sole(condition), ["S"], tls, "aws:securetransport", "false")
	}
}

test_sole_condition_unknown if {
	value := but({"Condition": {"Bool": {"aws:SecureTransport": []}}}, [["S", "Condition", "Bool", "aws:SecureTransport", 0]])
	not iam.has_sole_condition(value, ["S"], tls, "aws:securetransport", "false")
	not iam.has_other_condition(value, ["S"], tls, "aws:securetransport", "false")
	more := but({"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}, [["S", "Condition", "*"]])
	not iam.has_sole_condition(more, ["S"], tls, "aws:securetransport", "false")
	not iam.has_other_condition(more, ["S"], tls, "aws:securetransport", "false")
	other := but({"Condition": {"Null": {"aws:SecureTransport": []}}}, [["S", "Condition", "Null", "aws:SecureTransport", 0]])
	iam.has_other_condition(other, ["S"], tls, "aws:securetransport", "false")
	key := but({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": []}}}, [[
		"S",
		"Condition",
		"Bool",
		"aws:MultiFactorAuthPresent",
		0,
	]])
	iam.has_other_condition(key, ["S"], tls, "aws:securetransport", "false")
}

test_condition_on if {
	every condition in [
		{"StringEquals": {"AWS:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:t"]}},
		{"ForAnyValue:StringLike": {"aws:SourceArn": ["arn:aws:s3:::*", "x"]}},
		{"ArnLike": {"aws:SourceArn": ["⟦topic#Ref⟧"]}},
	] {
		iam.has_condition_on(sole(condition), ["S"], "aws:SourceArn")
	}
	every condition in [
		{"StringLike": {"aws:SourceArn": ["*"]}},
		{"StringLike": {"aws:SourceArn": ["x", "*?"]}},
		{"StringLike": {"aws:SourceArn": []}},
		{"StringNotEquals": {"aws:SourceArn": ["x"]}},
		{"StringEqualsIfExists": {"aws:SourceArn": ["x"]}},
		{"ForAllValues:StringEquals": {"aws:SourceArn": ["x"]}},
		{"Null": {"aws:SourceArn": ["false"]}},
		{"StringEquals": {"aws:SourceAccount": ["x"]}},
	] {
		not iam.has_condition_on(sole(condition), ["S"], "aws:SourceArn")
	}
	not iam.has_condition_on(
		but({"Condition": {"ArnLike": {"aws:SourceArn": ["x"]}}}, [["S", "Condition", "ArnLike", "aws:SourceArn", 1]]),
		["S"],
		"aws:SourceArn",
	)
}

narrow(key, value) := sole({"StringLike": {key: [value]}})

test_fixed_values_narrow if {
	every pair in [
		["aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"],
		["AWS:principalarn", "arn:⟦AWS::Partition#Ref⟧:iam::⟦AWS::AccountId#Ref⟧:*"],
		["aws:PrincipalAccount", "111122223333"],
		["aws:PrincipalOrgID", "o-abc"],
		["aws:PrincipalOrgID", "⟦org#Id⟧"],
		["aws:PrincipalOrgPaths", "o-abc/*"],
		["aws:SourceOrgPaths", "o-abc/r-ab12/*/ou-*"],
		["aws:VpceOrgPaths", "⟦org#Id⟧/*"],
		["aws:userid", "AROAEXAMPLE:*"],
		["aws:userid", "⟦role#RoleId⟧:*"],
		["aws:SourceArn", "arn:aws:s3:::bucket"],
		["aws:SourceArn", "arn:aws:s3:*:*:bucket"],
		["aws:SourceArn", "arn:aws:s3:::bucket/*"],
		["aws:SourceArn", "⟦bucket#Arn⟧/*"],
		["aws:SourceArn", "⟦group[\"a*b\"]#Arn⟧:*"],
		["aws:SourceArn", "arn:*:*:*:111122223333:*"],
		["aws:SourceVpce", "vpce-1"],
		["kms:CallerAccount", "⟦AWS::AccountId#Ref⟧"],
		["s3:DataAccessPointAccount", "111122223333"],
	] {
		iam.is_narrowed(narrow(pair[0], pair[1]), ["S"])
		count(iam.idle_tests(narrow(pair[0], pair[1]), ["S"])) == 0
	}
}

test_loose_values_do_not_narrow if {
	every pair in [
		["aws:PrincipalArn", "*"],
		["aws:PrincipalArn", "arn:aws:iam::*:role/x"],
		["aws:PrincipalArn", "arn:aws:iam::1111222?3333:role/x"],
		["aws:PrincipalArn", "arn:aws:iam::*"],
		["aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:root"],
		["aws:PrincipalOrgID", "o-*"],
		["aws:PrincipalOrgPaths", "o-*/r-1/"],
		["aws:userid", "AROA*:x"],
		["aws:SourceArn", "arn:aws:s3:::bucket*"],
		["aws:SourceArn", "arn:aws:s3:::*/x"],
		["aws:SourceArn", "⟦bucket#Arn⟧*"],
		["aws:SourceArn", "arn:aws:sns:eu-west-1:*:topic"],
		["aws:SourceAccount", "1111*"],
		["kms:CallerAccount", "*"],
		["kms:ViaService", "s3.eu-west-1.amazonaws.com"],
		["aws:PrincipalTag/team", "x"],
	] {
		not iam.is_narrowed(narrow(pair[0], pair[1]), ["S"])
		count(iam.idle_tests(narrow(pair[0], pair[1]), ["S"])) == 1
	}
}

by_address(value) := sole({"IpAddress": {"aws:SourceIp": [value]}})

test_source_ip if {
	every value in [
		"203.0.113.7", "203.0.113.0/24", "10.0.0.0/8", "198.51.100.1/32", "2001:db8::/32", "2001:db8::1",
		"2001:db8::1/128", "⟦eip#PublicIp⟧/32", "⟦eip#PublicIp⟧",
	] {
		iam.is_narrowed(by_address(value), ["S"])
	}
	every value in ["0.0.0.0/0", "0.0.0.0/7", "::/0", "2000::/3", "2001::/31", "203.0.113.*", "⟦eip#PublicIp⟧/0", "*"] {
		not iam.is_narrowed(by_address(value), ["S"])
	}
}

test_operators if {
	every operator in [
		"StringEquals", "stringequals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike",
		"ForAnyValue:StringEquals", "NumericEquals", "Bool",
	] {
		iam.is_narrowed(sole({operator: {"aws:SourceAccount": ["111122223333"]}}), ["S"])
	}
	every operator in [
		"StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals", "Null", "ArnNotLike",
		"NumericNotEquals", "NotIpAddress", "ForAnyValue:StringNotLike",
	] {
		not iam.is_narrowed(sole({operator: {"aws:SourceAccount": ["111122223333"]}}), ["S"])
	}
}

test_what_is_no_text_does_not_narrow if {
	not iam.is_narrowed(sole({"StringEquals": {"aws:SourceAccount": [111122223333]}}), ["S"])
	not iam.names_service(with_statement({"Principal": {"Service": [7]}}), ["S"], "logging.s3")
	iam.names_principals(with_statement({"Principal": {"AWS": [7]}}), ["S"])
}

test_one_narrowing_key_is_enough if {
	iam.is_narrowed(
		sole({"StringLike": {"kms:ViaService": ["*"]}, "StringEquals": {"kms:CallerAccount": ["111122223333"]}}),
		["S"],
	)
	not iam.is_narrowed(sole({"StringLike": {"aws:SourceAccount": ["111122223333", "*"]}}), ["S"])
	not iam.is_narrowed(sole({"StringLike": {"aws:SourceAccount": []}}), ["S"])
}

test_unknown_values_neither_narrow_nor_are_idle if {
	judged := but(
		{"Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333"]}}},
		[["S", "Condition", "StringEquals", "aws:SourceAccount", 1]],
	)
	not iam.is_narrowed(judged, ["S"])
	count(iam.idle_tests(judged, ["S"])) == 0
	loose := but(
		{"Condition": {"StringLike": {"aws:SourceAccount": ["*"]}}},
		[["S", "Condition", "StringLike", "aws:SourceAccount", 1]],
	)
	count(iam.idle_tests(loose, ["S"])) == 1
}

# Grants to anyone

granting(statement) := {"properties": {"P": {"Statement": [statement]}}, "unknown": []}

to_anyone := {"Effect": "Allow", "Principal": "*"}

test_open_grants if {
	path := ["P", "Statement", 0]
	iam.open_grants(granting(to_anyone), ["P"]) == {[
		["P", "Statement", 0, "Principal"],
		[["P", "Statement", 0, "Principal"], ["P", "Statement", 0, "Effect"], ["P", "Statement", 0, "Condition"]],
	]}
	iam.closed_grants(granting(to_anyone), ["P"]) == set()
	every change in [
		{"Effect": "Deny"},
		{"Principal": {"AWS": ["111122223333"]}},
		{"Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1"]}}},
	] {
		harmless := granting(object.union(to_anyone, change))
		iam.open_grants(harmless, ["P"]) == set()
		path in iam.closed_grants(harmless, ["P"])
	}
}

test_doubtful_grants if {
	without := object.remove(to_anyone, ["Effect"])
	iam.open_grants(granting(without), ["P"]) == set()
	iam.doubtful_grants(granting(without), ["P"]) == {["P", "Statement", 0]}
	iam.doubtful_grants(granting(to_anyone), ["P"]) == set()
	narrow := object.union(without, {"Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1"]}}})
	iam.doubtful_grants(granting(narrow), ["P"]) == set()
	iam.doubtful_grants(granting(object.union(without, {"Principal": {"AWS": ["111122223333"]}})), ["P"]) == set()
}

test_closed_grants_hold_idle_tests if {
	idle := granting(object.union(to_anyone, {"Condition": {"StringEquals": {"kms:ViaService": ["s3"]}}}))
	count(iam.open_grants(idle, ["P"])) == 1
	iam.closed_grants(idle, ["P"]) == {["P", "Statement", 0, "Condition", "StringEquals", "kms:ViaService"]}
}

# Trust policies

trust_in(principal, condition) := {
	"properties": {"T": {"Statement": [{"Effect": "Allow", "Principal": principal, "Condition": condition}]}},
	"unknown": [],
}

test_open_trust if {
	every principal in ["*", {"AWS": ["*"]}, {"Federated": ["*"]}, {"AWS": ["arn:aws:iam::*:root"]}] {
		count(iam.open_trust(trust_in(principal, {}), ["T"])) == 1
		count(iam.open_trust(trust_in(principal, {"StringEquals": {"aws:sourcevpc": ["vpc-1"]}}), ["T"])) == 1
		narrowed := trust_in(principal, {"StringEquals": {"aws:principalorgid": ["o-1"]}})
		count(iam.open_trust(narrowed, ["T"])) == 0
		["T", "Statement", 0] in iam.closed_trust(narrowed, ["T"])
	}
	some [principal, paths] in iam.open_trust(trust_in({"Federated": ["x", "*"]}, {}), ["T"])
	principal == ["T", "Statement", 0, "Principal", "Federated", 1]
	principal in paths
	count(iam.open_grants(trust_in({"Federated": ["*"]}, {}), ["T"])) == 0
}

test_closed_trust if {
	provider := {"Federated": ["arn:aws:iam::111122223333:oidc-provider/example.com"]}
	iam.closed_trust(trust_in(provider, {}), ["T"]) == {["T", "Statement", 0]}
	judged := object.union(trust_in({}, {}), {"unknown": [["T", "Statement", 0, "Principal"]]})
	iam.closed_trust(judged, ["T"]) == set()
	test := {"StringEquals": {"sts:externalid": ["x"]}}
	iam.closed_trust(trust_in("*", test), ["T"]) == {["T", "Statement", 0, "Condition", "StringEquals", "sts:externalid"]}
}

test_doubtful_trust if {
	judged := {"properties": {"T": {"Statement": [{"Principal": {"Federated": ["*"]}}]}}, "unknown": []}
	iam.doubtful_trust(judged, ["T"]) == {["T", "Statement", 0]}
	iam.doubtful_trust(trust_in("*", {}), ["T"]) == set()
}

test_fixed if {
	iam.is_fixed("aws:sourceaccount", "111122223333")
	iam.is_fixed("aws:sourcearn", "arn:aws:s3:::acme")
	not iam.is_fixed("aws:sourcearn", "arn:aws:s3:::*")
	not iam.is_fixed("aws:sourceaccount", "*")
}

# Identity policies

test_identity_statements if {
	document := {"Statement": [{}, {}]}
	judged := {"properties": {"PolicyDocument": document, "Policies": [{}, {"PolicyDocument": document}]}, "unknown": []}
	iam.identity_statements(judged) == {
		["PolicyDocument", "Statement", 0],
		["PolicyDocument", "Statement", 1],
		["Policies", 1, "PolicyDocument", "Statement", 0],
		["Policies", 1, "PolicyDocument", "Statement", 1],
	}
	permissions := {"properties": {"InlinePolicy": document}, "unknown": []}
	count(iam.identity_statements(permissions)) == 2
	iam.identity_statements({"properties": {"Policies": "x"}, "unknown": []}) == set()
}

user(carries, policies, unknown) := {
	"type": "AWS::IAM::User",
	"carries": carries,
	"properties": {"Policies": policies},
	"unknown": unknown,
}

test_only_names_policies if {
	attachment := {"type": "AWS::IAM::UserPolicy", "properties": {}, "unknown": []}
	iam.only_names_policies(attachment)
	not iam.only_names_policies(object.union(attachment, {"unknown": [["PolicyDocument"]]}))
	not iam.only_names_policies(object.union(attachment, {"properties": {"PolicyDocument": {}}}))
	not iam.only_names_policies(object.union(attachment, {"type": "AWS::IAM::ManagedPolicy"}))
	iam.only_names_policies(user(["Policies"], [{}, {}], []))
	not iam.only_names_policies(user(null, [{}], []))
	not iam.only_names_policies(user(["Policies"], [{}, {"PolicyDocument": {}}], []))
	not iam.only_names_policies(user(["Policies"], [], [["Policies"]]))
}

test_whole_actions if {
	judged := with_statement({"Action": ["*", "s3:*", "*:*", "s3:Get*", "**", "S3:**", "*:Get*", "s3:?*", "x"]})
	iam.all_actions(judged, ["S"]) == {["S", "Action", 0], ["S", "Action", 2], ["S", "Action", 4]}
	iam.service_actions(judged, ["S"]) == {["S", "Action", 1], ["S", "Action", 5]}
	iam.tells_actions(judged, ["S"])
	not iam.tells_actions(but({"Action": []}, [["S", "Action", 0]]), ["S"])
}

test_unknown_tests_may_be_idle if {
	every gap in [["StringEquals", "kms:viaservice"], ["StringNotEquals"], ["Null", "kms:calleraccount"]] {
		path := array.concat(["S", "Condition"], gap)
		iam.idle_tests(but({"Condition": {"StringEquals": {}}}, [path]), ["S"]) == {path}
	}
	every gap in [
		["S"],
		["S", "Condition"],
		["S", "Condition", "*"],
		["S", "Condition", "StringEquals"],
		["S", "Condition", "StringEquals", "*"],
		["S", "Condition", "StringEquals", "kms:calleraccount"],
		["T", "Condition", "StringNotEquals"],
	] {
		iam.idle_tests(but({"Condition": {"StringEquals": {}}}, [gap]), ["S"]) == set()
	}
}

test_unknown_services_are_never_anyone if {
	services := ["T", "Statement", 0, "Principal", "Service", 0]
	providers := ["T", "Statement", 0, "Principal", "Federated"]
	judged := object.union(trust_in({"Service": []}, {}), {"unknown": [services, providers]})
	iam.closed_grants(judged, ["T"]) == {services, providers}
	iam.closed_trust(judged, ["T"]) == {services}
}

# Multi-factor authentication

without_mfa(changes) := with_statement(object.union(
	{
		"Effect": "Deny",
		"Action": ["*"],
		"Resource": ["*"],
		"Condition": {"BoolIfExists": {"aws:multifactorauthpresent": ["false"]}},
	},
	changes,
))

test_denies_without_mfa if {
	every changes in [
		{},
		{"Action": ["ec2:*", "*:*"]},
		{"Resource": ["x", "*"]},
		{"Condition": {"BoolIfExists": {"aws:multifactorauthpresent": ["false"], "aws:viaawsservice": ["false"]}}},
		{"Condition": {"boolifexists": {"AWS:MultiFactorAuthPresent": ["true", "False"]}}},
	] {
		iam.denies_without_mfa(without_mfa(changes), ["S"], {"boolifexists"})
		not iam.leaves_without_mfa(without_mfa(changes), ["S"], {"boolifexists"})
	}
	iam.denies_without_mfa(with_statement({"Effect": "Deny", "Action": ["*"], "Resource": ["*"]}), ["S"], {"boolifexists"})
	excepting := {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": ["*"]}
	iam.denies_without_mfa(with_statement(excepting), ["S"], {"boolifexists"})
}

test_leaves_without_mfa if {
	every changes in [
		{"Effect": "Allow"},
		{"Action": ["ec2:*"]},
		{"Action": []},
		{"Action": [], "NotAction": ["iam:*", "*"]},
		{"Resource": ["arn:aws:s3:::acme/*"]},
		{"Condition": {"Bool": {"aws:viaawsservice": ["true"]}}},
		{"Condition": {"Bool": {"aws:viaawsservice": ["false"], "aws:securetransport": ["false"]}}},
		{"Condition": {"Null": {"aws:multifactorauthpresent": ["false"]}}},
	] {
		iam.leaves_without_mfa(without_mfa(changes), ["S"], {"boolifexists"})
		not iam.denies_without_mfa(without_mfa(changes), ["S"], {"boolifexists"})
	}
	strict := with_statement({
		"Effect": "Deny",
		"Action": ["*"],
		"Resource": ["*"],
		"Condition": {"Bool": {"aws:multifactorauthpresent": ["false"]}},
	})
	iam.denies_without_mfa(strict, ["S"], {"bool", "boolifexists"})
	iam.leaves_without_mfa(strict, ["S"], {"boolifexists"})
}

test_mfa_unknown if {
	every path in [["Action"], ["NotAction"], ["Condition"], ["Condition", "BoolIfExists", "aws:multifactorauthpresent"]] {
		without := object.remove(without_mfa({}).properties.S, [path[0]])
		judged := but(without, [array.concat(["S"], path)])
		not iam.leaves_without_mfa(judged, ["S"], {"boolifexists"})
	}
	judged := but(without_mfa({}).properties.S, [["S", "Condition", "*"]])
	not iam.denies_without_mfa(judged, ["S"], {"boolifexists"})
	excepting := but({"Effect": "Deny", "NotAction": ["iam:*"], "Resource": ["*"]}, [["S", "NotAction", 1]])
	not iam.denies_without_mfa(excepting, ["S"], {"boolifexists"})
}

asking(operator, values) := with_statement({"Condition": {operator: {"aws:multifactorauthpresent": values}}})

test_asks_for_mfa if {
	iam.asks_for_mfa(asking("Bool", ["true"]), ["S"])
	not iam.asks_for_mfa(asking("Bool", ["true", "false"]), ["S"])
	not iam.asks_for_mfa(asking("Bool", ["false"]), ["S"])
	not iam.asks_for_mfa(asking("BoolIfExists", ["true"]), ["S"])
	not iam.asks_for_mfa(with_statement({}), ["S"])
	iam.tests_mfa(asking("Bool", ["false"]), ["S"], "bool")
	not iam.tests_mfa(asking("BoolIfExists", ["false"]), ["S"], "bool")
	not iam.tests_mfa(with_statement({"Condition": {"Bool": {"aws:securetransport": ["false"]}}}), ["S"], "bool")
}
