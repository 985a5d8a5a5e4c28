"""The tables as they are written: strict, checked against both schemas, current; and what policies read is reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from srmcheck.loaders.terraform.plan import load_plan
from srmcheck.normalize import normalize
from srmcheck.normalize.compile import COMPILED, TABLES, compile_table, compile_tables, coverage
from srmcheck.normalize.provider import provider_schema
from srmcheck.normalize.rows import TableError, load_tables, parse_table
from srmcheck.normalize.tables import load_tables as load_compiled
from srmcheck.schema import load
from srmcheck.values import Node, Place, Text, Unknown
from tests.unit.normalize.build import one, plain, properties, resource, terraform

DEFAULTS = Path(__file__).parents[2] / "data" / "normalize" / "defaults" / "plan.json"
PROVIDER = provider_schema()


def compiled(name: str, written: Any) -> dict[str, Any]:
    return compile_table(parse_table(name, written), PROVIDER, load())


def test_the_shipped_file_is_current() -> None:
    assert COMPILED.read_bytes() == compile_tables()


@pytest.mark.parametrize(
    ("name", "written", "message"),
    [
        ("aws_vpc", [], "not a mapping"),
        ("aws_vpc", {"kind": "AWS::EC2::VPC"}, "unknown keys kind"),
        ("aws_vpc", {}, "exactly one of type, type_by and join"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "join": {"type": "x", "by": "y"}}, "exactly one of"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "move": ["x"]}, "move: expected a mapping"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "values": {"x": {"too": 1}}}, "unknown keys too"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "explained": {"x": ["aws_y"]}}, "expected type.attribute"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "move": {"a.b": ".X"}}, "no row says where its block goes"),
        ("aws_no_such", {"type": "AWS::EC2::VPC"}, "the provider has no such type"),
        ("aws_vpc", {"type": "AWS::EC2::Vpc"}, "the schema has no type AWS::EC2::Vpc"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "move": {"cidr": "CidrBlock"}}, "no such attribute"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "move": {"cidr_block": "Cidr"}}, "AWS::EC2::VPC has no Cidr"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "move": {"cidr_block": "VpcId"}}, "only AWS sets VpcId"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "move": {"owner_id": "CidrBlock"}}, "only the provider sets"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "default": {"owner_id": 1}}, "only the provider sets this attribute"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "default": {"nothing": 1}}, "no attribute nothing"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "opaque": ["nothing"]}, "no attribute nothing"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "identities": {"nothing": "Ref"}}, "no attribute nothing"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "values": {"owner_x": {"map": {}}}}, "no such attribute"),
        ("aws_vpc", {"type": "AWS::EC2::VPC", "values": {"ipv6_netmask_length": {"map": {}}}}, "say where it goes"),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "move": {"metadata_options": "MetadataOptions[]"}},
            "write MetadataOptions",
        ),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "move": {"ebs_block_device": "BlockDeviceMappings"}},
            "BlockDeviceMappings[]",
        ),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "move": {"ebs_block_device": "Tenancy"}},
            "a block cannot become Tenancy",
        ),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "move": {"ebs_block_device.iops": "MetadataOptions.X"}},
            "has no MetadataOptions.X",
        ),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "move": {"ami": "BlockDeviceMappings[].DeviceName"}},
            "a list of objects on the way",
        ),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "each": {"security_groups": "SecurityGroups"}},
            "must look like List[].Key",
        ),
        (
            "aws_instance",
            {"type": "AWS::EC2::Instance", "keyed": {"Tenancy": {"ami": "x"}}},
            "neither a map nor a list",
        ),
        ("aws_instance", {"type": "AWS::EC2::Instance", "fan": {"": ["nothing"]}}, "no attribute nothing"),
        ("aws_s3_bucket_acl", {"join": {"type": "AWS::S3::Bucket", "by": "nothing"}}, "no attribute nothing"),
        (
            "aws_s3_bucket_acl",
            {"join": {"type": "AWS::S3::Bucket", "by": "bucket", "append": "Nothing"}},
            "has no list Nothing",
        ),
        (
            "aws_security_group_rule",
            {"type_by": {"nothing": {"a": "AWS::EC2::SecurityGroupIngress"}}},
            "no attribute nothing",
        ),
    ],
)
def test_faults_are_found(name: str, written: Any, message: str) -> None:
    with pytest.raises(TableError, match=re.escape(message)):
        compiled(name, written)


def test_a_type_is_written_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("aws_vpc: {type: AWS::EC2::VPC}\n")
    (tmp_path / "b.yaml").write_text("aws_vpc: {type: AWS::EC2::VPC}\n")
    with pytest.raises(TableError, match="written twice"):
        load_tables(tmp_path)
    (tmp_path / "b.yaml").write_text("aws_x: {same_as: aws_y}\n")
    with pytest.raises(TableError, match="which has no table"):
        load_tables(tmp_path)


def test_rows_on_what_is_not_reached_are_found() -> None:
    written = {
        "type": "AWS::EC2::Instance",
        "move": {"metadata_options": None, "metadata_options.http_tokens": "Tenancy"},
    }
    with pytest.raises(TableError, match="no row says where its block goes"):
        compiled("aws_instance", written)


def test_a_row_without_target_keeps_an_attribute_out() -> None:
    record = compiled("aws_vpc", {"type": "AWS::EC2::VPC", "move": {"cidr_block": None}})
    assert "cidr_block" not in record["plans"]["AWS::EC2::VPC"]["steps"]


def test_appending_to_a_list_of_the_parent() -> None:
    """Made up, as no type of the first tables needs it: subnets as if they were tags of their VPC."""
    written = {
        "join": {"type": "AWS::EC2::VPC", "by": "vpc_id", "append": "Tags"},
        "move": {"availability_zone": "Tags[].Key", "tags": None},
    }
    record = compiled("aws_subnet", written)
    assert record["join"] == {"by": "vpc_id", "append": "Tags", "sets": ["Tags"]}
    assert record["plans"]["AWS::EC2::VPC"]["steps"]["availability_zone"] == [["value", ["Key"]]]


def test_defaults_with_a_range_of_versions() -> None:
    written = {"type": "AWS::EC2::VPC", "default": {"enable_dns_support": {"value": True, "provider": "< 6"}}}
    plan = compiled("aws_vpc", written)["plans"]["AWS::EC2::VPC"]
    assert plan["defaults"] == [["enable_dns_support", True, "< 6"]]


def test_coverage_speaks_to_authors() -> None:
    text = coverage("aws_s3_bucket_versioning")
    assert "versioning_configuration.status -> VersioningConfiguration.Status" in text
    assert "nowhere: " in text and "versioning_configuration.mfa_delete" in text


def test_every_table_names_types_of_the_schema() -> None:
    tables = load_compiled()
    assert set(tables) == set(load_tables(TABLES))
    for name in tables:
        table = tables.get(name)
        assert table is not None
        assert all(kind in load() for kind in table.types)
    assert tables.get("aws_no_such") is None


# What the first fourteen policies read, and from where it comes (catalogue: fails_when)

POLICY = '{"Statement": []}'
DOCUMENT: dict[str, Any] = {"Statement": []}
PATHS: list[tuple[str, dict[str, Any], str, Any]] = [
    # S3-002, S3-003, S3-009
    ("aws_s3_bucket", {"acl": "log-delivery-write"}, "AccessControl", "LogDeliveryWrite"),
    (
        "aws_s3_bucket",
        {"grant": [{"type": "Group", "uri": "u", "permissions": ["WRITE"]}]},
        "AccessControlPolicy.Grants.0.Grantee.URI",
        "u",
    ),
    (
        "aws_s3_bucket",
        {"grant": [{"type": "Group", "uri": "u", "permissions": ["WRITE"]}]},
        "AccessControlPolicy.Grants.0.Permission",
        "WRITE",
    ),
    ("aws_s3_bucket", {"logging": [{"target_bucket": "l"}]}, "LoggingConfiguration.DestinationBucketName", "l"),
    (
        "aws_s3_bucket",
        {
            "server_side_encryption_configuration": [
                {
                    "rule": [
                        {
                            "apply_server_side_encryption_by_default": [
                                {"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}
                            ]
                        }
                    ]
                }
            ]
        },
        "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm",
        "aws:kms",
    ),
    (
        "aws_s3_bucket_server_side_encryption_configuration",
        {
            "bucket": "b",
            "rule": [
                {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}]}
            ],
        },
        "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID",
        "k",
    ),
    ("aws_s3_bucket_logging", {"bucket": "b", "target_bucket": "l"}, "LoggingConfiguration.DestinationBucketName", "l"),
    ("aws_s3_bucket_acl", {"bucket": "b", "acl": "log-delivery-write"}, "AccessControl", "LogDeliveryWrite"),
    (
        "aws_s3_bucket_acl",
        {
            "bucket": "b",
            "access_control_policy": [{"grant": [{"permission": "WRITE", "grantee": [{"type": "Group", "uri": "u"}]}]}],
        },
        "AccessControlPolicy.Grants.0.Grantee.URI",
        "u",
    ),
    (
        "aws_s3_bucket_public_access_block",
        {"bucket": "b", "block_public_acls": True},
        "PublicAccessBlockConfiguration.BlockPublicAcls",
        True,
    ),
    (
        "aws_s3_bucket_public_access_block",
        {"bucket": "b", "block_public_policy": True},
        "PublicAccessBlockConfiguration.BlockPublicPolicy",
        True,
    ),
    (
        "aws_s3_bucket_public_access_block",
        {"bucket": "b", "ignore_public_acls": True},
        "PublicAccessBlockConfiguration.IgnorePublicAcls",
        True,
    ),
    (
        "aws_s3_bucket_public_access_block",
        {"bucket": "b", "restrict_public_buckets": True},
        "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        True,
    ),
    # S3-005
    (
        "aws_s3_bucket_ownership_controls",
        {"bucket": "b", "rule": [{"object_ownership": "ObjectWriter"}]},
        "OwnershipControls.Rules.0.ObjectOwnership",
        "ObjectWriter",
    ),
    ("aws_s3_account_public_access_block", {"block_public_acls": True}, "BlockPublicAcls", True),
    ("aws_s3_account_public_access_block", {"restrict_public_buckets": True}, "RestrictPublicBuckets", True),
    ("aws_s3_bucket_policy", {"bucket": "b", "policy": POLICY}, "PolicyDocument", DOCUMENT),
    ("aws_s3_bucket_policy", {"bucket": "b", "policy": POLICY}, "Bucket", "b"),
    (
        "aws_s3_bucket_versioning",
        {"bucket": "b", "versioning_configuration": [{"status": "Disabled"}]},
        "VersioningConfiguration.Status",
        "Suspended",
    ),
    ("aws_lb", {"access_logs": [{"bucket": "b"}]}, "LoadBalancerAttributes.0.Value", "b"),
    ("aws_alb", {"access_logs": [{"bucket": "b"}]}, "LoadBalancerAttributes.0.Key", "access_logs.s3.bucket"),
    ("aws_lb", {"load_balancer_type": "network"}, "Type", "network"),
    ("aws_elb", {"access_logs": [{"bucket": "b"}]}, "AccessLoggingPolicy.S3BucketName", "b"),
    ("aws_elb", {"access_logs": [{"bucket": "b", "enabled": False}]}, "AccessLoggingPolicy.Enabled", False),
    # KMS-002
    ("aws_kms_key", {"policy": POLICY}, "KeyPolicy", DOCUMENT),
    ("aws_kms_replica_key", {"policy": POLICY}, "KeyPolicy", DOCUMENT),
    ("aws_kms_key_policy", {"key_id": "k", "policy": POLICY}, "KeyPolicy", DOCUMENT),
    # KMS-001
    ("aws_kms_key", {"enable_key_rotation": True}, "EnableKeyRotation", True),
    ("aws_kms_key", {"customer_master_key_spec": "RSA_2048"}, "KeySpec", "RSA_2048"),
    ("aws_kms_key", {"key_usage": "SIGN_VERIFY"}, "KeyUsage", "SIGN_VERIFY"),
    ("aws_kms_key", {"custom_key_store_id": "c"}, "Origin", "AWS_CLOUDHSM"),
    # IAM-005, IAM-019
    ("aws_iam_policy", {"policy": POLICY}, "PolicyDocument", DOCUMENT),
    ("aws_iam_role_policy", {"role": "r", "policy": POLICY}, "PolicyDocument", DOCUMENT),
    ("aws_iam_role_policy", {"role": "r", "policy": POLICY}, "RoleName", "r"),
    ("aws_iam_user_policy", {"user": "u", "policy": POLICY}, "PolicyDocument", DOCUMENT),
    ("aws_iam_user_policy", {"user": "u", "policy": POLICY}, "UserName", "u"),
    ("aws_iam_group_policy", {"group": "g", "policy": POLICY}, "PolicyDocument", DOCUMENT),
    ("aws_iam_group_policy", {"group": "g", "policy": POLICY}, "GroupName", "g"),
    ("aws_iam_role", {"inline_policy": [{"name": "n", "policy": POLICY}]}, "Policies.0.PolicyDocument", DOCUMENT),
    ("aws_iam_role", {"inline_policy": [{"name": "n", "policy": POLICY}]}, "Policies.0.PolicyName", "n"),
    ("aws_iam_role", {"assume_role_policy": POLICY}, "AssumeRolePolicyDocument", DOCUMENT),
    ("aws_iam_user", {"name": "u"}, "UserName", "u"),
    ("aws_iam_group", {"name": "g"}, "GroupName", "g"),
    # IAM-013, IAM-018
    ("aws_iam_user_policy_attachment", {"user": "u", "policy_arn": "p"}, "UserName", "u"),
    ("aws_iam_user_policy_attachment", {"user": "u", "policy_arn": "p"}, "PolicyArn", "p"),
    ("aws_iam_user_policies_exclusive", {"user_name": "u", "policy_names": ["p"]}, "Policies.0.PolicyName", "p"),
    ("aws_iam_user_policy_attachments_exclusive", {"policy_arns": ["p"]}, "ManagedPolicyArns.0", "p"),
    ("aws_iam_user_login_profile", {"user": "u"}, "LoginProfile", {}),
    (
        "aws_iam_user_login_profile",
        {"user": "u", "password_reset_required": True},
        "LoginProfile",
        {"PasswordResetRequired": True},
    ),
    ("aws_iam_access_key", {"user": "u"}, "UserName", "u"),
    ("aws_iam_group_membership", {"group": "g", "users": ["u"]}, "GroupName", "g"),
    ("aws_iam_group_membership", {"group": "g", "users": ["u"]}, "Users.0", "u"),
    ("aws_iam_user_group_membership", {"user": "u", "groups": ["g"]}, "GroupName", "g"),
    ("aws_iam_user_group_membership", {"user": "u", "groups": ["g"]}, "Users.0", "u"),
    ("aws_iam_group_policy_attachment", {"group": "g", "policy_arn": "p"}, "ManagedPolicyArns.0", "p"),
    ("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": "p"}, "ManagedPolicyArns.0", "p"),
    ("aws_iam_policy_attachment", {"policy_arn": "p", "users": ["u"]}, "Users.0", "u"),
    ("aws_iam_policy_attachment", {"policy_arn": "p", "groups": ["g"]}, "Groups.0", "g"),
    # LAMBDA-001
    ("aws_lambda_permission", {"principal": "*"}, "Principal", "*"),
    ("aws_lambda_permission", {"source_account": "1"}, "SourceAccount", "1"),
    ("aws_lambda_permission", {"source_arn": "arn:aws:s3:::b"}, "SourceArn", "arn:aws:s3:::b"),
    ("aws_lambda_permission", {"principal_org_id": "o-a"}, "PrincipalOrgID", "o-a"),
    ("aws_lambda_layer_version_permission", {"principal": "*"}, "Principal", "*"),
    ("aws_lambda_layer_version_permission", {"organization_id": "o-a"}, "OrganizationId", "o-a"),
    # DYNAMODB-002, GLUE-001, REDSHIFT-003
    ("aws_dynamodb_table", {"server_side_encryption": [{"enabled": True}]}, "SSESpecification.SSEEnabled", True),
    ("aws_dynamodb_table", {"server_side_encryption": [{"kms_key_arn": "k"}]}, "SSESpecification.KMSMasterKeyId", "k"),
    *[
        (
            "aws_glue_data_catalog_encryption_settings",
            {"data_catalog_encryption_settings": [{block: [{attribute: value}]}]},
            f"DataCatalogEncryptionSettings.{path}",
            value,
        )
        for block, attribute, value, path in [
            ("encryption_at_rest", "catalog_encryption_mode", "SSE-KMS", "EncryptionAtRest.CatalogEncryptionMode"),
            (
                "connection_password_encryption",
                "return_connection_password_encrypted",
                True,
                "ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted",
            ),
        ]
    ],
    ("aws_redshift_cluster", {"publicly_accessible": True}, "PubliclyAccessible", True),
    ("aws_redshiftserverless_workgroup", {"publicly_accessible": True}, "PubliclyAccessible", True),
    ("aws_ssoadmin_permission_set", {"name": "p"}, "Name", "p"),
    (
        "aws_ssoadmin_permission_set_inline_policy",
        {"permission_set_arn": "a", "inline_policy": POLICY},
        "InlinePolicy",
        DOCUMENT,
    ),
    ("aws_iam_account_password_policy", {"minimum_password_length": 14}, "MinimumPasswordLength", 14),
    # SSM-004
    ("aws_instance", {"tags": {"k": "v"}}, "Tags.0.Key", "k"),
    ("aws_autoscaling_group", {"tag": [{"key": "k", "value": "v"}]}, "Tags.0.Value", "v"),
    ("aws_autoscaling_group", {"tag": [{"key": "k", "propagate_at_launch": True}]}, "Tags.0.PropagateAtLaunch", True),
    ("aws_autoscaling_group", {"name": "g"}, "AutoScalingGroupName", "g"),
    ("aws_autoscaling_group", {"launch_template": [{"id": "lt"}]}, "LaunchTemplate.LaunchTemplateId", "lt"),
    (
        "aws_autoscaling_group",
        {"mixed_instances_policy": [{"launch_template": [{"override": [{"instance_type": "t3.micro"}]}]}]},
        "MixedInstancesPolicy.LaunchTemplate.Overrides.0.InstanceType",
        "t3.micro",
    ),
    (
        "aws_launch_template",
        {"tag_specifications": [{"resource_type": "instance", "tags": {"k": "v"}}]},
        "LaunchTemplateData.TagSpecifications.0.Tags.0.Key",
        "k",
    ),
    ("aws_ssm_association", {"name": "AWS-RunPatchBaseline"}, "Name", "AWS-RunPatchBaseline"),
    ("aws_ssm_association", {"instance_id": "i"}, "InstanceId", "i"),
    *[
        (f"aws_ssm_{kind}", {"targets": [{"key": "InstanceIds", "values": ["*"]}]}, "Targets.0.Values.0", "*")
        for kind in ("association", "maintenance_window_target", "maintenance_window_task")
    ],
    ("aws_ssm_maintenance_window_task", {"task_arn": "AWS-RunPatchBaseline"}, "TaskArn", "AWS-RunPatchBaseline"),
    ("aws_ssm_patch_baseline", {"name": "b"}, "Name", "b"),
    ("aws_ssm_patch_group", {"baseline_id": "b", "patch_group": "g"}, "PatchGroups.0", "g"),
    # TEMPLATE-001
    *[
        (kind, {name: "made-up"}, path, "made-up")
        for kind, name, path in [
            ("aws_db_instance", "password", "MasterUserPassword"),
            ("aws_db_instance", "password_wo", "MasterUserPassword"),
            ("aws_rds_cluster", "master_password", "MasterUserPassword"),
            ("aws_rds_cluster", "master_password_wo", "MasterUserPassword"),
            ("aws_redshift_cluster", "master_password", "MasterUserPassword"),
            ("aws_redshift_cluster", "master_password_wo", "MasterUserPassword"),
            ("aws_docdb_cluster", "master_password", "MasterUserPassword"),
            ("aws_docdb_cluster", "master_password_wo", "MasterUserPassword"),
            ("aws_elasticache_replication_group", "auth_token", "AuthToken"),
            ("aws_dms_endpoint", "password", "Password"),
            ("aws_directory_service_directory", "password", "Password"),
            ("aws_amplify_app", "access_token", "AccessToken"),
            ("aws_amplify_app", "oauth_token", "OauthToken"),
            ("aws_amplify_app", "basic_auth_credentials", "BasicAuthConfig.Password"),
            ("aws_amplify_branch", "basic_auth_credentials", "BasicAuthConfig.Password"),
            ("aws_pinpoint_apns_channel", "private_key", "PrivateKey"),
            ("aws_pinpoint_apns_sandbox_channel", "token_key", "TokenKey"),
            ("aws_pinpoint_apns_voip_channel", "private_key", "PrivateKey"),
            ("aws_pinpoint_apns_voip_sandbox_channel", "token_key", "TokenKey"),
        ]
    ],
    *[
        (kind, {block: [{name: "made-up"}]}, path, "made-up")
        for kind, block, name, path in [
            ("aws_mq_broker", "user", "password", "Users.0.Password"),
            (
                "aws_mq_broker",
                "ldap_server_metadata",
                "service_account_password",
                "LdapServerMetadata.ServiceAccountPassword",
            ),
            ("aws_dms_endpoint", "kafka_settings", "sasl_password", "KafkaSettings.SaslPassword"),
            ("aws_dms_endpoint", "kafka_settings", "ssl_client_key_password", "KafkaSettings.SslClientKeyPassword"),
            ("aws_dms_endpoint", "redis_settings", "auth_password", "RedisSettings.AuthPassword"),
            (
                "aws_appstream_directory_config",
                "service_account_credentials",
                "account_password",
                "ServiceAccountCredentials.AccountPassword",
            ),
            (
                "aws_codepipeline_webhook",
                "authentication_configuration",
                "secret_token",
                "AuthenticationConfiguration.SecretToken",
            ),
            ("aws_emr_cluster", "kerberos_attributes", "kdc_admin_password", "KerberosAttributes.KdcAdminPassword"),
            (
                "aws_emr_cluster",
                "kerberos_attributes",
                "ad_domain_join_password",
                "KerberosAttributes.ADDomainJoinPassword",
            ),
            (
                "aws_emr_cluster",
                "kerberos_attributes",
                "cross_realm_trust_principal_password",
                "KerberosAttributes.CrossRealmTrustPrincipalPassword",
            ),
            *[
                ("aws_kinesis_firehose_delivery_stream", f"{block}_configuration", name, path)
                for block, name, path in [
                    (
                        "http_endpoint",
                        "access_key",
                        "HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey",
                    ),
                    ("redshift", "password", "RedshiftDestinationConfiguration.Password"),
                    ("snowflake", "private_key", "SnowflakeDestinationConfiguration.PrivateKey"),
                    ("snowflake", "key_passphrase", "SnowflakeDestinationConfiguration.KeyPassphrase"),
                    ("splunk", "hec_token", "SplunkDestinationConfiguration.HECToken"),
                ]
            ],
        ]
    ],
    # EC2-001, EC2-008
    ("aws_ebs_volume", {"encrypted": True}, "Encrypted", True),
    ("aws_ebs_volume", {"kms_key_id": "k"}, "KmsKeyId", "k"),
    ("aws_ebs_volume", {"snapshot_id": "s"}, "SnapshotId", "s"),
    ("aws_ebs_encryption_by_default", {"enabled": True}, "Enabled", True),
    ("aws_instance", {"metadata_options": [{"http_tokens": "required"}]}, "MetadataOptions.HttpTokens", "required"),
    ("aws_instance", {"metadata_options": [{"http_endpoint": "disabled"}]}, "MetadataOptions.HttpEndpoint", "disabled"),
    ("aws_instance", {"launch_template": [{"id": "lt"}]}, "LaunchTemplate.LaunchTemplateId", "lt"),
    ("aws_instance", {"launch_template": [{"name": "lt"}]}, "LaunchTemplate.LaunchTemplateName", "lt"),
    (
        "aws_launch_template",
        {"metadata_options": [{"http_tokens": "required"}]},
        "LaunchTemplateData.MetadataOptions.HttpTokens",
        "required",
    ),
    (
        "aws_launch_template",
        {"metadata_options": [{"http_endpoint": "disabled"}]},
        "LaunchTemplateData.MetadataOptions.HttpEndpoint",
        "disabled",
    ),
    (
        "aws_launch_configuration",
        {"metadata_options": [{"http_tokens": "required"}]},
        "MetadataOptions.HttpTokens",
        "required",
    ),
    (
        "aws_launch_configuration",
        {"metadata_options": [{"http_endpoint": "disabled"}]},
        "MetadataOptions.HttpEndpoint",
        "disabled",
    ),
    ("aws_ec2_instance_metadata_defaults", {"http_tokens": "required"}, "HttpTokens", "required"),
    ("aws_ec2_instance_metadata_defaults", {"http_endpoint": "disabled"}, "HttpEndpoint", "disabled"),
    # VPC-001, VPC-013
    ("aws_security_group", {"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]}, "SecurityGroupIngress.0.CidrIp", "0.0.0.0/0"),
    ("aws_security_group", {"ingress": [{"ipv6_cidr_blocks": ["::/0"]}]}, "SecurityGroupIngress.0.CidrIpv6", "::/0"),
    (
        "aws_security_group",
        {"ingress": [{"prefix_list_ids": ["pl"]}]},
        "SecurityGroupIngress.0.SourcePrefixListId",
        "pl",
    ),
    (
        "aws_security_group",
        {"ingress": [{"security_groups": ["sg"]}]},
        "SecurityGroupIngress.0.SourceSecurityGroupId",
        "sg",
    ),
    ("aws_security_group", {"ingress": [{"protocol": "tcp"}]}, "SecurityGroupIngress.0.IpProtocol", "tcp"),
    ("aws_security_group", {"ingress": [{"from_port": "22"}]}, "SecurityGroupIngress.0.FromPort", 22),
    ("aws_security_group", {"ingress": [{"to_port": 22}]}, "SecurityGroupIngress.0.ToPort", 22),
    ("aws_security_group", {"egress": [{"cidr_blocks": ["0.0.0.0/0"]}]}, "SecurityGroupEgress.0.CidrIp", "0.0.0.0/0"),
    (
        "aws_default_security_group",
        {"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]},
        "SecurityGroupIngress.0.CidrIp",
        "0.0.0.0/0",
    ),
    ("aws_default_security_group", {"vpc_id": "v"}, "VpcId", "v"),
    ("aws_security_group_rule", {"type": "ingress", "cidr_blocks": ["0.0.0.0/0"]}, "CidrIp", "0.0.0.0/0"),
    ("aws_security_group_rule", {"type": "ingress", "ipv6_cidr_blocks": ["::/0"]}, "CidrIpv6", "::/0"),
    ("aws_security_group_rule", {"type": "ingress", "protocol": "all"}, "IpProtocol", "all"),
    ("aws_security_group_rule", {"type": "ingress", "from_port": 22}, "FromPort", 22),
    (
        "aws_security_group_rule",
        {"type": "egress", "source_security_group_id": "sg"},
        "DestinationSecurityGroupId",
        "sg",
    ),
    ("aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "0.0.0.0/0"}, "CidrIp", "0.0.0.0/0"),
    ("aws_vpc_security_group_ingress_rule", {"cidr_ipv6": "::/0"}, "CidrIpv6", "::/0"),
    ("aws_vpc_security_group_ingress_rule", {"ip_protocol": "tcp"}, "IpProtocol", "tcp"),
    ("aws_vpc_security_group_ingress_rule", {"from_port": 22}, "FromPort", 22),
    ("aws_vpc_security_group_ingress_rule", {"prefix_list_id": "pl"}, "SourcePrefixListId", "pl"),
    ("aws_vpc_security_group_egress_rule", {"referenced_security_group_id": "sg"}, "DestinationSecurityGroupId", "sg"),
    ("aws_vpc", {"cidr_block": "10.0.0.0/16"}, "CidrBlock", "10.0.0.0/16"),
    ("aws_default_vpc", {"enable_dns_hostnames": True}, "EnableDnsHostnames", True),
    ("aws_subnet", {"vpc_id": "v"}, "VpcId", "v"),
    ("aws_subnet", {"map_public_ip_on_launch": True}, "MapPublicIpOnLaunch", True),
    ("aws_flow_log", {"vpc_id": "v"}, "ResourceId", "v"),
    ("aws_flow_log", {"vpc_id": "v"}, "ResourceType", "VPC"),
    ("aws_flow_log", {"traffic_type": "REJECT"}, "TrafficType", "REJECT"),
    # VPC-001, VPC-003: prefix lists
    ("aws_ec2_managed_prefix_list", {"entry": [{"cidr": "::/0"}]}, "Entries.0.Cidr", "::/0"),
    ("aws_ec2_managed_prefix_list_entry", {"prefix_list_id": "pl", "cidr": "::/0"}, "Entries.0.Cidr", "::/0"),
    # VPC-010
    *[
        (kind, {direction: [body]}, f"Entries.0.{path}", expected)
        for kind in ("aws_network_acl", "aws_default_network_acl")
        for direction, body, path, expected in [
            ("ingress", {"rule_no": 100}, "RuleNumber", 100),
            ("ingress", {"action": "allow"}, "RuleAction", "allow"),
            ("ingress", {"protocol": "tcp"}, "Protocol", "tcp"),
            ("ingress", {"cidr_block": "0.0.0.0/0"}, "CidrBlock", "0.0.0.0/0"),
            ("ingress", {"ipv6_cidr_block": "::/0"}, "Ipv6CidrBlock", "::/0"),
            ("ingress", {"from_port": 22}, "PortRange.From", 22),
            ("ingress", {"to_port": 22}, "PortRange.To", 22),
            ("ingress", {}, "Egress", False),
            ("egress", {"rule_no": 100}, "Egress", True),
        ]
    ],
    ("aws_network_acl_rule", {"network_acl_id": "acl"}, "NetworkAclId", "acl"),
    ("aws_network_acl_rule", {"rule_number": 100}, "RuleNumber", 100),
    ("aws_network_acl_rule", {"rule_action": "allow"}, "RuleAction", "allow"),
    ("aws_network_acl_rule", {"protocol": "-1"}, "Protocol", -1),
    ("aws_network_acl_rule", {"egress": True}, "Egress", True),
    ("aws_network_acl_rule", {"cidr_block": "0.0.0.0/0"}, "CidrBlock", "0.0.0.0/0"),
    ("aws_network_acl_rule", {"ipv6_cidr_block": "::/0"}, "Ipv6CidrBlock", "::/0"),
    ("aws_network_acl_rule", {"from_port": 22}, "PortRange.From", 22),
    ("aws_network_acl_rule", {"to_port": 22}, "PortRange.To", 22),
    # VPC-016
    ("aws_route", {"route_table_id": "rtb"}, "RouteTableId", "rtb"),
    ("aws_route", {"destination_cidr_block": "0.0.0.0/0"}, "DestinationCidrBlock", "0.0.0.0/0"),
    ("aws_route", {"destination_ipv6_cidr_block": "::/0"}, "DestinationIpv6CidrBlock", "::/0"),
    ("aws_route", {"destination_prefix_list_id": "pl"}, "DestinationPrefixListId", "pl"),
    ("aws_route", {"vpc_peering_connection_id": "pcx"}, "VpcPeeringConnectionId", "pcx"),
    *[
        (kind, {"route": [body]}, f"Routes.0.{path}", expected)
        for kind in ("aws_route_table", "aws_default_route_table")
        for body, path, expected in [
            ({"cidr_block": "0.0.0.0/0"}, "DestinationCidrBlock", "0.0.0.0/0"),
            ({"ipv6_cidr_block": "::/0"}, "DestinationIpv6CidrBlock", "::/0"),
            ({"destination_prefix_list_id": "pl"}, "DestinationPrefixListId", "pl"),
            ({"vpc_peering_connection_id": "pcx"}, "VpcPeeringConnectionId", "pcx"),
        ]
    ],
    ("aws_route_table", {"vpc_id": "v"}, "VpcId", "v"),
    ("aws_default_route_table", {"default_route_table_id": "rtb"}, "VpcId", "rtb"),
    ("aws_vpc_peering_connection", {"vpc_id": "v"}, "VpcId", "v"),
    ("aws_vpc_peering_connection", {"peer_vpc_id": "v"}, "PeerVpcId", "v"),
    ("aws_vpc_peering_connection_accepter", {"vpc_peering_connection_id": "p", "tags": {"k": "v"}}, "Tags.0.Key", "k"),
    # EC2-002
    *[
        (kind, {f"{device}_block_device": [{"encrypted": True}]}, "BlockDeviceMappings.0.Ebs.Encrypted", True)
        for kind in ("aws_instance", "aws_launch_configuration")
        for device in ("root", "ebs")
    ],
    ("aws_instance", {"root_block_device": [{"kms_key_id": "k"}]}, "BlockDeviceMappings.0.Ebs.KmsKeyId", "k"),
    ("aws_instance", {"ebs_block_device": [{"snapshot_id": "s"}]}, "BlockDeviceMappings.0.Ebs.SnapshotId", "s"),
    (
        "aws_launch_template",
        {"block_device_mappings": [{"ebs": [{"encrypted": "true"}]}]},
        "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted",
        True,
    ),
    *[
        (
            "aws_spot_fleet_request",
            {"launch_specification": [{f"{device}_block_device": [body]}]},
            "SpotFleetRequestConfigData.LaunchSpecifications.0.BlockDeviceMappings.0.Ebs.Encrypted",
            expected,
        )
        for device in ("root", "ebs")
        for body, expected in [({"encrypted": False}, False), ({"kms_key_id": "k"}, True)]
    ],
    # EC2-010
    ("aws_instance", {"associate_public_ip_address": True}, "NetworkInterfaces.0.AssociatePublicIpAddress", True),
    (
        "aws_instance",
        {"network_interface": [{"network_interface_id": "e"}]},
        "NetworkInterfaces.0.NetworkInterfaceId",
        "e",
    ),
    ("aws_instance", {"subnet_id": "s"}, "SubnetId", "s"),
    ("aws_launch_configuration", {"associate_public_ip_address": True}, "AssociatePublicIpAddress", True),
    *[
        ("aws_launch_template", {"network_interfaces": [body]}, f"LaunchTemplateData.NetworkInterfaces.0.{path}", value)
        for body, path, value in [
            ({"associate_public_ip_address": "true"}, "AssociatePublicIpAddress", True),
            ({"network_interface_id": "e"}, "NetworkInterfaceId", "e"),
            ({"subnet_id": "s"}, "SubnetId", "s"),
        ]
    ],
    ("aws_network_interface", {"subnet_id": "s"}, "SubnetId", "s"),
    ("aws_eip", {"instance": "i"}, "InstanceId", "i"),
    ("aws_eip_association", {"instance_id": "i"}, "InstanceId", "i"),
    ("aws_eip_association", {"network_interface_id": "e"}, "NetworkInterfaceId", "e"),
    # RDS-001, RDS-005
    ("aws_db_instance", {"storage_encrypted": True}, "StorageEncrypted", True),
    ("aws_db_instance", {"auto_minor_version_upgrade": False}, "AutoMinorVersionUpgrade", False),
    ("aws_rds_cluster_instance", {"auto_minor_version_upgrade": False}, "AutoMinorVersionUpgrade", False),
    # RDS-003
    ("aws_db_instance", {"publicly_accessible": True}, "PubliclyAccessible", True),
    ("aws_db_instance", {"db_subnet_group_name": "g"}, "DBSubnetGroupName", "g"),
    ("aws_db_instance", {"engine": "mysql"}, "Engine", "mysql"),
    ("aws_db_instance", {"replicate_source_db": "d"}, "SourceDBInstanceIdentifier", "d"),
    ("aws_db_instance", {"snapshot_identifier": "s"}, "DBSnapshotIdentifier", "s"),
    ("aws_db_instance", {"restore_to_point_in_time": [{"source_dbi_resource_id": "r"}]}, "SourceDbiResourceId", "r"),
    (
        "aws_db_instance",
        {"restore_to_point_in_time": [{"source_db_instance_automated_backups_arn": "a"}]},
        "SourceDBInstanceAutomatedBackupsArn",
        "a",
    ),
    ("aws_rds_cluster", {"engine": "mysql"}, "Engine", "mysql"),
    ("aws_rds_cluster", {"db_subnet_group_name": "g"}, "DBSubnetGroupName", "g"),
    ("aws_rds_cluster", {"db_cluster_instance_class": "c"}, "DBClusterInstanceClass", "c"),
    ("aws_rds_cluster", {"snapshot_identifier": "s"}, "SnapshotIdentifier", "s"),
    ("aws_rds_cluster", {"replication_source_identifier": "r"}, "ReplicationSourceIdentifier", "r"),
    (
        "aws_rds_cluster",
        {"restore_to_point_in_time": [{"source_cluster_identifier": "c"}]},
        "SourceDBClusterIdentifier",
        "c",
    ),
    (
        "aws_rds_cluster",
        {"restore_to_point_in_time": [{"source_cluster_resource_id": "c"}]},
        "SourceDbClusterResourceId",
        "c",
    ),
    ("aws_rds_cluster_instance", {"publicly_accessible": True}, "PubliclyAccessible", True),
    ("aws_rds_cluster_instance", {"cluster_identifier": "c"}, "DBClusterIdentifier", "c"),
    # LAMBDA-003, ECS-006
    ("aws_lambda_function", {"runtime": "python3.8"}, "Runtime", "python3.8"),
    ("aws_lambda_function", {"package_type": "Image"}, "PackageType", "Image"),
    (
        "aws_ecs_task_definition",
        {"container_definitions": '[{"environment": [{"name": "N", "value": "V"}]}]'},
        "ContainerDefinitions.0.Environment.0.Name",
        "N",
    ),
    (
        "aws_ecs_task_definition",
        {"container_definitions": '[{"environment": [{"name": "N", "value": "V"}]}]'},
        "ContainerDefinitions.0.Environment.0.Value",
        "V",
    ),
    # CLOUDTRAIL-002
    ("aws_cloudtrail", {"is_multi_region_trail": True}, "IsMultiRegionTrail", True),
    ("aws_cloudtrail", {"enable_logging": False}, "IsLogging", False),
    ("aws_cloudtrail", {"event_selector": [{"read_write_type": "All"}]}, "EventSelectors.0.ReadWriteType", "All"),
    (
        "aws_cloudtrail",
        {"event_selector": [{"include_management_events": False}]},
        "EventSelectors.0.IncludeManagementEvents",
        False,
    ),
    (
        "aws_cloudtrail",
        {"advanced_event_selector": [{"field_selector": [{"field": "eventCategory"}]}]},
        "AdvancedEventSelectors.0.FieldSelectors.0.Field",
        "eventCategory",
    ),
    (
        "aws_cloudtrail",
        {"advanced_event_selector": [{"field_selector": [{"equals": ["Management"]}]}]},
        "AdvancedEventSelectors.0.FieldSelectors.0.Equals",
        ["Management"],
    ),
    ("aws_cloudtrail_event_data_store", {"multi_region_enabled": True}, "MultiRegionEnabled", True),
    # CLOUDTRAIL-004
    ("aws_cloudtrail", {"enable_log_file_validation": True}, "EnableLogFileValidation", True),
    # EKS-002, EKS-004
    (
        "aws_eks_cluster",
        {"vpc_config": [{"endpoint_public_access": False}]},
        "ResourcesVpcConfig.EndpointPublicAccess",
        False,
    ),
    (
        "aws_eks_cluster",
        {"vpc_config": [{"public_access_cidrs": ["0.0.0.0/0"]}]},
        "ResourcesVpcConfig.PublicAccessCidrs",
        ["0.0.0.0/0"],
    ),
    (
        "aws_eks_cluster",
        {"enabled_cluster_log_types": ["audit"]},
        "Logging.ClusterLogging.EnabledTypes.0.Type",
        "audit",
    ),
    # ELB-012
    ("aws_lb", {"internal": True}, "Scheme", "internal"),
    ("aws_wafv2_web_acl_association", {"resource_arn": "a"}, "ResourceArn", "a"),
    ("aws_wafregional_web_acl_association", {"resource_arn": "a"}, "ResourceArn", "a"),
    # WAF-001
    ("aws_wafv2_web_acl", {"rule": [{"name": "r"}]}, "Rules.0.Name", "r"),
    ("aws_wafv2_web_acl", {"rule_json": '[{"Name": "r"}]'}, "Rules.0.Name", "r"),
    ("aws_waf_web_acl", {"rules": [{"rule_id": "r"}]}, "Rules.0.RuleId", "r"),
    ("aws_wafregional_web_acl", {"rule": [{"rule_id": "r"}]}, "Rules.0.RuleId", "r"),
    # SHIELD-001
    ("aws_shield_protection", {"resource_arn": "a"}, "ResourceArn", "a"),
    ("aws_shield_subscription", {"auto_renew": "ENABLED"}, "AutoRenew", "ENABLED"),
    ("aws_elb", {"internal": True}, "Scheme", "internal"),
    ("aws_cloudfront_distribution", {"enabled": True}, "DistributionConfig.Enabled", True),
    ("aws_globalaccelerator_accelerator", {"enabled": True}, "Enabled", True),
    # ROUTE53-001
    ("aws_route53_zone", {"vpc": [{"vpc_id": "v"}]}, "VPCs.0.VPCId", "v"),
    (
        "aws_route53_query_log",
        {"zone_id": "z", "cloudwatch_log_group_arn": "a"},
        "QueryLoggingConfig.CloudWatchLogsLogGroupArn",
        "a",
    ),
    # GUARDDUTY-002, SECURITYHUB-001, INSPECTOR-001
    ("aws_guardduty_detector", {"enable": False}, "Enable", False),
    ("aws_guardduty_organization_configuration", {"auto_enable": True}, "AutoEnable", True),
    (
        "aws_guardduty_organization_configuration",
        {"auto_enable_organization_members": "ALL"},
        "AutoEnableOrganizationMembers",
        "ALL",
    ),
    ("aws_guardduty_organization_configuration", {"auto_enable_organization_members": "NONE"}, "AutoEnable", False),
    ("aws_securityhub_account", {"enable_default_standards": False}, "EnableDefaultStandards", False),
    ("aws_inspector2_enabler", {"resource_types": ["EC2", "ECR"]}, "ResourceTypes", ["EC2", "ECR"]),
    ("aws_inspector2_organization_configuration", {"auto_enable": [{"ec2": True}]}, "AutoEnable.Ec2", True),
]


@pytest.mark.parametrize(
    ("kind", "body", "path", "expected"), PATHS, ids=[f"{kind}:{path}" for kind, _, path, _ in PATHS]
)
def test_what_policies_read_is_reached(kind: str, body: dict[str, Any], path: str, expected: Any) -> None:
    value: Any = properties(terraform(resource(f"{kind}.x", body), format="plan"))
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    assert value == expected


def test_every_table_has_a_path_here() -> None:
    assert {kind for kind, _, _, _ in PATHS} == set(load_tables(TABLES))


# Defaults, against a plan of a configuration in which as little as possible is written


def written_only(node: Node, expressions: Any) -> Node:
    """What the author wrote of a planned value, by the plan's `configuration`."""
    value = node.value
    if isinstance(value, dict) and isinstance(expressions, dict):
        return Node(
            {
                key: inner if _is_expression(expressions[key]) else written_only(inner, expressions[key])
                for key, inner in value.items()
                if key in expressions
            },
            node.place,
        )
    if isinstance(value, list) and isinstance(expressions, list):
        return Node(
            [written_only(inner, expression) for inner, expression in zip(value, expressions, strict=True)], node.place
        )
    return node


