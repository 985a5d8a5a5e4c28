"""Makes plans of any size in the shape that Terraform writes them: a module with `count` whose instance holds 55 resources.

python -m benchmarks.make_plan 200 > plan.json            # 200 instances, 11,000 resources, alike but for their names
python -m benchmarks.make_plan 200 varied > plan.json     # each with ranges, accounts and policies of its own
"""

from __future__ import annotations

import json
import sys
from typing import Any

PROVIDER = "registry.terraform.io/hashicorp/aws"
Json = dict[str, Any]


def statement(action: str, resource: str, principal: Any = None) -> str:
    one: Json = {"Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        one["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


def unit(index: int = 0) -> list[tuple[str, str, Json, Json, Json]]:
    """The 55 resources of one instance: type, name, values after apply, unknown ones, expressions of the configuration.
    Ranges, accounts and policies are those of the number `index`."""
    inside = f"10.{index % 256}.{index // 256}.0/24"
    account = 111122223333 + index
    rows: list[tuple[str, str, Json, Json, Json]] = []

    def add(kind: str, name: str, after: Json, unknown: Json | None = None, refs: Json | None = None) -> None:
        expressions: Json = {
            key: {"constant_value": value} for key, value in after.items() if not isinstance(value, list)
        }
        expressions.update({key: [{}] for key, value in after.items() if isinstance(value, list)})
        for key, target in (refs or {}).items():
            expressions[key] = {"references": [target, target.rsplit(".", 1)[0]]}
        rows.append((kind, name, after, {"id": True, "arn": True, **(unknown or {})}, expressions))

    add("aws_vpc", "main", {"cidr_block": "10.0.0.0/16", "enable_dns_support": True})
    add("aws_flow_log", "main", {"traffic_type": "ALL"}, {"vpc_id": True}, {"vpc_id": "aws_vpc.main.id"})
    for number in range(4):
        add(
            "aws_subnet",
            f"s{number}",
            {"cidr_block": f"10.0.{number}.0/24"},
            {"vpc_id": True},
            {"vpc_id": "aws_vpc.main.id"},
        )
    for number in range(6):
        rules = [
            {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": [cidr], "description": ""}
            for port, cidr in ((22, inside), (443, "0.0.0.0/0"))
        ]
        add(
            "aws_security_group",
            f"g{number}",
            {"name": f"g{number}", "ingress": rules},
            {"vpc_id": True},
            {"vpc_id": "aws_vpc.main.id"},
        )
    for number in range(6):
        after = {
            "type": "ingress",
            "from_port": 22,
            "to_port": 22,
            "protocol": "tcp",
            "cidr_blocks": ["0.0.0.0/0" if number == 5 else inside],
        }
        add(
            "aws_security_group_rule",
            f"r{number}",
            after,
            {"security_group_id": True},
            {"security_group_id": f"aws_security_group.g{number}.id"},
        )
    for number in range(4):
        bucket = f"aws_s3_bucket.b{number}"
        add("aws_s3_bucket", f"b{number}", {"bucket": f"acme-{number}", "force_destroy": False})
        block = {
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": number != 3,
        }
        add("aws_s3_bucket_public_access_block", f"b{number}", block, {"bucket": True}, {"bucket": f"{bucket}.id"})
        rule = [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}], "bucket_key_enabled": True}]
        add(
            "aws_s3_bucket_server_side_encryption_configuration",
            f"b{number}",
            {"rule": rule},
            {"bucket": True},
            {"bucket": f"{bucket}.id"},
        )
        add("aws_s3_bucket_policy", f"b{number}", {}, {"bucket": True, "policy": True}, {"bucket": f"{bucket}.id"})
    for number in range(3):
        root = {"AWS": f"arn:aws:iam::{account}:root"}
        add("aws_kms_key", f"k{number}", {"policy": statement("kms:*", "*", root), "enable_key_rotation": number != 2})
    for number in range(4):
        trust = statement(
            "sts:AssumeRole", "*", {"Service": "lambda.amazonaws.com", "AWS": f"arn:aws:iam::{account}:root"}
        )
        add("aws_iam_role", f"r{number}", {"name": f"r{number}", "assume_role_policy": trust})
        add(
            "aws_iam_role_policy",
            f"r{number}",
            {"name": "p", "policy": statement("s3:GetObject", f"arn:aws:s3:::acme-{index}/*")},
            {"role": True},
            {"role": f"aws_iam_role.r{number}.id"},
        )
        runtime = "python3.13" if number else "nodejs18.x"
        add(
            "aws_lambda_function",
            f"f{number}",
            {"function_name": f"f{number}", "runtime": runtime, "handler": "a.b"},
            {"role": True},
            {"role": f"aws_iam_role.r{number}.arn"},
        )
    add("aws_db_instance", "main", {"engine": "postgres", "publicly_accessible": False, "storage_encrypted": True})
    for number in range(2):
        add("aws_ebs_volume", f"v{number}", {"size": 10, "encrypted": bool(number)})
    add("aws_instance", "web", {"instance_type": "t3.micro", "metadata_options": [{"http_tokens": "required"}]})
    add("aws_cloudtrail", "main", {"name": "t", "is_multi_region_trail": True, "enable_logging": True})
    environment = [{"name": "web", "image": "web:1", "environment": [{"name": "PORT", "value": "80"}]}]
    add("aws_ecs_task_definition", "web", {"family": "web", "container_definitions": json.dumps(environment)})
    return rows


def plan(instances: int, *, varied: bool = False) -> Json:
    """A plan with `instances` instances of the unit, alike or each with values of its own."""
    rows = unit()
    changes: list[Json] = []
    for index in range(instances):
        for kind, name, after, unknown, _ in unit(index) if varied else rows:
            changes.append(
                {
                    "address": f"module.unit[{index}].{kind}.{name}",
                    "module_address": f"module.unit[{index}]",
                    "mode": "managed",
                    "type": kind,
                    "name": name,
                    "provider_name": PROVIDER,
                    "change": {
                        "actions": ["create"],
                        "before": None,
                        "after": after,
                        "after_unknown": unknown,
                        "before_sensitive": False,
                        "after_sensitive": {},
                    },
                }
            )
    module = {
        "resources": [
            {
                "address": f"{kind}.{name}",
                "mode": "managed",
                "type": kind,
                "name": name,
                "provider_config_key": "aws",
                "expressions": expressions,
                "schema_version": 0,
            }
            for kind, name, _, _, expressions in rows
        ]
    }
    call = {"source": "./unit", "module": module, "count_expression": {"constant_value": instances}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "full_name": PROVIDER,
                    "expressions": {"region": {"constant_value": "eu-west-1"}},
                }
            },
            "root_module": {"module_calls": {"unit": call}},
        },
        "errored": False,
        "complete": True,
    }


if __name__ == "__main__":
    json.dump(plan(int(sys.argv[1]) if len(sys.argv) > 1 else 1, varied="varied" in sys.argv[2:]), sys.stdout)
