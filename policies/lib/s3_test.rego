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

bucket(properties) := {"address": "logs", "properties": properties, "unknown": []}

by_uri(uri) := bucket({"AccessControlPolicy": {"Grants": [{"Grantee": {"ID": "abc"}}, {"Grantee": {"URI": uri}}]}})

test_grants_to_group if {
	place := ["AccessControlPolicy", "Grants", 1, "Grantee", "URI"]
	s3.grants_to_group(by_uri("http://acs.amazonaws.com/groups/global/AllUsers"), "global/AllUsers") == {place}
	s3.grants_to_group(by_uri("http://acs.amazonaws.com/groups/global/AllUsers"), "s3/LogDelivery") == set()
	s3.grants_to_group(bucket({}), "global/AllUsers") == set()
}

test_log_bucket if {
	s3.is_log_bucket(bucket({"AccessControl": "LogDeliveryWrite"}), [], [])
	s3.is_log_bucket(by_uri("http://acs.amazonaws.com/groups/s3/LogDelivery"), [], [])
	s3.is_log_bucket(bucket({}), [{"address": "other"}], [])
	not s3.is_log_bucket(bucket({}), [{"address": "logs"}], [])
	not s3.is_log_bucket(bucket({"AccessControl": "Private"}), [], [])
	not s3.is_log_bucket(by_uri("http://acs.amazonaws.com/groups/global/AllUsers"), [], [])
}

policy(statement) := {"properties": {"PolicyDocument": {"Statement": [statement]}}, "unknown": []}

delivery := {
	"Effect": "Allow",
	"Principal": {"Service": ["logging.s3.amazonaws.com"]},
	"Action": ["s3:PutObject"],
}

test_log_bucket_by_policy if {
	s3.is_log_bucket(bucket({}), [], [policy({"Effect": "Deny"}), policy(delivery)])
	s3.is_log_bucket(bucket({}), [], [policy(object.union(delivery, {"Action": ["s3:Put*"]}))])
	s3.unrelated_to_delivery([policy(delivery)]) == set()
	every change in [
		{"Effect": "Deny"},
		{"Principal": {"Service": ["cloudtrail.amazonaws.com"]}},
		{"Action": ["s3:GetObject"]},
	] {
		other := policy(object.union(delivery, change))
		not s3.is_log_bucket(bucket({}), [], [other])
		s3.unrelated_to_delivery([other]) == {[0, ["PolicyDocument", "Statement", 0]]}
	}
}

test_doubtful_deliveries if {
	doubtful := policy(object.remove(delivery, ["Effect"]))
	s3.doubtful_deliveries([doubtful]) == {[0, ["PolicyDocument", "Statement", 0]]}
	s3.doubtful_deliveries([policy(delivery)]) == set()
	not s3.is_log_bucket(bucket({}), [], [doubtful])
}

test_logs_to_itself if {
	s3.logs_to_itself(bucket({"LoggingConfiguration": {}}))
	s3.logs_to_itself(bucket({"LoggingConfiguration": {"DestinationBucketName": "⟦logs#Ref⟧"}}))
	not s3.logs_to_itself(bucket({}))
	not s3.logs_to_itself(bucket({"LoggingConfiguration": {"DestinationBucketName": "⟦other#Ref⟧"}}))
	not s3.logs_to_itself(object.union(
		bucket({"LoggingConfiguration": {}}),
		{"unknown": [["LoggingConfiguration", "DestinationBucketName"]]},
	))
}
