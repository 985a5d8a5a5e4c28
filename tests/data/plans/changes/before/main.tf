# Applied first; then the plan of ../after is made upon its state.
provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_kms_key" "kept" {
  description         = "kept"
  enable_key_rotation = true
}

resource "aws_kms_key" "changed" {
  enable_key_rotation = true
}

resource "aws_kms_key" "dropped" {}

resource "aws_sqs_queue" "forgotten" {
  name = "forgotten"
}

resource "aws_vpc" "main" {
  cidr_block = "10.30.0.0/16"
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_s3_bucket" "renamed" {
  bucket = "srmcheck-renamed-one"
}

resource "aws_s3_bucket_versioning" "renamed" {
  bucket = aws_s3_bucket.renamed.id

  versioning_configuration {
    status = "Enabled"
  }
}