def _is_expression(item: Any) -> bool:
    return isinstance(item, Mapping) and ("constant_value" in item or "references" in item)


def given(value: Any) -> Any:
    """Without what says nothing: empty texts, zeros that stand for them, objects with nothing in them."""
    if isinstance(value, dict):
        kept = {key: given(item) for key, item in value.items()}
        return {
            key: item
            for key, item in kept.items()
            if item not in ("", {}, None) and not (key == "TransitEncryptionPort" and item == 0)
        }
    if isinstance(value, list):
        found = [given(item) for item in value]
        return (
            sorted(found, key=str)
            if found and all(isinstance(item, dict) and "Key" in item for item in found)
            else found
        )
    return value


def test_defaults_are_what_a_plan_shows() -> None:
    document = orjson.loads(DEFAULTS.read_bytes())
    plan = load_plan(document, "plan.json")
    expressions = {
        item["address"]: item.get("expressions", {}) for item in document["configuration"]["root_module"]["resources"]
    }
    resources = tuple(replace(item, body=written_only(item.body, expressions[item.address])) for item in plan.resources)
    written = replace(plan, format="hcl", provider_version="5.100.0", resources=resources)
    planned = {(item.address, item.part): given(plain(item.properties)) for item in normalize(plan).resources}
    filled = {(item.address, item.part): given(plain(item.properties)) for item in normalize(written).resources}
    assert filled == planned
    assert {item.type for item in plan.resources} >= set(load_tables(TABLES))


