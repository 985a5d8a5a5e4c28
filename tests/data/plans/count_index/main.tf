# Instances named by an index: the same, another, a literal one, all of them.
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

resource "aws_vpc" "main" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "zone" {
  count      = 3
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet("10.20.0.0/16", 8, count.index)
}

resource "aws_instance" "same" {
  count         = 2
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.zone[count.index].id
}

resource "aws_instance" "turns" {
  count         = 5
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.zone[count.index % 3].id
}

resource "aws_instance" "second" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.zone[1].id
}

resource "aws_db_subnet_group" "all" {
  name       = "all"
  subnet_ids = aws_subnet.zone[*].id
}

resource "aws_db_subnet_group" "two" {
  name       = "two"
  subnet_ids = [aws_subnet.zone[0].id, aws_subnet.zone[2].id]
}

# A set with as many unknown elements as there are instances that they can be.
resource "aws_lb" "front" {
  name            = "front"
  subnets         = [aws_subnet.zone[0].id, aws_subnet.zone[2].id]
  security_groups = ["sg-0a1b2c3d4e5f60001", aws_security_group.front.id]
}

resource "aws_security_group" "front" {
  name   = "front"
  vpc_id = aws_vpc.main.id
}

resource "aws_kms_key" "maybe" {
  count = 0
}

# No key is there: the expression gives null, so nothing is set.
resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-west-1a"
  size              = 8
  kms_key_id        = one(aws_kms_key.maybe[*].arn)
}
