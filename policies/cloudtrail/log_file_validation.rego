# METADATA
# title: Trails validate log files
# description: >-
#   With log file validation CloudTrail delivers a signed digest of the log files each hour. Without it nobody can
#   prove that no log file was changed or deleted after its delivery. It is off where the template says nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudtrail-trail.html
# custom:
#   id: SRM-CLOUDTRAIL-004
#   severity: medium
#   responsibility: logging-and-monitoring
#   service: cloudtrail
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::CloudTrail::Trail: [EnableLogFileValidation]
#   remediation:
#     terraform: Set `enable_log_file_validation = true`.
#     cloudformation: Set `EnableLogFileValidation` to true.
#   frameworks:
#     fsbp: [CloudTrail.4]
#     cis_aws_5_0: ['3.2']
#     pci_dss_4_0: [10.3.2, 10.3.3, 10.3.4, A1.2.1]
#     hipaa: [164.308(a)(1)(ii)(B), 164.308(a)(1)(ii)(D), 164.312(b), 164.312(c)(1), 164.312(c)(2)]
#     iso_27001_2022: [A.8.15, A.8.16]
#     soc2: [CC7.3, PI1.3]
#     nist_800_53_r5:
#       [AU-9, AU-9(a), CM-6(a), CM-9(b), PM-11(b), PM-17(b), SA-1(1), SA-10(1), SC-16(1), SI-1(a), SI-4,
#        SI-4(d), SI-7(1), SI-7(3), SI-7(7), SI-7(a)]
#     gdpr: [Art. 25, Art. 32]
#   equivalents:
#     checkov: [CKV_AWS_36]
#     trivy: [AVD-AWS-0016]
#     guard: [CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED]
#     regula: [FG_R00027]
#     terrascan: [AC_AWS_0446]
#     prowler: [cloudtrail_log_file_validation_enabled]
#     config: [CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED]
#     steampipe: [cloudtrail_trail_validation_enabled]
package srmcheck.cloudtrail.log_file_validation

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at(["EnableLogFileValidation"], "trail does not validate its log files") if {
	not validates_log_files
}

validates_log_files if resource.value(input.resource, ["EnableLogFileValidation"]) == true
