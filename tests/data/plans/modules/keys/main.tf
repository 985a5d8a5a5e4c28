module "deep" {
  source = "./deep"
}

output "arn" {
  value = module.deep.key.arn
}
