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
#       reads: [Type, 'LoadBalancerAttributes[].Key', 'LoadBalancerAttributes[].Value']
#     access_log_classic_balancers:
#       type: [AWS::ElasticLoadBalancing::LoadBalancer]
#       by: [AccessLoggingPolicy.S3BucketName]
#       reads: [AccessLoggingPolicy.Enabled]
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
import data.srmcheck.lib.resource
import data.srmcheck.lib.s3

not_applicable if s3.is_log_bucket(input.resource, input.related.log_sources, input.related.bucket_policies)

not_applicable if s3.logs_to_itself(input.resource)

not_applicable if takes_balancer_logs

# absent means SSE-S3
deny contains finding.resting(
	["BucketEncryption"],
	"default encryption of the bucket does not use AWS KMS",
	array.concat(s3.log_bucket_signs, [
		["BucketEncryption"],
		["LoggingConfiguration"],
		["@access_log_balancers"],
		["@access_log_classic_balancers"],
	]),
) if {
	not uses_kms
	count(doubtful) == 0
}

unknown contains finding.resting([], "statement about log delivery in the bucket policy has no Effect", []) if {
	not uses_kms
	count(doubtful) > 0
}

settled contains [] if uses_kms

uses_kms if {
	some i, _ in resource.list(input.resource, rules)
	algorithm := array.concat(rules, [i, "ServerSideEncryptionByDefault", "SSEAlgorithm"])
	resource.option(input.resource, algorithm) in ["aws:kms", "aws:kms:dsse"]
}

rules := ["BucketEncryption", "ServerSideEncryptionConfiguration"]

# Log buckets

doubtful := s3.doubtful_deliveries(input.related.bucket_policies)

# what a statement holds does not matter where it is not about log delivery
settled contains array.concat(["@bucket_policies", i], statement) if {
	some [i, statement] in s3.unrelated_to_delivery(input.related.bucket_policies)
}

# Access logs of load balancers: SSE-S3 only. One that has them switched off, as it is by default, delivers nothing.

takes_balancer_logs if {
	some balancer in input.related.access_log_balancers
	is_application(balancer)
	is_on(balancer)
}

takes_balancer_logs if {
	some balancer in input.related.access_log_classic_balancers
	resource.value(balancer, ["AccessLoggingPolicy", "Enabled"]) == true
}

is_application(balancer) if resource.absent(balancer, ["Type"])

is_application(balancer) if resource.option(balancer, ["Type"]) == "application"

is_on(balancer) if {
	some value in resource.values_of(balancer, ["LoadBalancerAttributes"], "access_logs.s3.enabled")
	resource.option(balancer, value) == "true"
}

# only an Application Load Balancer matters, and of its attributes only this one; its type, only if it is on
settled contains ["@access_log_balancers", i] if {
	some i, balancer in input.related.access_log_balancers
	not resource.option(balancer, ["Type"]) in ["", "application"]
}

settled contains ["@access_log_balancers", i, "LoadBalancerAttributes", j] if {
	some i, balancer in input.related.access_log_balancers
	some j, _ in resource.list(balancer, ["LoadBalancerAttributes"])
	not resource.text(balancer, ["LoadBalancerAttributes", j, "Key"]) in ["", "access_logs.s3.enabled"]
}

settled contains ["@access_log_balancers", i, "Type"] if {
	some i, balancer in input.related.access_log_balancers
	not is_on(balancer)
	not resource.is_unknown(balancer, ["LoadBalancerAttributes"])
}
