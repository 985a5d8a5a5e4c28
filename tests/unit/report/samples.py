"""Hand-made reports for the tests of the formats."""

from __future__ import annotations

from dataclasses import replace

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.words import RESPONSIBILITY_TITLES
from srmcheck.results import (
    Blocker,
    Cell,
    Finding,
    Input,
    NotAssessed,
    NotVisible,
    Report,
    ResourceRow,
    ResponsibilityRow,
    Rule,
    Tool,
)
from srmcheck.source import Call

SOURCES = {
    "modules/data/main.tf": {
        30: 'resource "aws_db_instance" "main" {',
        31: "  publicly_accessible = true",
        32: '  password            = "correct horse battery"',
    },
    "main.tf": {
        3: "  kms_master_key_id = var.key_arn",
        9: "  ingress {",
        10: "    from_port   = 22",
        11: '    cidr_blocks = ["0.0.0.0/0"]',
        12: "  }",
    },
}


def read_line(file: str, line: int) -> str | None:
    return SOURCES.get(file, {}).get(line)


PUBLIC = Finding(
    policy_id="SRM-RDS-003",
    title="Databases are not publicly accessible",
    severity="critical",
    responsibility="network-security",
    service="rds",
    verdict="fail",
    template="plan.json",
    resource='module.data.aws_db_instance.main["eu"]',
    resource_type="AWS::RDS::DBInstance",
    source_type="aws_db_instance",
    path=("PubliclyAccessible",),
    message="database is publicly accessible",
    source_address='module.data.aws_db_instance.main["eu"]',
    source_path=("publicly_accessible",),
    file="modules/data/main.tf",
    line=31,
    column=3,
    end_line=31,
    via=(Call("main.tf", 12, "module.data"),),
    when={"var.public": True},
    also=("SRM-RDS-016",),
    remediation="Set `publicly_accessible = false`.",
    frameworks={"fsbp": ("RDS.2",), "cis_aws_5_0": ("2.2.3",)},
    links=("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",),
    fingerprint="0123456789abcdef0123456789abcdef",
)
SSH = replace(
    PUBLIC,
    policy_id="SRM-VPC-001",
    title="Security groups do not open SSH to the whole Internet",
    severity="high",
    service="vpc",
    resource="aws_security_group.web",
    resource_type="AWS::EC2::SecurityGroup",
    source_type="aws_security_group",
    path=("SecurityGroupIngress", 0, "CidrIp"),
    message="SSH is open to the whole Internet",
    source_address="aws_security_group.web",
    source_path=("ingress", 0, "cidr_blocks", 0),
    file="main.tf",
    line=9,
    column=3,
    end_line=12,
    via=(),
    when={},
    also=(),
    remediation="Name the ranges that may connect in `cidr_blocks`, or use Session Manager.",
    fingerprint="1123456789abcdef0123456789abcdef",
)
FOLDED = replace(
    PUBLIC,
    policy_id="SRM-RDS-016",
    title="Databases do not use the default port of the engine",
    severity="low",
    path=("Port",),
    source_path=("port",),
    message="database uses the default port",
    also=(),
    when={},
    folded_into="0123456789abcdef0123456789abcdef",
    fingerprint="2123456789abcdef0123456789abcdef",
)
PASSWORD = replace(
    PUBLIC,
    policy_id="SRM-TEMPLATE-001",
    title="Templates hold no credentials",
    severity="critical",
    responsibility="identity-and-access",
    service="template",
    path=("MasterUserPassword",),
    source_path=("password",),
    message="the template holds a password in clear text",
    line=32,
    end_line=32,
    when={},
    also=(),
    via=(),
    remediation="Use `manage_master_user_password`.",
    masked=True,
    fingerprint="3123456789abcdef0123456789abcdef",
)
UNKNOWN = replace(
    PUBLIC,
    policy_id="SRM-S3-002",
    title="Buckets are encrypted with a customer-managed key",
    severity="medium",
    responsibility="data-protection",
    service="s3",
    verdict="unknown",
    resource="aws_s3_bucket.logs",
    resource_type="AWS::S3::Bucket",
    source_type="aws_s3_bucket",
    path=(
        "BucketEncryption",
        "ServerSideEncryptionConfiguration",
        0,
        "ServerSideEncryptionByDefault",
        "KMSMasterKeyID",
    ),
    message="",
    source_address="aws_s3_bucket_server_side_encryption_configuration.logs",
    source_path=("rule", 0, "apply_server_side_encryption_by_default", 0, "kms_master_key_id"),
    file="main.tf",
    line=3,
    column=3,
    end_line=3,
    via=(),
    when={},
    also=(),
    blocked_by=(Blocker(("BucketEncryption",), "aws_s3_bucket.logs", "variable without a value", "var.key_arn"),),
    remediation="Set `kms_master_key_id`.",
    fingerprint="4123456789abcdef0123456789abcdef",
)
PASSED = replace(
    UNKNOWN,
    verdict="pass",
    resource="aws_s3_bucket.data",
    file=None,
    line=None,
    column=None,
    end_line=None,
    blocked_by=(),
    fingerprint=None,
)

