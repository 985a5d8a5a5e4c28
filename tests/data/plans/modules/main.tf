# References through variables, outputs, objects and instances of modules.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}

provider "aws" {
  alias  = "far"
  region = var.regions.far

  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/deploy"
  }
}

variable "regions" {
  type    = map(string)
  default = { far = "ap-southeast-2" }
}

variable "stores" {
  type    = map(object({ key = optional(string), versioned = bool }))
  default = { "in.box" = { versioned = true }, "out/box" = { versioned = false } }
}

module "keys" {
  source = "./keys"
}

module "store" {
  source   = "./store"
  for_each = var.stores

  name     = each.key
  key_arn  = module.keys.arn
  own_key  = each.value.key
  settings = { versioned = each.value.versioned, log_bucket = aws_s3_bucket.logs.id }
}

module "far" {
  source = "./store"

  name     = "far"
  key_arn  = null
  own_key  = null
  settings = { versioned = true, log_bucket = null }

  providers = { aws = aws.far }
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "logs-"
}

# each.value is the instance of the module with the same key
resource "aws_s3_bucket_ownership_controls" "store" {
  for_each = module.store
  bucket   = each.value.bucket.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# the same by index: what follows the index is lost
resource "aws_s3_bucket_versioning" "store" {
  for_each = { for name, store in var.stores : name => store if store.versioned }
  bucket   = module.store[each.key].bucket.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "out" {
  bucket        = module.store["out/box"].bucket.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "out/"
}
