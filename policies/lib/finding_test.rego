package srmcheck.lib.finding_test

import data.srmcheck.lib.finding

test_at_rests_on_its_place if {
	finding.at(["A"], "wrong") == {"place": ["A"], "message": "wrong", "paths": [["A"]]}
}

test_resting if {
	finding.resting([], "wrong", [["A"], ["B"]]) == {"place": [], "message": "wrong", "paths": [["A"], ["B"]]}
}

test_on_adds_the_address if {
	finding.on(null, [], "wrong", []) == {"address": null, "place": [], "message": "wrong", "paths": []}
}
