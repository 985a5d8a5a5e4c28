terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "name" { type = string }
variable "key_arn" { type = string }
variable "own_key" { type = string }
variable "settings" {
  type = object({ versioned = bool, log_bucket = string })
}

resource "aws_s3_bucket" "this" {
  bucket = "store-${replace(replace(var.name, ".", "-"), "/", "-")}"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key_arn
    }
  }
}

# not set: the variable is null in every call
resource "aws_ebs_volume" "this" {
  availability_zone = "eu-west-1a"
  size              = 8
  kms_key_id        = var.own_key
}

resource "aws_s3_bucket_logging" "this" {
  count = var.settings.versioned ? 1 : 0

  bucket        = aws_s3_bucket.this.id
  target_bucket = coalesce(var.settings.log_bucket, "elsewhere")
  target_prefix = "store/"
}

output "bucket" {
  value = aws_s3_bucket.this
}
