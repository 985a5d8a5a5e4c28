package srmcheck.lib.resource_test

import data.srmcheck.lib.resource

judged := {
	"address": "module.a[\"x#*%\"].b",
	"properties": {
		"Name": "Text",
		"Empty": "",
		"None": [],
		"Flag": false,
		"List": ["x", {"Key": 1}],
		"Block": {},
		"Half": {"Known": 1},
	},
	"unknown": [["Gone"], ["List", 2], ["Deep", "Below"], ["Half", "*"], ["Wide", "*"]],
}

test_value if {
	resource.value(judged, ["Name"]) == "Text"
	resource.value(judged, ["List", 1, "Key"]) == 1
	resource.value(judged, ["Flag"]) == false
}

test_value_is_null_where_nothing_is_known if {
	resource.value(judged, ["Missing"]) == null
	resource.value(judged, ["Gone"]) == null
	resource.value(judged, ["List", 7]) == null
	resource.value(judged, ["Name", "Below"]) == null
	resource.value(judged, ["Flag", 0]) == null
}

test_texts if {
	resource.texts(judged, ["List"]) == ["x"]
	resource.texts(judged, ["Name"]) == []
}

test_text_list_and_map_are_never_undefined if {
	resource.text(judged, ["Name"]) == "Text"
	resource.option(judged, ["Name"]) == "text"
	resource.text(judged, ["Flag"]) == ""
	resource.text(judged, ["Missing"]) == ""
	resource.list(judged, ["List"]) == ["x", {"Key": 1}]
	resource.list(judged, ["Name"]) == []
	resource.map(judged, ["Half"]) == {"Known": 1}
	resource.map(judged, ["Missing"]) == {}
}

test_values_of if {
	pairs := {"properties": {"Tags": [{"Key": "a", "Value": "x"}, {"Value": "y"}, {"Key": "b"}]}, "unknown": []}
	resource.values_of(pairs, ["Tags"], "a") == {["Tags", 0, "Value"]}
	resource.values_of(pairs, ["Tags"], "b") == {["Tags", 2, "Value"]}
	resource.values_of(pairs, ["Tags"], "c") == set()
	resource.values_of(pairs, ["None"], "a") == set()
}

test_given if {
	resource.given(judged, ["Name"])
	resource.given(judged, ["Flag"])
	resource.given(judged, ["Block"])
	not resource.given(judged, ["Empty"])
	not resource.given(judged, ["None"])
	not resource.given(judged, ["Gone"])
	not resource.given(judged, ["Missing"])
}

test_absent if {
	resource.absent(judged, ["Missing"])
	resource.absent(judged, ["Missing", "Below"])
	resource.absent(judged, ["Empty"])
	resource.absent(judged, ["None"])
	not resource.absent(judged, ["Name"])
	not resource.absent(judged, ["Block"])
}

test_absent_is_false_while_unknown if {
	not resource.absent(judged, ["Gone"])
	not resource.absent(judged, ["Gone", "Below"])
	not resource.absent(judged, ["Deep"])
	not resource.absent(judged, ["Half", "Other"])
	not resource.absent(judged, ["Wide", "Other", "Below"])
}

test_unknown_keys_of_an_object_are_those_not_written if {
	resource.is_unknown(judged, ["Half", "Other"])
	resource.is_unknown(judged, ["Half"])
	not resource.is_unknown(judged, ["Half", "Known"])
}

test_unknown_tail_of_a_list if {
	resource.is_unknown(judged, ["List"])
	resource.is_unknown(judged, ["List", 2])
	not resource.is_unknown(judged, ["List", 0])
}

test_whole_resource_unknown if {
	resource.is_unknown({"properties": {"A": 1}, "unknown": [["*"]]}, ["B"])
	not resource.is_unknown({"properties": {"A": 1}, "unknown": [["*"]]}, ["A"])
	resource.is_unknown({"properties": {}, "unknown": [[]]}, ["A"])
}

test_identity_encodes_the_address if {
	resource.identity(judged, "Arn") == "⟦module.a[\"x%23%2A%25\"].b#Arn⟧"
	resource.identity({"address": "⟦a⟧"}, "Ref") == "⟦%E2%9F%A6a%E2%9F%A7#Ref⟧"
}

test_is_named_by if {
	resource.is_named_by({"address": "a"}, "⟦a#Ref⟧")
	resource.is_named_by({"address": "a"}, "⟦a#Arn⟧")
	not resource.is_named_by({"address": "a"}, "⟦ab#Ref⟧")
	not resource.is_named_by({"address": "a"}, "⟦a#Ref⟧/*")
	not resource.is_named_by({"address": "a"}, "⟦a#Ref⟧⟦b#Ref⟧")
	not resource.is_named_by({"address": "a"}, "a")
	not resource.is_named_by({"address": "a"}, "")
}

test_plain if {
	resource.plain("arn:⟦AWS::Partition#Ref⟧:iam::⟦AWS::AccountId#Ref⟧:root") == "arn:reference:iam::reference:root"
	resource.plain("as it is") == "as it is"
}

test_gaps if {
	judged_here := {"properties": {"A": [{}]}, "unknown": [["A", 0, "B"], ["A", 1], ["C"]]}
	resource.gaps(judged_here, ["A"]) == {["A", 0, "B"], ["A", 1]}
	resource.gaps(judged_here, ["C", "D"]) == {["C"]}
	resource.gaps(judged_here, ["D"]) == set()
}
