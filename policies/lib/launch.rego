# Instances that take values from a launch template. Words: docs/verdicts.md, "Launch templates". Parameters: `instance`
# the judged resource, `templates` the launch templates that it names and the template declares (a relation).
package srmcheck.lib.launch

import data.srmcheck.lib.resource

# The instance names no launch template.
has_no_template(instance, templates) if {
	count(templates) == 0
	resource.absent(instance, ["LaunchTemplate"])
}

# The instance names a launch template that is not in the template.
has_unseen_template(instance, templates) if {
	count(templates) == 0
	resource.given(instance, ["LaunchTemplate"])
}