TOOL = Tool("0.1.0", "regorus 0.13.0", "sha256:" + "ab" * 32, "2026-11-01")
PLAN = Input("plan.json", "terraform-plan", "cd" * 32, "plan.json")


def area(name: str, **numbers: int) -> ResponsibilityRow:
    unchecked = tuple(f"aws_thing.t{number}" for number in range(numbers.pop("unchecked", 0)))
    return ResponsibilityRow(
        id=name,
        title=RESPONSIBILITY_TITLES[name],
        customer=numbers.get("customer", 3),
        shared=numbers.get("shared", 0),
        provider=numbers.get("provider", 0),
        passed=numbers.get("passed", 0),
        failed=numbers.get("failed", 0),
        unknown=numbers.get("unknown", 0),
        suppressed=0,
        resources_without_policies=unchecked,
        not_visible=(NotVisible("MFA of the root user", ("Config: root-account-mfa-enabled", "Security Hub: IAM.9")),)
        if name == "identity-and-access"
        else (),
    )


ROWS = (
    ResourceRow(
        template="plan.json",
        address='module.data.aws_db_instance.main["eu"]',
        type="AWS::RDS::DBInstance",
        source_type="aws_db_instance",
        service="rds",
        model="PaaS",
        model_reason="AWS runs host, operating system and engine; data, users and configuration are yours",
        cells=(
            Cell("data-protection", "customer", "your data", 1, source="https://docs.aws.amazon.com/a"),
            Cell("identity-and-access", "customer", "your users", 0, 1),
            Cell("application-security", "customer", "your code"),
            Cell("os-security", "shared", "AWS makes the patches; you let them in", 0, 0, 1),
            Cell("network-security", "shared", "you choose public or private", 0, 2),
            Cell("logging-and-monitoring", "customer", "your logs", suppressed=1),
        ),
        service_title="Amazon RDS",
        model_source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html",
    ),
    ResourceRow(
        template="plan.json",
        address="aws_s3_bucket.logs",
        type="AWS::S3::Bucket",
        source_type="aws_s3_bucket",
        service="s3",
        model="SaaS",
        model_reason="AWS stores the objects",
        cells=(
            Cell("data-protection", "customer", "your data", 2),
            Cell("identity-and-access", "customer", "your users"),
            Cell("application-security", "provider", "AWS's"),
            Cell("os-security", "provider", "AWS's"),
            Cell("network-security", "provider", "AWS's"),
            Cell("logging-and-monitoring", "customer", "your logs"),
        ),
        service_title="Amazon S3",
    ),
    ResourceRow(
        template="plan.json",
        address="aws_security_group.web",
        type="AWS::EC2::SecurityGroup",
        source_type="aws_security_group",
        service="vpc",
        model="IaaS",
        model_reason="AWS runs the network underneath; its layout, routes and rules are yours",
        cells=(
            Cell("identity-and-access", "customer", "your users"),
            Cell("network-security", "customer", "your rules", 0, 1),
            Cell("logging-and-monitoring", "customer", "your logs"),
        ),
        service_title="Amazon VPC",
    ),
)
INHERITED = (
    ("physical-and-environment", "Physical and environmental security"),
    ("virtualization", "Hypervisor and virtualization"),
)

