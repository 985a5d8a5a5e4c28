# Every type that has a translation table, with as little written as the provider lets pass, nested blocks included: the
# plan shows what the provider fills in.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

locals {
  document = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_s3_bucket" "x" {
  lifecycle_rule {
    enabled = true
  }
  versioning {}
  logging {
    target_bucket = "logs"
  }
}
resource "aws_s3_bucket_public_access_block" "x" { bucket = "b" }
resource "aws_s3_account_public_access_block" "x" {}
resource "aws_s3_bucket_acl" "x" {
  bucket = "b"
  acl    = "private"
}
resource "aws_s3_bucket_ownership_controls" "x" {
  bucket = "b"
  rule {
    object_ownership = "ObjectWriter"
  }
}
resource "aws_s3_bucket_logging" "x" {
  bucket        = "b"
  target_bucket = "logs"
  target_prefix = ""
}
resource "aws_s3_bucket_versioning" "x" {
  bucket = "b"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = "b"
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}
resource "aws_s3_bucket_policy" "x" {
  bucket = "b"
  policy = local.document
}

resource "aws_kms_key" "x" {}
resource "aws_kms_replica_key" "x" { primary_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
resource "aws_kms_key_policy" "x" {
  key_id = "11111111-2222-3333-4444-555555555555"
  policy = local.document
}

resource "aws_iam_policy" "x" { policy = local.document }
resource "aws_iam_role" "x" { assume_role_policy = local.document }
resource "aws_iam_role_policy" "x" {
  role   = "r"
  policy = local.document
}
resource "aws_iam_user" "x" { name = "u" }
resource "aws_iam_user_policy" "x" {
  user   = "u"
  policy = local.document
}
resource "aws_iam_group" "x" { name = "g" }
resource "aws_iam_group_policy" "x" {
  group  = "g"
  policy = local.document
}
resource "aws_iam_account_password_policy" "x" {}
resource "aws_ssoadmin_permission_set" "x" {
  name         = "p"
  instance_arn = "arn:aws:sso:::instance/ssoins-1111111111111111"
}
resource "aws_ssoadmin_permission_set_inline_policy" "x" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1111111111111111"
  permission_set_arn = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-1111111111111111"
  inline_policy      = local.document
}

resource "aws_ebs_volume" "x" {
  availability_zone = "eu-west-1a"
  size              = 1
}
resource "aws_ebs_encryption_by_default" "x" {}
resource "aws_ec2_instance_metadata_defaults" "x" { http_tokens = "required" }
resource "aws_instance" "x" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  root_block_device {}
  ebs_block_device {
    device_name = "/dev/sdf"
  }
  ephemeral_block_device {
    device_name  = "/dev/sdb"
    virtual_name = "ephemeral0"
  }
  metadata_options {}
  enclave_options {}
}
resource "aws_launch_template" "x" {
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {}
  }
  metadata_options {}
  monitoring {}
  network_interfaces {}
  private_dns_name_options {}
}
resource "aws_launch_configuration" "x" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  root_block_device {}
  ebs_block_device {
    device_name = "/dev/sdf"
  }
  metadata_options {}
}

resource "aws_vpc" "x" { cidr_block = "10.0.0.0/16" }
resource "aws_default_vpc" "x" {}
resource "aws_subnet" "x" {
  vpc_id     = "vpc-1"
  cidr_block = "10.0.0.0/24"
}
resource "aws_security_group" "x" {
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
  }
}
resource "aws_default_security_group" "x" {
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    self      = true
  }
}
resource "aws_security_group_rule" "x" {
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = ["10.0.0.0/8"]
}
resource "aws_vpc_security_group_ingress_rule" "x" {
  security_group_id = "sg-1"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_egress_rule" "x" {
  security_group_id = "sg-1"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_flow_log" "x" {
  vpc_id          = "vpc-1"
  traffic_type    = "ALL"
  log_destination = "arn:aws:s3:::b"
  destination_options {}
}

resource "aws_db_instance" "x" {
  instance_class = "db.t3.micro"
}
resource "aws_rds_cluster" "x" {
  engine = "aurora-mysql"
  scaling_configuration {}
}
resource "aws_rds_cluster_instance" "x" {
  cluster_identifier = "c"
  engine             = "aurora-mysql"
  instance_class     = "db.t3.micro"
}

