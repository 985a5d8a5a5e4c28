# Route 53 hosted zones. Words: docs/verdicts.md, "Hosted zones".
package srmcheck.lib.route53

import data.srmcheck.lib.resource

# A zone is made private by its first VPC.
is_private(zone) if count(resource.list(zone, ["VPCs"])) > 0
