package srmcheck.redshift.public_access_test

import data.srmcheck.lib.documents
import data.srmcheck.redshift.public_access as policy

test_fail if {
	every type in ["AWS::Redshift::Cluster", "AWS::RedshiftServerless::Workgroup"] {
		some finding in policy.deny with input as documents.of(type, {"PubliclyAccessible": true})
		finding.place == ["PubliclyAccessible"]
	}
}

test_pass if {
	count(policy.deny) == 0 with input as documents.of("AWS::Redshift::Cluster", {"PubliclyAccessible": false})
	count(policy.deny) == 0 with input as documents.of("AWS::Redshift::Cluster", {})
}
