package srmcheck.s3.public_acl_test

import data.srmcheck.lib.documents
import data.srmcheck.s3.public_acl as policy

within(properties, account) := documents.related_to(
	documents.of("AWS::S3::Bucket", properties),
	"account_public_access_blocks",
	[documents.member("account", "AWS::S3::AccountPublicAccessBlock", settings) | some settings in account],
)

bucket(properties) := within(properties, [])

public(properties) := bucket(object.union({"AccessControl": "PublicRead"}, properties))

granting(uris) := {"AccessControlPolicy": {"Grants": [{"Grantee": {"URI": uri}} | some uri in uris]}}

ownership(value) := {"OwnershipControls": {"Rules": [{"ObjectOwnership": value}]}}

test_fail_canned_acl if {
	every acl in ["PublicRead", "PublicReadWrite", "AuthenticatedRead", "publicread"] {
		some finding in policy.deny with input as bucket({"AccessControl": acl})
		finding.place == ["AccessControl"]
		count(policy.settled) == 0 with input as bucket({"AccessControl": acl})
	}
}

test_messages_name_the_group if {
	some one in policy.deny with input as bucket({"AccessControl": "PublicReadWrite"})
	one.message == "ACL of the bucket grants access to everyone"
	some other in policy.deny with input as bucket({"AccessControl": "AuthenticatedRead"})
	other.message == "ACL of the bucket grants access to all AWS users"
}

test_fail_grants if {
	every group in ["AllUsers", "AuthenticatedUsers"] {
		uri := concat("", ["http://acs.amazonaws.com/groups/global/", group])
		some finding in policy.deny with input as bucket(granting(["x", uri]))
		finding.place == ["AccessControlPolicy", "Grants", 1, "Grantee", "URI"]
	}
}

test_fail_ownership_leaves_acls_in_force if {
	every value in ["BucketOwnerPreferred", "ObjectWriter"] {
		count(policy.deny) == 1 with input as public(ownership(value))
	}
}

test_pass_other_acls if {
	every acl in ["Private", "LogDeliveryWrite", "BucketOwnerFullControl", "AwsExecRead"] {
		count(policy.deny) == 0 with input as bucket({"AccessControl": acl})
		policy.settled == {[]} with input as bucket({"AccessControl": acl})
	}
	log_delivery := bucket(granting(["http://acs.amazonaws.com/groups/s3/LogDelivery"]))
	count(policy.deny) == 0 with input as log_delivery
	policy.settled == {[]} with input as log_delivery
}

test_pass_absent if {
	count(policy.deny) == 0 with input as bucket({})
	policy.settled == {[]} with input as bucket({})
}

test_pass_no_effect if {
	ignored := {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": true}}
	every document in [
		public(ignored),
		public(ownership("BucketOwnerEnforced")),
		within({"AccessControl": "PublicRead"}, [{"IgnorePublicAcls": true}]),
		bucket(object.union(granting(["http://acs.amazonaws.com/groups/global/AllUsers"]), ignored)),
	] {
		count(policy.deny) == 0 with input as document
		policy.settled == {[]} with input as document
	}
}

test_fail_blocks_that_do_not_ignore if {
	every document in [
		public({"PublicAccessBlockConfiguration": {"IgnorePublicAcls": false}}),
		within({"AccessControl": "PublicRead"}, [{"IgnorePublicAcls": false}]),
	] {
		some finding in policy.deny with input as document
		["PublicAccessBlockConfiguration", "IgnorePublicAcls"] in finding.paths
		["OwnershipControls"] in finding.paths
		["@account_public_access_blocks"] in finding.paths
	}
}

test_unknown_acl_is_not_settled if {
	count(policy.settled) == 0 with input as documents.unknown_at(bucket({}), [["AccessControl"]])
	count(policy.settled) == 0 with input as documents.unknown_at(bucket({}), [["AccessControlPolicy", "Grants"]])
}
