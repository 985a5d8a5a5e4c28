package srmcheck.s3.public_access_block_test

import data.srmcheck.lib.documents
import data.srmcheck.s3.public_access_block as policy

all_on := {
	"BlockPublicAcls": true,
	"BlockPublicPolicy": true,
	"IgnorePublicAcls": true,
	"RestrictPublicBuckets": true,
}

bucket(block, account) := documents.related_to(
	documents.of("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": block}),
	"account_public_access_blocks",
	[documents.member("account", "AWS::S3::AccountPublicAccessBlock", one) | some one in account],
)

bare(account) := documents.related_to(
	documents.of("AWS::S3::Bucket", {}),
	"account_public_access_blocks",
	[documents.member("account", "AWS::S3::AccountPublicAccessBlock", one) | some one in account],
)

test_pass_all_on if {
	count(policy.deny) == 0 with input as bucket(all_on, [])
	[] in policy.settled with input as bucket(all_on, [])
}

test_fail_one_off if {
	some finding in policy.deny with input as bucket(object.union(all_on, {"BlockPublicPolicy": false}), [])
	finding.place == ["PublicAccessBlockConfiguration", "BlockPublicPolicy"]
	finding.paths == [["@account_public_access_blocks"], ["PublicAccessBlockConfiguration", "BlockPublicPolicy"]]
}

test_fail_omitted_is_off if {
	some finding in policy.deny with input as bucket(object.remove(all_on, ["IgnorePublicAcls"]), [])
	finding.message == "bucket leaves IgnorePublicAcls off"
}

test_fail_absent if {
	some finding in policy.deny with input as bare([])
	finding.place == ["PublicAccessBlockConfiguration"]
	count(policy.deny) == 1 with input as bare([])
}

test_fail_empty_block if count(policy.deny) == 1 with input as bucket({}, [])

test_pass_account_block if {
	count(policy.deny) == 0 with input as bare([all_on])
	[] in policy.settled with input as bare([all_on])
}

test_pass_account_block_fills_up if {
	half := {"BlockPublicAcls": true, "IgnorePublicAcls": true}
	rest := {"BlockPublicPolicy": true, "RestrictPublicBuckets": true}
	count(policy.deny) == 0 with input as bucket(half, [rest])
}

test_fail_account_block_in_part if {
	some finding in policy.deny with input as bare([object.union(all_on, {"RestrictPublicBuckets": false})])
	finding.message == "bucket has no public access block, which leaves RestrictPublicBuckets off"
}

test_unknown_setting_is_not_off if {
	document := documents.unknown_at(
		bucket(object.remove(all_on, ["BlockPublicAcls"]), []),
		[["PublicAccessBlockConfiguration", "BlockPublicAcls"]],
	)
	count(policy.deny) == 0 with input as document
	count(policy.settled) == 0 with input as document
}

test_settled_by_the_other_side if {
	document := bucket({"BlockPublicAcls": true}, [{"BlockPublicPolicy": true}])
	policy.settled == {
		["PublicAccessBlockConfiguration", "BlockPublicPolicy"],
		["@account_public_access_blocks", 0, "BlockPublicAcls"],
		["@account_public_access_blocks", 0, "BlockPublicPolicy"],
	} with input as document
}
