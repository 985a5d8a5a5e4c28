# Values of one resource, or of one member of a relation, by path. Nothing here is ever undefined for a path that is
# not written, so that the calls may stand under `not`. What reads absence is false while the path is unknown.
package srmcheck.lib.resource

# What is known at a path, null where nothing is.
value(judged, path) := object.get(judged.properties, path, null)

# The text at a path, "" for what is no text.
text(judged, path) := found if {
	found := value(judged, path)
	is_string(found)
} else := ""

# The text at a path in lower case, for values that AWS takes from a fixed list.
option(judged, path) := lower(text(judged, path))

# The list at a path, empty for what is no list. Elements that are not known are not in it.
list(judged, path) := found if {
	found := value(judged, path)
	is_array(found)
} else := []

# The texts in the list at a path.
texts(judged, path) := [found | some found in list(judged, path); is_string(found)]

# The object at a path, empty for what is no object.
map(judged, path) := found if {
	found := value(judged, path)
	is_object(found)
} else := {}

# In a list of keys and values: the paths of the values that have this key.
values_of(judged, path, key) := {array.concat(path, [i, "Value"]) |
	some i, _ in list(judged, path)
	text(judged, array.concat(path, [i, "Key"])) == key
}

# A value is written and known, and is no empty text or list. An empty block is a value.
given(judged, path) if not value(judged, path) in [null, "", []]

# Known not to be written, or written as an empty text or list.
absent(judged, path) if {
	value(judged, path) in [null, "", []]
	not is_unknown(judged, path)
}

# Something at the path, above it or below it is not known.
is_unknown(judged, path) if {
	some gap in judged.unknown
	_touches(judged, gap, path)
}

# What is not known at the path, above it or below it.
gaps(judged, path) := {gap |
	some gap in judged.unknown
	_touches(judged, gap, path)
}

_touches(_, gap, path) if {
	shared := min([count(gap), count(path)])
	array.slice(gap, 0, shared) == array.slice(path, 0, shared)
}

# [..., "*"]: every key of that object that is not written is unknown
_touches(judged, gap, path) if {
	last := count(gap) - 1
	gap[last] == "*"
	count(path) > last
	array.slice(gap, 0, last) == array.slice(path, 0, last)
	value(judged, array.slice(path, 0, last + 1)) == null
}

# The reference token of one identity of a resource: "⟦address#Arn⟧".
identity(judged, attribute) := concat("", [_opening(judged), attribute, "⟧"])

# The text is a reference to the resource, whatever its attribute, and nothing else.
is_named_by(judged, reference) if {
	startswith(reference, _opening(judged))
	endswith(reference, "⟧")
	count(split(reference, "⟧")) == 2
}

_opening(judged) := concat("", ["⟦", _encoded(judged.address), "#"])

_encoded(address) := replace(replace(replace(escaped, "⟧", "%E2%9F%A7"), "#", "%23"), "*", "%2A") if {
	escaped := replace(replace(address, "%", "%25"), "⟦", "%E2%9F%A6")
}

# A text with a plain word for each reference in it: a token may hold ":" and "/".
plain(written) := regex.replace(written, `⟦[^⟧]*⟧`, "reference")
