# What a policy says about rules that let the whole Internet in. Words: docs/verdicts.md, "Rule judgement".
# Parameters: `judged` the resource, `lists` the prefix lists that the template declares (the relation prefix_lists),
# `what` the ports in words.
package srmcheck.lib.exposure

import data.srmcheck.lib.finding
import data.srmcheck.lib.network

# For deny: `covering` are rules that are known to cover the judged ports.
open(judged, covering, lists, what) := by_range | by_list if {
	by_range := {found |
		some rule in covering
		some source in network.world_sources(judged, rule)
		found := finding.at(array.concat(rule, [source]), concat("", [what, " open to the whole Internet"]))
	}
	by_list := {found |
		some rule in covering
		some [place, entry] in network.world_entries(judged, rule, lists)
		found := finding.resting(
			place,
			concat("", [what, " open to the whole Internet through the prefix list"]),
			[place, entry],
		)
	}
}

# For unknown: `possible` are rules that may cover the judged ports.
doubts(judged, possible, lists, what) := by_list | untold if {
	by_list := {found |
		some rule in possible
		some place in network.undeclared_lists(judged, rule, lists)
		found := finding.at(
			place,
			concat("", [what, " open to a prefix list whose entries are not in the template"]),
		)
	}
	untold := {found |
		some rule in possible
		network.tells_no_ports(judged, rule)
		not network.closed(judged, rule, lists)
		found := finding.at(rule, "rule for the whole Internet does not tell its protocol or ports")
	}
}

# For settled: `missing` are those of `rules` that are known not to cover the judged ports. The entries of a prefix list
# do not matter to them.
harmless(judged, rules, missing, lists) := (missing | shut) | idle if {
	shut := {rule | some rule in rules; network.closed(judged, rule, lists)}
	idle := {["@prefix_lists", i] |
		some i, list in lists
		every rule in rules - missing {
			not network.names_list(judged, rule, list)
		}
	}
}
