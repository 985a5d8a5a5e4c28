# Load balancers in a module and behind count and for_each, with their web ACLs outside. Names are verdicts of SRM-ELB-012.

provider "aws" {
  region = "eu-west-1"
}

variable "live" {
  type    = bool
  default = false
}

locals {
  web_acl = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/site/0a1b2c3d-0000-4000-8000-000000000001"
  subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

module "pass_module" {
  source = "./balancer"
  name   = "one"
}

resource "aws_wafv2_web_acl_association" "module" {
  resource_arn = module.pass_module.arn
  web_acl_arn  = local.web_acl
}

module "fail_module" {
  source = "./balancer"
  name   = "two"
}

module "keyed" {
  source   = "./balancer"
  for_each = toset(["pass", "fail"])
  name     = each.key
}

resource "aws_wafv2_web_acl_association" "keyed" {
  resource_arn = module.keyed["pass"].arn
  web_acl_arn  = local.web_acl
}

resource "aws_lb" "pass_each" {
  for_each = toset(["a", "b"])
  name     = "each-${each.key}"
  subnets  = local.subnets
}

resource "aws_wafv2_web_acl_association" "each" {
  for_each     = aws_lb.pass_each
  resource_arn = each.value.arn
  web_acl_arn  = local.web_acl
}

resource "aws_lb" "counted" {
  count   = 2
  name    = "counted-${count.index}"
  subnets = local.subnets
}

resource "aws_wafv2_web_acl_association" "counted" {
  resource_arn = aws_lb.counted[1].arn
  web_acl_arn  = local.web_acl
}

# the association is not there
resource "aws_lb" "fail_not_live" {
  name    = "not-live"
  subnets = local.subnets
}

resource "aws_wafv2_web_acl_association" "not_live" {
  count        = var.live ? 1 : 0
  resource_arn = aws_lb.fail_not_live.arn
  web_acl_arn  = local.web_acl
}
