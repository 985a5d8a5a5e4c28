# Values that look like credentials. The host computes facts about them, as policies never see them (docs/metadata.md).
package srmcheck.lib.secrets

# A secret-like name, in any case and with any separator.
is_secret_name(name) if {
	regex.match(
		concat("|", [
			"password",
			"passwd",
			"secret",
			"token",
			"credential",
			"api[^a-z0-9]{0,3}key",
			"access[^a-z0-9]{0,3}key",
			"private[^a-z0-9]{0,3}key",
		]),
		lower(name),
	)
}

# The value at a path matches a credential pattern.
is_credential(judged, path) if _has_fact(judged, path, "credential-pattern")

# The value at a path is a literal that would be a credential beside a secret-like name.
is_secret_literal(judged, path) if _has_fact(judged, path, "secret-literal")

# The host knows the value at a path: the facts about it are all that can be said.
is_examined(judged, path) if _has_fact(judged, path, "examined")

_has_fact(judged, path, fact) if {
	some known in object.get(judged, "facts", [])
	known.path == path
	known.fact == fact
}
