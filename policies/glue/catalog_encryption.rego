# METADATA
# title: The Data Catalog encrypts metadata and connection passwords
# description: >-
#   The Data Catalog describes where all data lie and how to read them, and its connections hold the passwords
#   of databases. Both are kept in the clear unless the settings say otherwise, and whoever may read a
#   connection reads its password.
# related_resources:
#   - ref: https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
#   - ref: https://docs.aws.amazon.com/glue/latest/dg/encrypt-connection-passwords.html
# custom:
#   id: SRM-GLUE-001
#   severity: high
#   responsibility: data-protection
#   service: glue
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::Glue::DataCatalogEncryptionSettings:
#       [DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode,
#        DataCatalogEncryptionSettings.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted]
#   apart: true
#   remediation:
#     terraform: Set `encryption_at_rest` and `connection_password_encryption`.
#     cloudformation: Set `EncryptionAtRest` and `ConnectionPasswordEncryption`.
#   frameworks:
#     iso_27001_2022: [A.8.11, A.8.15, A.8.24]
#   equivalents:
#     checkov: [CKV_AWS_94]
#     prowler:
#       [glue_data_catalogs_metadata_encryption_enabled,
#        glue_data_catalogs_connection_passwords_encryption_enabled]
#     steampipe: [glue_data_catalog_encryption_enabled]
package srmcheck.glue.catalog_encryption

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

mode := ["DataCatalogEncryptionSettings", "EncryptionAtRest", "CatalogEncryptionMode"]

passwords := ["DataCatalogEncryptionSettings", "ConnectionPasswordEncryption", "ReturnConnectionPasswordEncrypted"]

# both are off by default

deny contains finding.at(mode, "metadata of the Data Catalog are not encrypted") if {
	not resource.option(input.resource, mode) in ["sse-kms", "sse-kms-with-service-role"]
}

deny contains finding.at(passwords, "passwords of connections are not encrypted") if {
	not resource.value(input.resource, passwords) == true
}
