# METADATA
# title: Container environment carries no credentials
# description: >-
#   The environment of a container is readable by everyone who may describe the task definition, and is kept in
#   every revision of it. Secrets belong into Secrets, which ECS fetches when the container starts.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
# custom:
#   id: SRM-ECS-006
#   severity: high
#   responsibility: identity-and-access
#   service: ecs
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::ECS::TaskDefinition:
#       ['ContainerDefinitions[].Environment[].Name', 'ContainerDefinitions[].Environment[].Value']
#   facts:
#     ContainerDefinitions[].Environment[].Value: [credential-pattern, secret-literal]
#   remediation:
#     terraform: Use secrets in `container_definitions`.
#     cloudformation: Use `Secrets` with `ValueFrom`.
#   frameworks:
#     fsbp: [ECS.8]
#     pci_dss_4_0: [3.5.1, 8.2.2, 8.3.2]
#     nist_800_53_r5: [CA-9(1), CM-2]
#   equivalents:
#     trivy: [AVD-AWS-0036]
#     terrascan: [AC_AWS_0095]
#     prowler: [ecs_task_definitions_no_environment_secrets]
#     config: [ECS_NO_ENVIRONMENT_SECRETS]
package srmcheck.ecs.environment_credentials

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.secrets

deny contains finding.at(name, "environment variable holds credentials of AWS") if {
	some [name, _] in entries
	is_credential_name(resource.text(input.resource, name))
}

deny contains finding.resting(value, "environment variable with a secret-like name has a literal value", [name]) if {
	some [name, value] in entries
	secrets.is_secret_name(resource.text(input.resource, name))
	secrets.is_secret_literal(input.resource, value)
}

deny contains finding.resting(value, "environment variable holds a credential", []) if {
	some [_, value] in entries
	secrets.is_credential(input.resource, value)
}

# the host has looked at the value and found nothing
settled contains value if {
	some [_, value] in entries
	secrets.is_examined(input.resource, value)
}

# these three are wrong whatever they hold
settled contains value if {
	some [name, value] in entries
	is_credential_name(resource.text(input.resource, name))
}

is_credential_name(name) if name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"]

# [name, value]: the paths of each entry
entries contains [array.concat(entry, ["Name"]), array.concat(entry, ["Value"])] if {
	some i, _ in resource.list(input.resource, ["ContainerDefinitions"])
	some j, _ in resource.list(input.resource, ["ContainerDefinitions", i, "Environment"])
	entry := ["ContainerDefinitions", i, "Environment", j]
}
