# Findings: what is wrong, or what cannot be told, where it points and what it rests on (docs/verdicts.md).
package srmcheck.lib.finding

# A finding about one property that rests on that property.
at(path, message) := resting(path, message, [path])

# A finding that points to `place` and rests on `paths`, by their value or by their absence.
resting(place, message, paths) := {"place": place, "message": message, "paths": paths}

# A finding of a stack rule on the resource at `address`, or, with null, on the template as a whole.
on(address, place, message, paths) := {"address": address, "place": place, "message": message, "paths": paths}
