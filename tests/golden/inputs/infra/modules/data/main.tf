variable "public" {
  type = bool
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  publicly_accessible = var.public
}
