# Where secrets come from. Every value is made up.
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "password" {
  type      = string
  sensitive = true
}

variable "token" {
  type      = string
  sensitive = true
  default   = "made-up-token-1"
}

variable "plain" {
  type    = string
  default = "made-up-plain-1"
}

variable "unset" {
  type    = string
  default = null
}

locals {
  written = "made-up-local-1"
  passed  = var.plain
}

module "db" {
  source   = "./db"
  password = var.password
}

resource "aws_db_instance" "literal" {
  identifier          = "literal"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin"
  password            = "made-up-literal-1"
  skip_final_snapshot = true
  kms_key_id          = var.unset
}

resource "aws_db_instance" "default" {
  identifier          = "default"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin"
  password            = var.token
  skip_final_snapshot = true
}

resource "aws_db_instance" "local" {
  identifier          = "local"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin"
  password            = local.written
  skip_final_snapshot = true
}

resource "aws_db_instance" "through_local" {
  identifier          = "through-local"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin"
  password            = local.passed
  skip_final_snapshot = true
}

resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app"
    environment = [{ name = "DB_PASSWORD", value = var.password }]
  }])
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = "arn:aws:iam::111122223333:role/worker"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/worker:1"

  environment {
    variables = {
      STAGE    = "prod"
      PASSWORD = var.password
      PLAIN    = var.plain
      WRITTEN  = "made-up-written-1"
    }
  }
}

# the mark is taken off, the value is the same
resource "aws_ssm_parameter" "shown" {
  name        = "/app/shown"
  type        = "String"
  value       = "x"
  description = nonsensitive(var.password)
}

resource "aws_ssm_parameter" "copied" {
  name        = "/app/copied"
  type        = "String"
  value       = "x"
  description = "made-up-password-1"
}