# Identities that tables give


@pytest.mark.parametrize(
    ("name", "attribute", "identity"),
    [
        ("aws_s3_bucket", "bucket", "Ref"),
        ("aws_s3_bucket", "id", "Ref"),
        ("aws_s3_bucket", "arn", "Arn"),
        ("aws_iam_policy", "id", "Arn"),
        ("aws_iam_role", "name", "Ref"),
        ("aws_lb", "id", "Arn"),
        ("aws_launch_template", "name", "LaunchTemplateName"),
        ("aws_security_group", "name", "GroupName"),
        ("aws_ecs_task_definition", "id", "Family"),
        ("aws_ecs_task_definition", "arn", "Arn"),
        ("aws_lambda_function", "function_name", "Ref"),
        ("aws_db_instance", "identifier", "Ref"),
        ("aws_cloudtrail", "name", "Ref"),
        ("aws_route53_zone", "zone_id", "Ref"),
    ],
)
def test_identities(name: str, attribute: str, identity: str) -> None:
    table = load_compiled().get(name)
    assert table is not None and table.naming.identities[attribute] == identity


def test_attributes_that_aws_computes_have_a_canonical_name() -> None:
    table = load_compiled().get("aws_vpc")
    assert table is not None
    assert table.naming.computed["default_security_group_id"] == "DefaultSecurityGroup"
    assert table.naming.computed["main_route_table_id"] == "MainRouteTableId"
    assert "cidr_block" not in table.naming.computed


def test_places_speak_the_sources_words() -> None:
    text = Text(("x", Unknown("known after apply")))
    source = resource("aws_db_instance.x", {"kms_key_id": Node(text, Place("aws_db_instance.x", ("kms_key_id",)))})
    node = one(terraform(source)).properties.value
    assert isinstance(node, dict)
    assert node["KmsKeyId"].place == Place("aws_db_instance.x", ("kms_key_id",))
