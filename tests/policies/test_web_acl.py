"""SRM-ELB-012 across modules, count and for_each, in a real plan and in the configuration that it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from srmcheck.testing.fixtures import Case
from tests.policies.twins import outcomes_of

DATA = Path(__file__).parents[1] / "data" / "plans" / "load_balancers"
EXPECTED = {
    "module.pass_module.aws_lb.this": "pass",
    "module.fail_module.aws_lb.this": "fail",
    'module.keyed["pass"].aws_lb.this': "pass",
    'module.keyed["fail"].aws_lb.this': "fail",
    'aws_lb.pass_each["a"]': "pass",
    'aws_lb.pass_each["b"]': "pass",
    "aws_lb.counted[0]": "fail",
    "aws_lb.counted[1]": "pass",
    "aws_lb.fail_not_live": "fail",
}


@pytest.mark.parametrize(("form", "path"), [("plan", DATA / "plan.json"), ("hcl", DATA)], ids=["plan", "hcl"])
def test_each_instance_has_its_own_web_acl(form: str, path: Path) -> None:
    outcomes = outcomes_of(Case("srmcheck.elb.web_acl", "modules", form, path))
    assert {one.address: one.verdict for one in outcomes} == EXPECTED
