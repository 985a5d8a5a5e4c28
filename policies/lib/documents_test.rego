# Input documents for the tests of policies (docs/input-document.md). Not shipped.
package srmcheck.lib.documents

# The document of one resource, named "example".
of(type, properties) := {
	"schema": "srmcheck.input/v1",
	"source": {"language": "cloudformation", "format": "template", "provider": null},
	"resource": {
		"address": "example",
		"type": type,
		"scope": {"provider": "", "account": null, "region": null},
		"properties": properties,
		"unknown": [],
		"carries": null,
	},
	"related": {},
	"open": [],
	"outside": [],
}

# The same with unknown paths.
unknown_at(document, paths) := object.union(document, {"resource": {"unknown": paths}})

# The same with facts about a path.
known_of(document, path, facts) := object.union(
	document,
	{"resource": {"facts": [{"path": path, "fact": fact} | some fact in facts]}},
)

# The same with the members of a relation.
related_to(document, name, members) := object.union(document, {"related": {name: members}})

# The same with open relations.
open_to(document, names) := object.union(document, {"open": names})

# A member of a relation.
member(address, type, properties) := {
	"address": address,
	"type": type,
	"properties": properties,
	"unknown": [],
}

# The document that stack rules see.
stack(resources) := {
	"schema": "srmcheck.input/v1",
	"source": {"language": "cloudformation", "format": "template", "provider": null},
	"template": resources,
	"open": [],
}

test_unknown_at if unknown_at(of("T", {}), [["A"]]).resource.unknown == [["A"]]

test_related_to if {
	document := related_to(related_to(of("T", {}), "a", [member("x", "T", {})]), "b", [])
	document.related == {"a": [member("x", "T", {})], "b": []}
}

test_open_to if open_to(of("T", {}), ["a"]).open == ["a"]
