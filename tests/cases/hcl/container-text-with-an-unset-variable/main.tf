variable "image" {}

variable "token" {}

resource "aws_ecs_task_definition" "written" {
  family                = "written"
  container_definitions = <<-JSON
    [{"name": "a", "image": "${var.image}", "environment": [{"name": "API_TOKEN", "value": "abcdefgh12345"}]}]
  JSON
}

resource "aws_ecs_task_definition" "given" {
  family                = "given"
  container_definitions = <<-JSON
    [{"name": "a", "image": "${var.image}", "environment": [{"name": "API_TOKEN", "value": "${var.token}"}]}]
  JSON
}
