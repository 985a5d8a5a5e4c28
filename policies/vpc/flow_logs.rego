# METADATA
# title: Each VPC has a flow log
# description: >-
#   Flow logs show who talked to what and which traffic was refused; without them an intrusion leaves no trace
#   in the network. There are none by default. A log of accepted traffic alone hides the attempts that were
#   refused.
# related_resources:
#   - ref: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
# custom:
#   id: SRM-VPC-013
#   severity: medium
#   responsibility: logging-and-monitoring
#   service: vpc
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::EC2::VPC: []
#   related:
#     flow_logs: {type: [AWS::EC2::FlowLog], by: [ResourceId], reads: [ResourceType, TrafficType]}
#   remediation:
#     terraform: Add `aws_flow_log` with `vpc_id`.
#     cloudformation: Add AWS::EC2::FlowLog with `ResourceId` of the VPC.
#   frameworks:
#     fsbp: [EC2.6]
#     cis_aws_5_0: ['3.7']
#     pci_dss_4_0:
#       [5.3.4, 10.2.1, 10.2.1.1, 10.2.1.2, 10.2.1.3, 10.2.1.4, 10.2.1.5, 10.2.1.6, 10.2.1.7, 10.2.2, 10.3.1,
#        10.6.3, A1.2.1]
#     hipaa: [164.308(a)(1)(ii)(D), 164.308(a)(3)(ii)(A), 164.308(a)(6)(ii), 164.312(b), 164.312(c)(2)]
#     iso_27001_2022: [A.8.15, A.8.16, A.8.20, A.8.21, A.8.22, A.8.23]
#     soc2: [CC7.2, CC7.3]
#     nist_800_53_r5:
#       [AC-4(26), AU-2, AU-2(b), AU-3, AU-3(a), AU-3(b), AU-3(c), AU-3(d), AU-3(e), AU-6(3), AU-6(4), AU-6(6),
#        AU-6(9), AU-8(b), AU-12, AU-12(1), AU-12(2), AU-12(3), AU-12(4), AU-12(a), AU-12(c), AU-14(3),
#        AU-14(a), AU-14(b), CA-7, CA-7(b), CM-5(1)(b), CM-6(a), CM-9(b), IA-3(3)(b), MA-4(1)(a), PM-14(a),
#        PM-14(b), SI-4(17), SI-7(8), PM-31]
#     gdpr: [Art. 25, Art. 30]
#   equivalents:
#     checkov: [CKV2_AWS_11]
#     trivy: [AVD-AWS-0178]
#     cfn_nag: [W60]
#     regula: [FG_R00054]
#     terrascan: [AC_AWS_0369]
#     prowler: [vpc_flow_logs_enabled]
#     config: [VPC_FLOW_LOGS_ENABLED, VPC_FLOW_LOGS_ENABLED_CUSTOM]
#     steampipe: [vpc_flow_logs_enabled]
package srmcheck.vpc.flow_logs

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.resting([], "VPC has no flow log", [["@flow_logs"]]) if {
	not is_logged
	count(accepted_only) == 0
}

deny contains finding.resting([], "flow log of the VPC leaves out rejected traffic", [["@flow_logs"]]) if {
	not is_logged
	count(accepted_only) > 0
}

settled contains [] if is_logged

is_logged if {
	some log in input.related.flow_logs
	is_about_vpc(log)
	resource.option(log, ["TrafficType"]) in ["all", "reject"]
}

accepted_only contains log.address if {
	some log in input.related.flow_logs
	is_about_vpc(log)
	resource.option(log, ["TrafficType"]) == "accept"
}

is_about_vpc(log) if resource.option(log, ["ResourceType"]) == "vpc"

# logs that do not help, whatever is unknown of them

settled contains ["@flow_logs", i] if {
	some i, log in input.related.flow_logs
	resource.given(log, ["ResourceType"])
	not is_about_vpc(log)
}

settled contains ["@flow_logs", i] if {
	some i, log in input.related.flow_logs
	resource.given(log, ["TrafficType"])
	not resource.option(log, ["TrafficType"]) in ["all", "reject"]
}
