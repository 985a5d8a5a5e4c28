variable "name" {
  type = string
}

resource "aws_lb" "this" {
  name     = var.name
  internal = false
  subnets  = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

output "arn" {
  value = aws_lb.this.arn
}
