# METADATA
# title: Secret-bearing properties hold no literal values
# description: >-
#   Who can read the template, its repository or the deployment's history can read a password that is written in
#   it, in the default of a parameter, or in a parameter that is shown. Only where the value comes from is judged:
#   Secrets Manager, a secure string, a resource, or a parameter without a default that is marked as secret. An
#   absent value is none, as where the service manages the password.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
#   - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
# custom:
#   id: SRM-TEMPLATE-001
#   severity: high
#   responsibility: identity-and-access
#   service: template
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::RDS::DBInstance: [MasterUserPassword, TdeCredentialPassword]
#     AWS::RDS::DBCluster: [MasterUserPassword]
#     AWS::Redshift::Cluster: [MasterUserPassword]
#     AWS::DocDB::DBCluster: [MasterUserPassword]
#     AWS::ElastiCache::ReplicationGroup: [AuthToken]
#     AWS::AmazonMQ::Broker: ['Users[].Password', LdapServerMetadata.ServiceAccountPassword]
#     AWS::DMS::Endpoint:
#       [Password, GcpMySQLSettings.Password, KafkaSettings.SaslPassword, KafkaSettings.SslClientKeyPassword,
#        MicrosoftSqlServerSettings.Password, MongoDbSettings.Password, OracleSettings.AsmPassword,
#        RedisSettings.AuthPassword]
#     AWS::DirectoryService::MicrosoftAD: [Password]
#     AWS::DirectoryService::SimpleAD: [Password]
#     AWS::IAM::User: [LoginProfile.Password]
#     AWS::KinesisFirehose::DeliveryStream:
#       [RedshiftDestinationConfiguration.Password, SplunkDestinationConfiguration.HECToken,
#        HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey,
#        SnowflakeDestinationConfiguration.PrivateKey, SnowflakeDestinationConfiguration.KeyPassphrase]
#     AWS::Amplify::App:
#       [AccessToken, OauthToken, BasicAuthConfig.Password, AutoBranchCreationConfig.BasicAuthConfig.Password]
#     AWS::Amplify::Branch: [BasicAuthConfig.Password]
#     AWS::EMR::Cluster:
#       [KerberosAttributes.KdcAdminPassword, KerberosAttributes.ADDomainJoinPassword,
#        KerberosAttributes.CrossRealmTrustPrincipalPassword]
#     AWS::AppStream::DirectoryConfig: [ServiceAccountCredentials.AccountPassword]
#     AWS::CodePipeline::Webhook: [AuthenticationConfiguration.SecretToken]
#     AWS::Pinpoint::APNSChannel: [PrivateKey, TokenKey]
#     AWS::Pinpoint::APNSSandboxChannel: [PrivateKey, TokenKey]
#     AWS::Pinpoint::APNSVoipChannel: [PrivateKey, TokenKey]
#     AWS::Pinpoint::APNSVoipSandboxChannel: [PrivateKey, TokenKey]
#   origins: true
#   remediation:
#     terraform: Use `manage_master_user_password` or a data source, not a literal.
#     cloudformation: Use a `secretsmanager` dynamic reference, or `ManageMasterUserPassword`.
#   equivalents:
#     guard:
#       [RDS_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD,
#        RDS_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD,
#        REDSHIFT_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD,
#        KINESIS_FIREHOSE_SPLUNK_DESTINATION_CONFIGURATION_NO_PLAINTEXT_PASSWORD,
#        MICROSOFT_AD_NO_PLAINTEXT_PASSWORD, AMAZON_MQ_BROKER_USERS_NO_PLAINTEXT_PASSWORD,
#        DMS_NO_PLAINTEXT_PASSWORD, IAM_USER_LOGIN_PROFILE_NO_PLAINTEXT_PASSWORD,
#        KINESIS_FIREHOSE_REDSHIFT_DESTINATION_CONFIGURATION_NO_PLAINTEXT_PASSWORD]
#     cfn_nag:
#       [F23, F31, F34, F35, F36, F37, F41, F42, F43, F44, F46, F47, F48, F49, F50, F51, F52, F53, F55, F56,
#        F57, F58, F60, F63, F64, F65, F66, F68, F69, F70]
package srmcheck.template.literal_secrets

import data.srmcheck.lib.finding

deny contains finding.resting(path, fault, []) if {
	some [path, origin] in secrets
	fault := fault_of(origin)
}

# a state shows values, never where they come from
unknown contains finding.resting(path, "nothing here says where the secret comes from", []) if {
	some [path, origin] in secrets
	origin.kind == "unsaid"
}

# where it comes from decides, whatever it is; what another stack exports may come from anywhere
settled contains path if {
	some [path, origin] in secrets
	not origin in imported
}

fault_of(origin) := "secret is written as a literal" if {
	origin.kind == "literal"
} else := concat("", ["secret comes from ", name, ", which has a default"]) if {
	origin.kind == "parameter"
	origin.has_default
	name := origin.name
} else := concat("", ["secret comes from ", name, ", which is not marked as secret"]) if {
	origin.kind == "parameter"
	not origin.secret
	name := origin.name
} else := "secret is read from a plaintext parameter of Systems Manager" if {
	origin.kind == "dynamic-reference"
	origin.name == "ssm"
}

imported contains origin if {
	some [_, origin] in secrets
	origin.kind == "data"
	input.source.language == "cloudformation"
}

# [path, origin]; the document also says where the values come from that other policies read
secrets contains [path, origin] if {
	some origin in input.resource.origins
	path := origin.path
	path[count(path) - 1] in properties
}

properties := {
	"AccessKey",
	"AccessToken",
	"AccountPassword",
	"ADDomainJoinPassword",
	"AsmPassword",
	"AuthPassword",
	"AuthToken",
	"CrossRealmTrustPrincipalPassword",
	"HECToken",
	"KdcAdminPassword",
	"KeyPassphrase",
	"MasterUserPassword",
	"OauthToken",
	"Password",
	"PrivateKey",
	"SaslPassword",
	"SecretToken",
	"ServiceAccountPassword",
	"SslClientKeyPassword",
	"TdeCredentialPassword",
	"TokenKey",
}
