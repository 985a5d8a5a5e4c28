# METADATA
# title: Tables use a KMS key of the account
# description: >-
#   DynamoDB encrypts every table. By default the key belongs to AWS, so that no key policy decides who can
#   read the data and no log shows who did. With SSE on the key is in the account: the AWS managed one, or one
#   that the table names.
# related_resources:
#   - ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
#   - ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
# custom:
#   id: SRM-DYNAMODB-002
#   severity: low
#   responsibility: data-protection
#   service: dynamodb
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::DynamoDB::Table: [SSESpecification.SSEEnabled]
#     AWS::DynamoDB::GlobalTable: [SSESpecification.SSEEnabled]
#   remediation:
#     terraform: Set `server_side_encryption.enabled = true`.
#     cloudformation: Set `SSESpecification.SSEEnabled` to true.
#   frameworks:
#     pci_dss_4_0: [3.5.1, 8.3.2]
#     hipaa: [164.308(a)(4)(ii)(A), 164.312(a)(2)(iv), 164.312(e)(2)(ii)]
#     iso_27001_2022: [A.8.5, A.8.11, A.8.24]
#     soc2: [PI1.5]
#     nist_800_53_r5: [AU-9(3), SC-8(3), SC-8(4), SC-13(a), SC-28(1), SI-19(4)]
#     gdpr: [Art. 32]
#   equivalents:
#     guard: [DYNAMODB_TABLE_ENCRYPTED_KMS, DYNAMODB_TABLE_MUST_BE_ENCRYPTED]
#     cfn_nag: [W74]
#     regula: [FG_R00069]
#     terrascan: [AC_AWS_0457]
#     prowler: [dynamodb_tables_kms_cmk_encryption_enabled]
#     config: [DYNAMODB_TABLE_ENCRYPTED_KMS, DYNAMODB_TABLE_ENCRYPTION_ENABLED]
#     steampipe: [dynamodb_table_encryption_enabled]
package srmcheck.dynamodb.table_encryption

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

enabled := ["SSESpecification", "SSEEnabled"]

# the default cannot be switched off, but its key is AWS's own
deny contains finding.at(enabled, "table is encrypted with a key that AWS owns") if {
	not resource.value(input.resource, enabled) == true
}
