package srmcheck.lib.launch_test

import data.srmcheck.lib.launch

instance(properties) := {"properties": properties, "unknown": []}

named := instance({"LaunchTemplate": {"LaunchTemplateName": "web"}})

test_has_no_template if {
	launch.has_no_template(instance({}), [])
	not launch.has_no_template(named, [])
	not launch.has_no_template(instance({}), [{}])
	not launch.has_no_template({"properties": {}, "unknown": [["LaunchTemplate", "LaunchTemplateId"]]}, [])
}

test_has_unseen_template if {
	launch.has_unseen_template(named, [])
	not launch.has_unseen_template(named, [{}])
	not launch.has_unseen_template(instance({}), [])
}
