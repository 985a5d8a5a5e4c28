# METADATA
# title: Redshift is not publicly accessible
# description: >-
#   A publicly accessible warehouse has an address that resolves on the Internet, where only its security
#   groups and its passwords protect it. Absent means private in CloudFormation and from version 6 of the
#   Terraform provider; up to version 5 the provider makes a cluster public that does not say otherwise.
# related_resources:
#   - ref: https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html
#   - ref: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
#   - ref: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html
# custom:
#   id: SRM-REDSHIFT-003
#   severity: critical
#   responsibility: network-security
#   service: redshift
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::Redshift::Cluster: [PubliclyAccessible]
#     AWS::RedshiftServerless::Workgroup: [PubliclyAccessible]
#   remediation:
#     terraform: Set `publicly_accessible = false`.
#     cloudformation: Set `PubliclyAccessible` to false.
#   frameworks:
#     fsbp: [Redshift.1, RedshiftServerless.3]
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, 3.5.1.3, 10.3.2, A1.1.2, A1.1.3, A3.4.1]
#     hipaa: [164.308(a)(1)(ii)(B), 164.308(a)(3)(i), 164.312(a)(1)]
#     iso_27001_2022: [A.8.1]
#     nist_800_53_r5:
#       [AC-2(6), AC-3, AC-3(7), AC-4, AC-4(21), AC-6, AC-17(1), AC-17(4)(a), AC-17(9), AC-17(10), AC-17(b),
#        AC-21, SC-7, SC-7(2), SC-7(3), SC-7(4), SC-7(7), SC-7(9), SC-7(9)(a), SC-7(11), SC-7(12), SC-7(16),
#        SC-7(20), SC-7(21), SC-7(24)(b), SC-7(25), SC-7(26), SC-7(27), SC-7(28), SC-7(a), SC-7(b), SC-7(c),
#        MP-2, SC-25]
#   equivalents:
#     checkov: [CKV_AWS_87, CKV_AWS_391]
#     guard: [REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK]
#     regula: [FG_R00270]
#     terrascan: [AC_AWS_0199]
#     prowler: [redshift_cluster_public_access]
#     config: [REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK]
#     steampipe: [redshift_cluster_prohibit_public_access]
package srmcheck.redshift.public_access

import data.srmcheck.lib.finding

deny contains finding.at(["PubliclyAccessible"], "warehouse is publicly accessible") if {
	input.resource.properties.PubliclyAccessible == true
}
