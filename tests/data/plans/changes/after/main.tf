# The plan is made upon the state of ../before.
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
  enable_key_rotation = false
}



resource "aws_vpc" "main" {
  cidr_block = "10.30.0.0/16"
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
}


resource "aws_s3_bucket" "renamed" {
  bucket = "srmcheck-renamed-two"
}

resource "aws_s3_bucket_versioning" "renamed" {
  bucket = aws_s3_bucket.renamed.id

  versioning_configuration {
    status = "Enabled"
  }
}

removed {
  from = aws_sqs_queue.forgotten

  lifecycle {
    destroy = false
  }
}

data "aws_iam_policy_document" "late" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.renamed.arn}/*"]
  }
}

data "aws_iam_policy_document" "early" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::elsewhere/*"]
  }
}

resource "aws_iam_policy" "early" {
  name   = "early"
  policy = data.aws_iam_policy_document.early.json
}
