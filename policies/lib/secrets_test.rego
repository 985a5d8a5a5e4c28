package srmcheck.lib.secrets_test

import data.srmcheck.lib.secrets

test_secret_names if {
	every name in [
		"DB_PASSWORD", "passwd", "clientSecret", "GITHUB_TOKEN", "credentials", "API_KEY", "apikey", "api-key",
		"AwsAccessKey", "private.key", "PRIVATE__KEY",
	] {
		secrets.is_secret_name(name)
	}
	every name in ["", "PASS", "KEY", "API_URL_KEY", "MAP_I_KEY", "accessible", "PUBLIC_KEY"] {
		not secrets.is_secret_name(name)
	}
}

test_facts if {
	judged := {"facts": [
		{"path": ["A"], "fact": "examined"},
		{"path": ["A"], "fact": "credential-pattern"},
		{"path": ["B"], "fact": "secret-literal"},
	]}
	secrets.is_credential(judged, ["A"])
	secrets.is_examined(judged, ["A"])
	secrets.is_secret_literal(judged, ["B"])
	not secrets.is_secret_literal(judged, ["A"])
	not secrets.is_credential(judged, ["B"])
	not secrets.is_examined({}, ["A"])
}
