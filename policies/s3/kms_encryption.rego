# METADATA
# title: Bucket default encryption uses AWS KMS
# description: >-
#   S3 encrypts every new object with a key of its own (SSE-S3) unless the bucket's default names AWS KMS. Only
#   with KMS does a key policy decide who can read the data, and only then does CloudTrail show each use of the
#   key. Log buckets are exempt, as S3 and the load balancers do not deliver to a bucket whose default is KMS.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshooting-server-access-logging.html
#   - ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
# custom:
#   id: SRM-S3-002
#   severity: medium
#   responsibility: data-protection
#   service: s3
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::S3::Bucket:
#       ['BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.SSEAlgorithm',
#        LoggingConfiguration.DestinationBucketName, AccessControl, 'AccessControlPolicy.Grants[].Grantee.URI']
#   related:
#     log_sources: {type: [AWS::S3::Bucket], by: [LoggingConfiguration.DestinationBucketName], reads: []}
#     bucket_policies: {type: [AWS::S3::BucketPolicy], by: [Bucket], reads: [PolicyDocument.Statement.**]}
#     access_log_balancers:
#       type: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#       by: ['LoadBalancerAttributes[].Value']
#       where: {Key: access_logs.s3.bucket}
#       reads: [Type]
#     access_log_classic_balancers:
#       type: [AWS::ElasticLoadBalancing::LoadBalancer]
#       by: [AccessLoggingPolicy.S3BucketName]
#       reads: []
#   remediation:
#     terraform: >-
#       Set `sse_algorithm = "aws:kms"` and `kms_master_key_id` in
#       `aws_s3_bucket_server_side_encryption_configuration`.
#     cloudformation: Set `SSEAlgorithm` to aws:kms and `KMSMasterKeyID` to a key ARN.
#   frameworks:
#     pci_dss_4_0: [3.5.1, 8.3.2]
#     iso_27001_2022: [A.8.11, A.8.24]
#     soc2: [PI1.4]
#   equivalents:
#     checkov: [CKV_AWS_145]
#     trivy: [AVD-AWS-0132]
#     guard: [S3_DEFAULT_ENCRYPTION_KMS]
#     terrascan: [AC_AWS_0207]
#     prowler: [s3_bucket_kms_encryption]
#     config: [S3_DEFAULT_ENCRYPTION_KMS]
#     steampipe: [s3_bucket_default_encryption_enabled_kms]
package srmcheck.s3.kms_encryption

import data.srmcheck.lib.finding
import data.srmcheck.lib.iam
import data.srmcheck.lib.resource

not_applicable if is_log_bucket

not_applicable if logs_to_itself

not_applicable if takes_balancer_logs

# absent means SSE-S3
deny contains finding.resting(
	["BucketEncryption"],
	"default encryption of the bucket does not use AWS KMS",
	[
		["BucketEncryption"],
		["LoggingConfiguration"],
		["AccessControl"],
		["AccessControlPolicy"],
		["@log_sources"],
		["@bucket_policies"],
		["@access_log_balancers"],
		["@access_log_classic_balancers"],
	],
) if {
	not uses_kms
	count(doubtful_statements) == 0
}

unknown contains finding.resting(
	[],
	"statement about log delivery in the bucket policy has no Effect",
	[],
) if {
	not uses_kms
	count(doubtful_statements) > 0
}

settled contains [] if uses_kms

uses_kms if {
	some i, _ in resource.list(input.resource, rules)
	algorithm := array.concat(rules, [i, "ServerSideEncryptionByDefault", "SSEAlgorithm"])
	resource.option(input.resource, algorithm) in ["aws:kms", "aws:kms:dsse"]
}

rules := ["BucketEncryption", "ServerSideEncryptionConfiguration"]

# Log buckets

is_log_bucket if count(input.related.log_sources) > 0

is_log_bucket if resource.option(input.resource, ["AccessControl"]) == "logdeliverywrite"

is_log_bucket if {
	some i, _ in resource.list(input.resource, ["AccessControlPolicy", "Grants"])
	grantee := resource.text(input.resource, ["AccessControlPolicy", "Grants", i, "Grantee", "URI"])
	endswith(grantee, "/groups/s3/LogDelivery")
}

is_log_bucket if {
	some [policy, statement] in delivery_statements
	iam.allows(policy, statement)
}

doubtful_statements contains statement if {
	some [policy, statement] in delivery_statements
	iam.has_no_effect(policy, statement)
}

delivery_statements contains [policy, statement] if {
	some policy in input.related.bucket_policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	iam.names_service(policy, statement, "logging.s3")
	count(iam.covering(policy, statement, "s3:PutObject")) > 0
}

# what a statement holds does not matter where it is not about log delivery
settled contains array.concat(["@bucket_policies", i], statement) if {
	some i, policy in input.related.bucket_policies
	some statement in iam.statements(policy, ["PolicyDocument"])
	is_about_something_else(policy, statement)
}

is_about_something_else(policy, statement) if iam.never_allows(policy, statement)

is_about_something_else(policy, statement) if iam.names_other_services(policy, statement, "logging.s3")

is_about_something_else(policy, statement) if iam.spares_action(policy, statement, "s3:PutObject")

# CloudFormation: without a destination a bucket logs to itself
logs_to_itself if {
	is_object(resource.value(input.resource, ["LoggingConfiguration"]))
	resource.absent(input.resource, ["LoggingConfiguration", "DestinationBucketName"])
}

logs_to_itself if {
	resource.is_named_by(input.resource, resource.text(input.resource, ["LoggingConfiguration", "DestinationBucketName"]))
}

# Access logs of load balancers: SSE-S3 only

takes_balancer_logs if {
	some balancer in input.related.access_log_balancers
	resource.absent(balancer, ["Type"]) # application
}

takes_balancer_logs if {
	some balancer in input.related.access_log_balancers
	resource.option(balancer, ["Type"]) == "application"
}

takes_balancer_logs if count(input.related.access_log_classic_balancers) > 0