FULL = Report(
    tool=TOOL,
    inputs=(PLAN,),
    findings=(SSH, UNKNOWN, PUBLIC, PASSWORD, FOLDED),
    resources=5,
    verdicts={"fail": 4, "pass": 3, "unknown": 1},
    by_severity={"critical": 2, "high": 1, "low": 1},
    not_assessed=(NotAssessed("SRM-CLOUDTRAIL-002", "needs the whole account (--scope account)"),),
    types_without_policies={"aws_kinesis_video_stream": 2},
    rows=ROWS,
    responsibilities=(
        area("data-protection", passed=3, unknown=1),
        area("identity-and-access", failed=1, unchecked=2),
        area("application-security", provider=1, unchecked=1),
        area("os-security", shared=1, provider=1),
        area("network-security", failed=3, shared=1, provider=1),
        area("logging-and-monitoring", unchecked=8),
    ),
    inherited=INHERITED,
    diagnostics=(
        Diagnostic(
            "Unsupported function call",
            "main.tf",
            11,
            19,
            "The value is treated as unknown.",
            "check the plan, which holds the computed value",
        ),
        Diagnostic("Module not downloaded", "main.tf", 40, None, "", "run terraform init", "outside"),
        Diagnostic("The configuration beside the plan is covered by it", ".", level="note"),
    ),
    unread={"dynamic block": 2},
    policies_run=14,
)
CLEAN = replace(
    FULL,
    findings=(),
    verdicts={"pass": 8},
    by_severity={},
    not_assessed=(),
    types_without_policies={},
    responsibilities=(
        area("data-protection", passed=4),
        area("identity-and-access", passed=2),
        area("application-security", provider=3),
        area("os-security", provider=3),
        area("network-security", passed=1),
        area("logging-and-monitoring", passed=1),
    ),
    diagnostics=(),
    unread={},
)
PASSES = replace(CLEAN, findings=(PASSED,))
NOTHING = replace(CLEAN, inputs=(), resources=0, verdicts={}, responsibilities=(), rows=(), policies_run=0)
HOSTILE = "`x` ](http://evil.example) <img src=x onerror=alert(1)> @octocat #1 | **b** &lt; %0A ::error::x \r\n::add-mask::y ##[error]z"
RULES = (
    Rule(
        "SRM-RDS-003",
        "Databases are not publicly accessible",
        "A publicly accessible database has an address that resolves on the Internet.",
        "critical",
        "network-security",
        "rds",
        {"terraform": "Set `publicly_accessible = false`.", "cloudformation": "Set `PubliclyAccessible` to false."},
        PUBLIC.frameworks,
        PUBLIC.links,
    ),
    Rule(
        "SRM-CLOUDTRAIL-002",
        "Accounts have a trail in all regions",
        "Without it nobody can tell what happened.",
        "high",
        "logging-and-monitoring",
        "cloudtrail",
        {"terraform": "Add an `aws_cloudtrail`.", "cloudformation": "Add an `AWS::CloudTrail::Trail`."},
        {"cis_aws_5_0": ("3.1", "3.10", "3.2")},
    ),
)
NOWHERE = replace(
    PUBLIC, template="plan é.json", resource=f'aws_db_instance.x["{HOSTILE}"]', file=None, line=None, column=None, end_line=None,
    message=f"database {HOSTILE}", via=(Call(f"{HOSTILE}.tf", 3, f'module.x["{HOSTILE}"]'),), when={HOSTILE: HOSTILE},
    fingerprint="5123456789abcdef0123456789abcdef",
)  # fmt: skip
WHOLE = replace(
    NOWHERE, policy_id="SRM-CLOUDTRAIL-002", title="Accounts have a trail in all regions", severity="high", resource=None,
    responsibility="logging-and-monitoring", service="cloudtrail", resource_type=None, source_type=None, path=(), source_path=(),
    source_address=None, message="account has no trail", via=(), when={}, also=(), links=(),
    fingerprint="6123456789abcdef0123456789abcdef",
)  # fmt: skip
IGNORED = replace(
    SSH,
    verdict="suppressed",
    suppression={
        "kind": "inline",
        "reason": f"the lab {HOSTILE}",
        "file": "main.tf",
        "line": "8",
        "until": "2027-01-31",
        "verdict": "fail",
    },
)
KNOWN = replace(
    UNKNOWN,
    resource="aws_s3_bucket.old",
    verdict="suppressed",
    suppression={"kind": "baseline", "reason": "in the baseline", "file": "baseline.json", "verdict": "unknown"},
    fingerprint="7123456789abcdef0123456789abcdef",
)
GATE = replace(
    FULL,
    inputs=(PLAN, Input("plan é.json", "terraform-plan", "ef" * 32, "plan é.json"), Input("infra", "terraform-hcl", "01" * 32, "infra")),
    findings=(IGNORED, KNOWN, UNKNOWN, PASSWORD, replace(UNKNOWN, blocked_by=(), message="cannot tell"), NOWHERE, WHOLE),
    verdicts={"fail": 3, "unknown": 2, "suppressed": 2},
    by_severity={"critical": 2, "high": 1},
    diagnostics=(
        Diagnostic("File cannot be read", f"{HOSTILE}.json", None, None, f"It is {HOSTILE}.", "look at it"),
        *FULL.diagnostics,
    ),
    rules=RULES,
)  # fmt: skip
REPORTS = {"full": FULL, "clean": CLEAN, "passes": PASSES, "nothing": NOTHING, "gate": GATE}
