variable "password" { type = string }

resource "aws_db_instance" "this" {
  identifier          = "module"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin"
  password            = var.password
  skip_final_snapshot = true
}
