"""A hand-made graph with its policies and verdicts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from srmcheck.evaluate.outcome import Evaluation, Outcome
from srmcheck.graph import Edge, Resource, ResourceGraph
from srmcheck.policy.model import Policy
from srmcheck.results import Blocker, Finding, NotAssessed, Severity, Verdict
from srmcheck.source import Location
from srmcheck.template import SourceResource, Template
from srmcheck.values import Node, Origin, Place, Reference, Unknown, known


def resource(address: str, canonical: str, properties: dict[str, Any], source_type: str) -> Resource:
    source = SourceResource(address, source_type, known({}), place=Place(address, (), Location("main.tf", 1)))
    return Resource(address, canonical, known(properties), source, sources=(source,))


def policy(policy_id: str, severity: Severity, responsibility: str, service: str, *types: str) -> Policy:
    return Policy(
        id=policy_id,
        title=f"Title of {policy_id}",
        description="Why it matters.",
        severity=severity,
        responsibility=responsibility,
        service=service,
        since="0.1.0",
        profile="default",
        package="srmcheck.x",
        rules=("deny",),
        types=dict.fromkeys(types, (("Engine",),)),
    )


RDS = policy("SRM-RDS-003", "critical", "network-security", "rds", "AWS::RDS::DBInstance")
S3 = policy("SRM-S3-002", "medium", "data-protection", "s3", "AWS::S3::Bucket")
POLICIES = {one.id: one for one in (RDS, S3)}


def finding(of: Policy, verdict: Verdict, one: Resource, **changes: Any) -> Finding:
    base = Finding(
        policy_id=of.id,
        title=of.title,
        severity=of.severity,
        responsibility=of.responsibility,
        service=of.service,
        verdict=verdict,
        template="plan.json",
        resource=one.address,
        resource_type=one.type,
        source_type=one.source.type,
        path=("Engine",),
        message="it is wrong" if verdict == "fail" else "",
        file="main.tf",
        line=3,
    )
    return replace(base, **changes)


def graph(language: Literal["terraform", "cloudformation"] = "terraform") -> ResourceGraph:
    database = resource("aws_db_instance.main", "AWS::RDS::DBInstance", {"Engine": "mysql"}, "aws_db_instance")
    assert isinstance(database.properties.value, dict)
    place = Place("aws_db_instance.main", ("password",), Location("main.tf", 7))
    database.properties.value.update(
        {
            "MasterUserPassword": Node("hunter2", place, Origin("parameter", "var.password", True, True), secret=True),
            "KmsKeyId": Node(Reference("aws_kms_key.db", "Arn")),
            "StorageEncrypted": Node(Unknown("variable without a value", "var.encrypted"), Place("x", ("encrypted",))),
            "Environment": known([{"Name": "DB_PASSWORD", "Value": "hunter2hunter2"}, {"Name": "A", "Value": "shown"}]),
            "Tags": known([]),
        }
    )
    bucket = resource("aws_s3_bucket.logs", "AWS::S3::Bucket", {}, "aws_s3_bucket")
    key = resource("aws_kms_key.db", "AWS::KMS::Key", {}, "aws_kms_key")
    resources = (database, bucket, key)
    sources = (
        *(one.source for one in resources),
        SourceResource("aws_iot_thing.x", "aws_iot_thing", known({})),
        SourceResource("random_id.x", "random_id", known({})),
        SourceResource("data.aws_ami.x", "aws_ami", known({}), mode="data"),
    )
    return ResourceGraph(
        Template("plan.json", language, "plan", sources, {"plan.json": "ab" * 32}, unread={"dynamic block": 1}),
        resources,
        (Edge("aws_db_instance.main", ("KmsKeyId",), "aws_kms_key.db", "Arn"),),
        {"aws_iot_thing": 1, "random_id": 1},
    )


def evaluation(of: ResourceGraph) -> Evaluation:
    database, bucket, _ = of.resources
    unknown = finding(S3, "unknown", bucket, blocked_by=(Blocker((), None, "variable without a value", "var.key"),))
    return Evaluation(
        (
            Outcome(RDS.id, database.address, database.type, "fail", (finding(RDS, "fail", database),)),
            Outcome(S3.id, bucket.address, bucket.type, "unknown", (unknown,)),
        ),
        (NotAssessed("SRM-CLOUDTRAIL-002", "needs the whole account"),),
    )
