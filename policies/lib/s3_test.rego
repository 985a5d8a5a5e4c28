package srmcheck.lib.s3_test

import data.srmcheck.lib.s3

statement(resources) := {"properties": {"S": {"Resource": resources}}, "unknown": []}

arns := s3.bucket_arns({"address": "logs"})

test_arns if {
	arns == {
		"⟦logs#Arn⟧",
		"arn:aws:s3:::⟦logs#Ref⟧",
		"arn:aws-cn:s3:::⟦logs#Ref⟧",
		"arn:aws-us-gov:s3:::⟦logs#Ref⟧",
		"arn:⟦AWS::Partition#Ref⟧:s3:::⟦logs#Ref⟧",
	}
	s3.arns_of_name("") == set()
}

test_bucket if {
	every entry in ["*", "⟦logs#Arn⟧", "⟦logs#Arn⟧*", "arn:aws:s3:::⟦logs#Ref⟧"] {
		s3.is_about_bucket(statement([entry]), ["S"], arns)
	}
	every entry in ["⟦logs#Arn⟧/*", "⟦data#Arn⟧", "arn:aws:s3:::*", "⟦logs#Ref⟧"] {
		not s3.is_about_bucket(statement([entry]), ["S"], arns)
	}
}

test_objects if {
	every entry in ["*", "⟦logs#Arn⟧/*", "⟦logs#Arn⟧*", "arn:⟦AWS::Partition#Ref⟧:s3:::⟦logs#Ref⟧/*"] {
		s3.is_about_objects(statement([entry]), ["S"], arns)
	}
	every entry in ["⟦logs#Arn⟧", "⟦logs#Arn⟧/in/*", "⟦data#Arn⟧/*"] {
		not s3.is_about_objects(statement([entry]), ["S"], arns)
	}
}