resource "aws_lambda_function" "x" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/r"
  s3_bucket     = "b"
  s3_key        = "k"
  handler       = "h"
  runtime       = "python3.12"
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
resource "aws_ecs_task_definition" "x" {
  family                = "f"
  container_definitions = "[]"
  volume {
    name = "v"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
}

resource "aws_cloudtrail" "x" {
  name           = "trail"
  s3_bucket_name = "b"
  event_selector {}
}
resource "aws_cloudtrail_event_data_store" "x" { name = "store" }

resource "aws_lb" "x" {
  subnets = ["subnet-1", "subnet-2"]
  access_logs {
    bucket = "b"
  }
  connection_logs {
    bucket = "b"
  }
}
resource "aws_alb" "x" { subnets = ["subnet-1", "subnet-2"] }
resource "aws_elb" "x" {
  availability_zones = ["eu-west-1a"]
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
  access_logs {
    bucket = "b"
  }
}

resource "aws_ec2_managed_prefix_list" "x" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "10.0.0.0/8"
  }
}
resource "aws_ec2_managed_prefix_list_entry" "x" {
  prefix_list_id = "pl-1"
  cidr           = "10.0.0.0/8"
}
resource "aws_network_acl" "x" { vpc_id = "vpc-1" }
resource "aws_default_network_acl" "x" {
  default_network_acl_id = "acl-1"
  ingress {
    rule_no   = 100
    action    = "allow"
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }
}
resource "aws_network_acl_rule" "x" {
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "10.0.0.0/8"
}
resource "aws_route" "x" {
  route_table_id         = "rtb-1"
  destination_cidr_block = "10.0.0.0/8"
  gateway_id             = "igw-1"
}
resource "aws_route_table" "x" { vpc_id = "vpc-1" }
resource "aws_default_route_table" "x" { default_route_table_id = "rtb-1" }
resource "aws_vpc_peering_connection" "x" {
  vpc_id      = "vpc-1"
  peer_vpc_id = "vpc-2"
}
resource "aws_vpc_peering_connection_accepter" "x" { vpc_peering_connection_id = "pcx-1" }
resource "aws_network_interface" "x" { subnet_id = "subnet-1" }
resource "aws_eip" "x" {}
resource "aws_eip_association" "x" { instance_id = "i-1" }
resource "aws_spot_fleet_request" "x" {
  iam_fleet_role  = "arn:aws:iam::123456789012:role/r"
  target_capacity = 1
  launch_specification {
    ami           = "ami-1"
    instance_type = "t3.micro"
    root_block_device {}
    ebs_block_device {
      device_name = "/dev/sdf"
    }
  }
}

resource "aws_eks_cluster" "x" {
  name     = "k"
  role_arn = "arn:aws:iam::123456789012:role/r"
  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}
