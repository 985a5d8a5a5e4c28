# METADATA
# title: Bucket server access logging is on
# description: >-
#   Server access logs show who asked for what in a bucket, anonymous requests too, and S3 does not write them
#   unless a bucket says where to. Log buckets are exempt, as logging of logs feeds itself; in CloudFormation a
#   logging configuration without a destination logs to the bucket itself.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-s3-bucket-loggingconfiguration.html
# custom:
#   id: SRM-S3-012
#   severity: low
#   responsibility: logging-and-monitoring
#   service: s3
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::S3::Bucket:
#       [LoggingConfiguration.DestinationBucketName, AccessControl, 'AccessControlPolicy.Grants[].Grantee.URI']
#   related:
#     log_sources: {type: [AWS::S3::Bucket], by: [LoggingConfiguration.DestinationBucketName], reads: []}
#     bucket_policies: {type: [AWS::S3::BucketPolicy], by: [Bucket], reads: [PolicyDocument.Statement.**]}
#   remediation:
#     terraform: Add `aws_s3_bucket_logging` with `target_bucket`.
#     cloudformation: Set `LoggingConfiguration.DestinationBucketName`.
#   frameworks:
#     fsbp: [S3.9]
#     pci_dss_4_0:
#       [5.3.4, 10.2.1, 10.2.1.1, 10.2.1.2, 10.2.1.3, 10.2.1.4, 10.2.1.5, 10.2.1.6, 10.2.1.7, 10.2.2, 10.3.1,
#        10.6.3, A1.2.1]
#     hipaa: [164.308(a)(1)(ii)(D), 164.308(a)(3)(ii)(A), 164.308(a)(6)(ii), 164.312(b), 164.312(e)(2)(i)]
#     iso_27001_2022: [A.8.15]
#     soc2: [A1.2, CC7.2, CC7.3]
#     nist_800_53_r5:
#       [AC-2(4), AC-3(1), AC-3(10), AC-4(26), AC-6(9), AU-2, AU-2(b), AU-3, AU-3(a), AU-3(b), AU-3(c),
#        AU-3(d), AU-3(e), AU-3(f), AU-6(3), AU-6(4), AU-6(6), AU-6(9), AU-8(b), AU-10, AU-12, AU-12(1),
#        AU-12(2), AU-12(3), AU-12(4), AU-12(a), AU-12(c), AU-14(3), AU-14(a), AU-14(b), CA-7, CA-7(b),
#        CM-5(1)(b), CM-6(a), CM-9(b), IA-3(3)(b), MA-4(1)(a), PM-14(a), PM-14(b), SC-7(9), SC-7(9)(b),
#        SI-1(1)(c), SI-3(8), SI-3(8)(b), SI-4(2), SI-4(17), SI-4(20), SI-7(8), SI-10(1)(c), PM-31]
#   equivalents:
#     checkov: [CKV_AWS_18]
#     trivy: [AVD-AWS-0089]
#     guard: [S3_BUCKET_LOGGING_ENABLED]
#     cfn_nag: [W35]
#     regula: [FG_R00274]
#     terrascan: [AC_AWS_0497]
#     prowler: [s3_bucket_server_access_logging_enabled]
#     config: [S3_BUCKET_LOGGING_ENABLED]
#     steampipe: [s3_bucket_logging_enabled]
package srmcheck.s3.access_logging

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource
import data.srmcheck.lib.s3

not_applicable if s3.is_log_bucket(input.resource, input.related.log_sources, input.related.bucket_policies)

# off by default
deny contains finding.resting(
	["LoggingConfiguration"],
	"bucket writes no server access logs",
	array.concat([["LoggingConfiguration"]], s3.log_bucket_signs),
) if {
	not writes_logs
	count(doubtful) == 0
}

unknown contains finding.resting([], "statement about log delivery in the bucket policy has no Effect", []) if {
	not writes_logs
	count(doubtful) > 0
}

settled contains [] if writes_logs

# whatever the destination: without one they go to the bucket itself
writes_logs if is_object(resource.value(input.resource, ["LoggingConfiguration"]))

doubtful := s3.doubtful_deliveries(input.related.bucket_policies)

# what a statement holds does not matter where it is not about log delivery
settled contains array.concat(["@bucket_policies", i], statement) if {
	some [i, statement] in s3.unrelated_to_delivery(input.related.bucket_policies)
}
