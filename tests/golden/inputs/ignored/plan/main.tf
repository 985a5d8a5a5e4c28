provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

# srmcheck:ignore SRM-VPC-001 reason="bastion network, reviewed in May" until=2027-01-31
module "bastion" {
  source = "./mods/net"
}

module "open" {
  for_each = toset(["a", "b"])
  source   = "./mods/net"
}

resource "aws_security_group" "web" {
  name = "web"
  ingress { # srmcheck:ignore SRM-VPC-001 reason="the first rule only"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 20
    to_port     = 30
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# srmcheck:ignore SRM-S3-003, SRM-S3-002 reason='scratch bucket'
resource "aws_s3_bucket" "scratch" {
  bucket = "scratch-bucket"
}

# srmcheck:ignore SRM-S3-003 reason="until the migration" until=2026-01-31
resource "aws_s3_bucket" "old" {
  bucket = "old-bucket" # srmcheck:ignore SRM-S3-003 reason="stands at the name, not at the bucket"
}

resource "aws_s3_bucket" "site" {
  bucket = "site-bucket"
}

resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = aws_s3_bucket.site.id
  block_public_acls       = true
  block_public_policy     = false # srmcheck:ignore SRM-S3-003 reason="public web site"
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "known" {
  bucket = "known-bucket"
}