resource "aws_route53_zone" "x" { name = "example.com" }
resource "aws_route53_query_log" "x" {
  zone_id                  = "Z1"
  cloudwatch_log_group_arn = "arn:aws:logs:us-east-1:123456789012:log-group:/dns"
}
resource "aws_guardduty_detector" "x" {}
resource "aws_guardduty_organization_configuration" "x" {
  detector_id                      = "d"
  auto_enable_organization_members = "ALL"
}
resource "aws_securityhub_account" "x" {}
resource "aws_inspector2_enabler" "x" {
  account_ids    = ["123456789012"]
  resource_types = ["EC2"]
}
resource "aws_inspector2_organization_configuration" "x" {
  auto_enable {
    ec2 = true
    ecr = true
  }
}
resource "aws_shield_protection" "x" {
  name         = "p"
  resource_arn = "arn:aws:ec2:eu-west-1:123456789012:eip-allocation/eipalloc-1"
}
resource "aws_shield_subscription" "x" {}
resource "aws_globalaccelerator_accelerator" "x" {
  name = "a"
  attributes {}
}
resource "aws_waf_web_acl" "x" {
  name        = "w"
  metric_name = "w"
  default_action {
    type = "ALLOW"
  }
  rules {
    priority = 1
    rule_id  = "r"
    action {
      type = "BLOCK"
    }
  }
}
resource "aws_wafregional_web_acl" "x" {
  name        = "w"
  metric_name = "w"
  default_action {
    type = "ALLOW"
  }
  rule {
    priority = 1
    rule_id  = "r"
    action {
      type = "BLOCK"
    }
  }
}
resource "aws_wafregional_web_acl_association" "x" {
  resource_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/l/1"
  web_acl_id   = "w"
}
resource "aws_wafv2_web_acl" "x" {
  name  = "w"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "r"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "r"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "w"
    sampled_requests_enabled   = true
  }
}
resource "aws_wafv2_web_acl" "y" {
  name  = "w"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "limit"
    priority = 2
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit = 1000
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "limit"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "w"
    sampled_requests_enabled   = true
  }
}
resource "aws_wafv2_web_acl_association" "x" {
  resource_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/l/1"
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/11111111-2222-3333-4444-555555555555"
}
resource "aws_cloudfront_distribution" "x" {
  enabled = true
  origin {
    domain_name = "example.com"
    origin_id   = "c"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
    origin_shield {
      enabled              = true
      origin_shield_region = "eu-west-1"
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "c"
    viewer_protocol_policy = "https-only"
    lambda_function_association {
      event_type = "viewer-request"
      lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:f:1"
    }
  }
  ordered_cache_behavior {
    path_pattern           = "/x/*"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "c"
    viewer_protocol_policy = "https-only"
    forwarded_values {
      query_string = false
      cookies {
        forward = "none"
      }
    }
  }
  logging_config {
    bucket = "b.s3.amazonaws.com"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
resource "aws_cloudfront_distribution" "y" {
  enabled = true
  origin {
    domain_name = "internal.example.com"
    origin_id   = "v"
    vpc_origin_config {
      vpc_origin_id = "vo_1"
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "v"
    viewer_protocol_policy = "https-only"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_iam_user_policy_attachment" "x" {
  user       = "u"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_iam_user_policies_exclusive" "x" {
  user_name    = "v"
  policy_names = ["p"]
}
resource "aws_iam_user_policy_attachments_exclusive" "x" {
  user_name   = "v"
  policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
}
resource "aws_iam_user_login_profile" "x" { user = "u" }
resource "aws_iam_access_key" "x" { user = "u" }
resource "aws_iam_group_membership" "x" {
  name  = "m"
  group = "g"
  users = ["u"]
}
resource "aws_iam_user_group_membership" "x" {
  user   = "u"
  groups = ["g"]
}
resource "aws_iam_group_policy_attachment" "x" {
  group      = "g"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_iam_role_policy_attachment" "x" {
  role       = "r"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_iam_policy_attachment" "x" {
  name       = "a"
  users      = ["u"]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_lambda_permission" "x" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "*"
}
resource "aws_lambda_layer_version_permission" "x" {
  action         = "lambda:GetLayerVersion"
  layer_name     = "l"
  version_number = 1
  principal      = "*"
  statement_id   = "s"
}

resource "aws_dynamodb_table" "x" {
  name           = "t"
  hash_key       = "id"
  read_capacity  = 1
  write_capacity = 1
  attribute {
    name = "id"
    type = "S"
  }
  server_side_encryption {
    enabled = true
  }
  point_in_time_recovery {
    enabled = true
  }
  ttl {
    attribute_name = "x"
  }
}

resource "aws_glue_data_catalog_encryption_settings" "x" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      return_connection_password_encrypted = false
    }
    encryption_at_rest {
      catalog_encryption_mode = "DISABLED"
    }
  }
}

resource "aws_redshift_cluster" "x" {
  cluster_identifier  = "c"
  node_type           = "ra3.large"
  skip_final_snapshot = true
  snapshot_copy {
    destination_region = "us-east-1"
  }
}
resource "aws_redshiftserverless_workgroup" "x" {
  namespace_name = "n"
  workgroup_name = "w"
  price_performance_target {
    enabled = true
  }
}
resource "aws_amplify_app" "x" {
  name = "a"
  auto_branch_creation_config {}
  cache_config { type = "AMPLIFY_MANAGED" }
  custom_rule {
    source = "/a"
    target = "/b"
  }
}
resource "aws_amplify_branch" "x" {
  app_id      = "a"
  branch_name = "main"
}
resource "aws_appstream_directory_config" "x" {
  directory_name                          = "d.example"
  organizational_unit_distinguished_names = ["OU=x"]
  service_account_credentials {
    account_name     = "n"
    account_password = "made-up-word"
  }
}
resource "aws_codepipeline_webhook" "x" {
  authentication  = "UNAUTHENTICATED"
  name            = "w"
  target_action   = "s"
  target_pipeline = "p"
  filter {
    json_path    = "$.ref"
    match_equals = "x"
  }
}
resource "aws_directory_service_directory" "x" {
  name     = "d.example.com"
  password = "Made-up-1"
  size     = "Small"
  vpc_settings {
    vpc_id     = "vpc-1"
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}
resource "aws_dms_endpoint" "x" {
  endpoint_id   = "endpoint"
  endpoint_type = "source"
  engine_name   = "kafka"
  kafka_settings {
    broker = "b.example:9092"
  }
}
resource "aws_docdb_cluster" "x" {}
resource "aws_elasticache_replication_group" "x" {
  replication_group_id = "r"
  description          = "d"
  log_delivery_configuration {
    destination      = "l"
    destination_type = "cloudwatch-logs"
    log_format       = "text"
    log_type         = "slow-log"
  }
}
resource "aws_emr_cluster" "x" {
  name          = "e"
  release_label = "emr-7.0.0"
  service_role  = "arn:aws:iam::123456789012:role/r"
  master_instance_group {
    instance_type = "m5.xlarge"
  }
  kerberos_attributes {
    kdc_admin_password = "made-up-word"
    realm              = "X"
  }
}
resource "aws_kinesis_firehose_delivery_stream" "x" {
  name        = "f"
  destination = "splunk"
  splunk_configuration {
    hec_endpoint = "https://example.com"
    hec_token    = "made-up-word"
    s3_configuration {
      role_arn   = "arn:aws:iam::123456789012:role/r"
      bucket_arn = "arn:aws:s3:::b"
    }
  }
}
resource "aws_kinesis_firehose_delivery_stream" "http" {
  name        = "f"
  destination = "http_endpoint"
  http_endpoint_configuration {
    url = "https://example.com"
    s3_configuration {
      role_arn   = "arn:aws:iam::123456789012:role/r"
      bucket_arn = "arn:aws:s3:::b"
    }
  }
}
resource "aws_kinesis_firehose_delivery_stream" "redshift" {
  name        = "f"
  destination = "redshift"
  redshift_configuration {
    cluster_jdbcurl = "jdbc:redshift://example"
    data_table_name = "t"
    role_arn        = "arn:aws:iam::123456789012:role/r"
    username        = "u"
    s3_configuration {
      role_arn   = "arn:aws:iam::123456789012:role/r"
      bucket_arn = "arn:aws:s3:::b"
    }
  }
}
resource "aws_kinesis_firehose_delivery_stream" "snowflake" {
  name        = "f"
  destination = "snowflake"
  snowflake_configuration {
    account_url = "https://example.snowflakecomputing.com"
    database    = "d"
    role_arn    = "arn:aws:iam::123456789012:role/r"
    schema      = "s"
    table       = "t"
    user        = "u"
    s3_configuration {
      role_arn   = "arn:aws:iam::123456789012:role/r"
      bucket_arn = "arn:aws:s3:::b"
    }
  }
}
resource "aws_mq_broker" "x" {
  broker_name        = "b"
  engine_type        = "ActiveMQ"
  engine_version     = "5.18"
  host_instance_type = "mq.t3.micro"
  user {
    username = "uu"
    password = "made-up-word-1"
  }
}
resource "aws_pinpoint_apns_channel" "x" {
  application_id = "a"
  certificate    = "c"
  private_key    = "made-up-word"
}
resource "aws_pinpoint_apns_sandbox_channel" "x" {
  application_id = "a"
  certificate    = "c"
  private_key    = "made-up-word"
}
resource "aws_pinpoint_apns_voip_channel" "x" {
  application_id = "a"
  certificate    = "c"
  private_key    = "made-up-word"
}
resource "aws_pinpoint_apns_voip_sandbox_channel" "x" {
  application_id = "a"
  certificate    = "c"
  private_key    = "made-up-word"
}
resource "aws_autoscaling_group" "x" {
  max_size             = 1
  min_size             = 0
  availability_zones   = ["eu-west-1a"]
  launch_configuration = "l"
  tag {
    key                 = "k"
    value               = "v"
    propagate_at_launch = true
  }
  instance_maintenance_policy {
    max_healthy_percentage = 110
    min_healthy_percentage = 90
  }
}
resource "aws_autoscaling_group" "mixed" {
  max_size           = 1
  min_size           = 0
  availability_zones = ["eu-west-1a"]
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = "lt-1"
      }
      override {
        instance_type = "t3.micro"
      }
    }
  }
}
resource "aws_ssm_association" "x" {
  name = "d"
  targets {
    key    = "InstanceIds"
    values = ["*"]
  }
}
resource "aws_ssm_maintenance_window_target" "x" {
  window_id     = "mw-1"
  resource_type = "INSTANCE"
  targets {
    key    = "tag:k"
    values = ["v"]
  }
}
resource "aws_ssm_maintenance_window_task" "x" {
  window_id = "mw-1"
  task_arn  = "d"
  task_type = "RUN_COMMAND"
  targets {
    key    = "WindowTargetIds"
    values = ["t"]
  }
}
resource "aws_ssm_patch_baseline" "x" {
  name             = "baseline"
  approved_patches = ["KB1"]
  approval_rule {
    approve_after_days = 7
    patch_filter {
      key    = "CLASSIFICATION"
      values = ["SecurityUpdates"]
    }
  }
}
resource "aws_ssm_patch_group" "x" {
  baseline_id = "pb-1"
  patch_group = "g"
}
