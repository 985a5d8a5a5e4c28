"""Sentences that several formats share: places, conditions, blockers, what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.style import count, listed
from srmcheck.results import SHIPPED, Blocker, Finding, Report
from srmcheck.values import Path

RESPONSIBILITY_TITLES = {
    "data-protection": "Data protection and encryption",
    "identity-and-access": "Identity and access",
    "application-security": "Application security",
    "os-security": "Operating system security",
    "network-security": "Network security",
    "logging-and-monitoring": "Logging and monitoring",
}

FRAMEWORK_TITLES = {
    "fsbp": "AWS Foundational Security Best Practices",
    "cis_aws_5_0": "CIS AWS Foundations Benchmark 5.0",
    "pci_dss_4_0": "PCI DSS 4.0",
    "hipaa": "HIPAA Security Rule",
    "iso_27001_2022": "ISO/IEC 27001:2022",
    "soc2": "SOC 2",
    "nist_800_53_r5": "NIST SP 800-53 Rev. 5",
    "gdpr": "GDPR",
}
EQUIVALENT_TITLES = {
    "checkov": "Checkov",
    "trivy": "Trivy",
    "guard": "AWS Guard rules registry",
    "cfn_nag": "cfn_nag",
    "regula": "Regula",
    "terrascan": "Terrascan",
    "prowler": "Prowler",
    "config": "AWS Config",
    "steampipe": "Steampipe",
}
LANGUAGE_TITLES = {"terraform": "Terraform", "cloudformation": "CloudFormation"}

_INPUT_KINDS = {
    "terraform-plan": "Terraform plan",
    "terraform-hcl": "Terraform configuration",
    "terraform-state": "Terraform state",
    "cloudformation": "CloudFormation template",
    "cloudformation-sam": "SAM template",
    "cloudformation-cdk": "CDK template",
}


def path_text(path: Path) -> str:
    """A path as a user writes it: `ingress[0].cidr_blocks[1]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def place_text(finding: Finding) -> str:
    """Where it is: `file:line:column`, as far as known."""
    if finding.file is None:
        return ""
    parts = [finding.file]
    if finding.line is not None:
        parts.append(str(finding.line))
        if finding.column is not None:
            parts.append(str(finding.column))
    return ":".join(parts)


def when_text(when: Mapping[str, bool | str]) -> str:
    """`IsProd is false and Stage is "dev"`."""
    return " and ".join(f"{name} is {_condition_value(value)}" for name, value in sorted(when.items()))


def _condition_value(value: bool | str) -> str:
    return f'"{value}"' if isinstance(value, str) else "true" if value else "false"


def blocker_text(blocker: Blocker, finding: Finding) -> str:
    """`depends on var.kms_key_arn: variable without a value`, or the place that is not known, in the template's own words
    where the finding has them."""
    if blocker.name:
        return f"depends on {blocker.name}: {blocker.reason}"
    path = blocker.path
    if path and isinstance(path[0], str) and path[0].startswith("@"):
        if len(path) == 1:
            return f"{path[0][1:].replace('_', ' ')}: {blocker.reason}"
        path = path[2:]
    owner, at = blocker.address, path_text(path)
    if finding.source_path:
        owner, at = finding.source_address, path_text(finding.source_path)
    if owner is None or owner == finding.resource:
        return f"{at}: {blocker.reason}" if at else blocker.reason
    return f"{owner} {at}: {blocker.reason}" if at else f"{owner}: {blocker.reason}"


def input_kind(kind: str) -> str:
    """A kind of input in words."""
    return _INPUT_KINDS.get(kind, kind)


def diagnostic_place(diagnostic: Diagnostic) -> str:
    """`file:line:column` of a diagnostic, as far as known; empty without a file."""
    parts = [diagnostic.file or ""]
    if diagnostic.file and diagnostic.line is not None:
        parts.append(str(diagnostic.line))
        if diagnostic.column is not None:
            parts.append(str(diagnostic.column))
    return ":".join(parts)


def by_level(report: Report, level: str) -> Iterator[Diagnostic]:
    """The report's diagnostics of one level."""
    return (diagnostic for diagnostic in report.diagnostics if diagnostic.level == level)


def not_assessed_reasons(report: Report) -> Mapping[str, list[str]]:
    """The ids of the checks that did not run, by the reason, in order."""
    reasons: dict[str, list[str]] = {}
    for item in report.not_assessed:
        ids = reasons.setdefault(item.reason, [])
        if item.policy_id not in ids:
            ids.append(item.policy_id)
    return reasons


def failing_severities(report: Report) -> str:
    """`1 critical, 3 high`."""
    found = Counter(report.by_severity)
    return ", ".join(f"{found[name]:,} {name}" for name in ("critical", "high", "medium", "low") if found[name])


def not_checked(report: Report, *, diagnostics: bool = True) -> list[str]:
    """What was not checked and why, one text each: types without policies, checks of the account, what was not evaluated,
    and, with `diagnostics`, what lies outside."""
    texts: list[str] = []
    if report.types_without_policies:
        names = [f"{name} ({number:,})" for name, number in sorted(report.types_without_policies.items())]
        total = sum(report.types_without_policies.values())
        texts.append(f"{count(total, 'resource')} of types that no policy looks at: {listed(names, 8)}")
    for reason, ids in not_assessed_reasons(report).items():
        texts.append(f"{count(len(ids), 'check')} not assessed: {listed(ids, 8)} ({reason})")
    if report.unread:
        names = [f"{name} ({number:,})" for name, number in sorted(report.unread.items())]
        texts.append(f"Not evaluated, and taken as unknown: {listed(names, 8)}")
    if diagnostics:
        texts.extend(map(_one_line, by_level(report, "outside")))
    return texts


def notes(report: Report) -> list[str]:
    """What is worth saying and changes nothing, one text each: ignores of no use, a folder that a plan covers."""
    return list(map(_one_line, by_level(report, "note")))


def _one_line(diagnostic: Diagnostic) -> str:
    place = diagnostic_place(diagnostic)
    text = f"{place}: {diagnostic.summary}" if place else diagnostic.summary
    detail = f". {diagnostic.detail}" if diagnostic.detail else ""
    hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
    return f"{text}{detail}{hint}"


def page_command(policy_id: str) -> str:
    """The command that shows the page of a policy; empty for users' own policies, which have none."""
    return f"srmcheck policies show {policy_id}" if policy_id.startswith(SHIPPED) else ""


def subject_text(finding: Finding) -> str:
    """The resource, or that it is the template as a whole."""
    return finding.resource if finding.resource is not None else "the template as a whole"


def reason_text(finding: Finding) -> str:
    """Why the verdict is what it is, on one line: the message, or what an unknown verdict depends on."""
    if finding.verdict != "unknown":
        return finding.message
    return "; ".join(dict.fromkeys(blocker_text(item, finding) for item in finding.blocked_by)) or finding.message


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """The detail and the hint of a diagnostic, as sentences."""
    hint = f"Hint: {diagnostic.hint}" if diagnostic.hint else ""
    return " ".join(part for part in (diagnostic.detail, hint) if part)


def totals_text(report: Report) -> str:
    """`4 fail (2 critical, 1 high), 3 pass, 1 unknown, 2 suppressed`; empty if nothing was judged."""
    numbers = report.verdicts
    parts = []
    if numbers.get("fail"):
        parts.append(f"{numbers['fail']:,} fail ({failing_severities(report)})")
    if any(numbers.values()):
        parts.append(f"{numbers.get('pass', 0):,} pass")
    parts.extend(f"{numbers[name]:,} {name}" for name in ("unknown", "suppressed") if numbers.get(name))
    return ", ".join(parts)


def shortened(text: str, most: int) -> str:
    """`text`, cut to `most` characters with a mark."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
