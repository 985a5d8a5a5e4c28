# Blocks that `dynamic` makes are not in a plan's configuration.
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "disks" {
  type    = list(string)
  default = ["/dev/sdf", "/dev/sdg"]
}

resource "aws_kms_key" "disks" {}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "logs-"
}

# a static block and two dynamic ones: only the static one is known to leave kms_key_id out
resource "aws_instance" "mixed" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  ebs_block_device {
    device_name = "/dev/sdz"
    volume_size = 5
  }

  dynamic "ebs_block_device" {
    for_each = var.disks
    content {
      device_name = ebs_block_device.value
      volume_size = 50
      encrypted   = true
      kms_key_id  = aws_kms_key.disks.arn
    }
  }
}

# two static blocks, one of which names the key
resource "aws_instance" "static" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  ebs_block_device {
    device_name = "/dev/sdf"
    volume_size = 50
    encrypted   = true
    kms_key_id  = aws_kms_key.disks.arn
  }

  ebs_block_device {
    device_name = "/dev/sdg"
    volume_size = 5
  }
}

# two static blocks that the plan cannot tell apart
resource "aws_instance" "alike" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  ebs_block_device {
    device_name = var.disks[0]
    kms_key_id  = aws_kms_key.disks.arn
  }

  ebs_block_device {
    device_name = var.disks[1]
  }
}

# the number of blocks is known after apply only
resource "aws_eks_cluster" "open" {
  name     = "open"
  role_arn = "arn:aws:iam::111122223333:role/eks"

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }

  dynamic "encryption_config" {
    for_each = toset([for arn in [aws_kms_key.disks.arn] : arn if arn != ""])
    content {
      resources = ["secrets"]
      provider {
        key_arn = encryption_config.value
      }
    }
  }
}

# no block, and none is known after apply
resource "aws_eks_cluster" "plain" {
  name     = "plain"
  role_arn = "arn:aws:iam::111122223333:role/eks"

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
}

# an empty block is a value
resource "aws_wafv2_web_acl" "edge" {
  name  = "edge"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "edge"
    sampled_requests_enabled   = false
  }
}

resource "aws_security_group" "attribute" {
  name    = "attribute"
  ingress = []
}
