"""The commands about policies: `policies`, `test`, `bundle`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from srmcheck.cli_options import (
    SETTINGS,
    Suggested,
    colour_option,
    policy_options,
    selection_options,
    settings_options,
)
from srmcheck.cli_settings import settle
from srmcheck.cli_streams import colour, say
from srmcheck.gate import BROKEN, CLEAN, FAILED, NOTHING
from srmcheck.results import RESPONSIBILITIES, SEVERITIES, SHIPPED


@click.group("policies", context_settings=SETTINGS)
def policies_command() -> None:
    """List, show or start policies."""


@policies_command.command("list", context_settings=SETTINGS)
@click.argument("ids", nargs=-1, metavar="[ID_GLOBS]...")
@click.option("--service", multiple=True, help="Of this service (s3, rds, ...).")
@click.option(
    "--responsibility",
    multiple=True,
    type=Suggested(RESPONSIBILITIES),
    help="Of this responsibility.",
)
@click.option("--severity", multiple=True, type=Suggested(SEVERITIES), help="Of this severity.")
@click.option("--type", "types", multiple=True, help="That judge this CloudFormation type.")
@click.option("--framework", multiple=True, help="With a control of this framework (fsbp, cis_aws_5_0, ...).")
@policy_options
@settings_options
@colour_option
@click.pass_context
def list_command(context: click.Context, /, **_given: Any) -> int:
    """List the policies, all or those that meet every filter."""
    from srmcheck.commands.policies import Filter, all_policies, check_filter, list_lines
    from srmcheck.report.style import Style

    options, _ = settle(context, ())
    filters = ("ids", "service", "responsibility", "severity", "types", "framework")
    chosen = Filter(*(options[name] for name in filters))
    policies = all_policies(options["policy_dirs"], options["data_files"]).policies
    check_filter(chosen, policies)
    taken = [policy for policy in policies if chosen.takes(policy)]
    say("".join(f"{line}\n" for line in list_lines(taken, Style(colour(options["no_colour"])))))
    return CLEAN if taken else NOTHING


@policies_command.command("show", context_settings=SETTINGS)
@click.argument("policy_id", metavar="ID")
@click.option(
    "--language",
    type=Suggested(("terraform", "cloudformation")),
    help="The fix and the examples of this one alone (default both).",
)
@policy_options
@settings_options
@colour_option
@click.pass_context
def show_command(context: click.Context, /, **_given: Any) -> int:
    """Show one policy: when it fails, how to fix it, examples, what it looks at, the frameworks it serves."""
    from srmcheck.commands.policies import all_policies, find_policy, show_lines
    from srmcheck.report.style import Style

    options, _ = settle(context, ())
    policies = all_policies(options["policy_dirs"], options["data_files"])
    policy = find_policy(options["policy_id"], policies.policies)
    lines = show_lines(policy, Style(colour(options["no_colour"])), policies, options["language"])
    say("".join(f"{line}\n" for line in lines))
    return CLEAN


@policies_command.command("new", context_settings=SETTINGS)
@click.argument("policy_id", metavar="ID")
@click.option("--service", help="The folder and package: s3.")
@click.option("--name", help="The file: bucket_versioning.")
@click.option("--type", "type_name", help="The CloudFormation type that it judges (default AWS::S3::Bucket).")
@click.option(
    "--dir", "directory", type=click.Path(path_type=Path), default=Path(), help="Where policies/ and fixtures/ are."
)
def new_command(policy_id: str, service: str | None, name: str | None, type_name: str | None, directory: Path) -> int:
    """Start a policy: the Rego file with its METADATA, its test, and the twin fixtures. ID is one of your own, as in
    ACME-S3-001."""
    from srmcheck.normalize import terraform_type
    from srmcheck.policy.scaffold import scaffold

    files = scaffold(policy_id, service, name, directory, type_name, terraform_type)
    for file in files:
        say(f"wrote {file.as_posix()}\n")
    if not policy_id.startswith(SHIPPED):
        if not any(file.name == "main.tf" for file in files):
            say(f"no Terraform fixture: srmcheck translates no Terraform type into {type_name}\n")
        say(f"next: say what is wrong in {files[0].as_posix()}, then srmcheck test {directory.as_posix()}\n")
    return CLEAN


@click.command("test", context_settings=SETTINGS)
@click.argument("directory", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
@policy_options
@selection_options
@click.option(
    "--fixtures", type=click.Path(path_type=Path), metavar="DIR", help="Where fixtures are (default DIR/fixtures)."
)
@settings_options
@colour_option
@click.pass_context
def test_command(context: click.Context, /, **_given: Any) -> int:
    """Try policies of your own: the verdicts of their fixtures, what happens to them as values become unknown or change
    where nothing is read, their Rego tests, and whether OPA decides alike, if the program opa is on PATH.

    DIR holds policies/ and fixtures/ (default: the current folder).
    """
    import shutil

    from srmcheck.commands.test import folders_of, lines_of, try_all
    from srmcheck.policy.load import load_policies
    from srmcheck.report.style import Style

    options, _ = settle(context, (str(context.params["directory"]),))
    own, fixtures = folders_of(options["directory"], options["policy_dirs"])
    policies = load_policies(profile="all", own=own, data=options["data_files"])
    policies = policies.selected(options["select"], options["ignore"], options.get("places", {}))
    tried = try_all(policies, own, options["fixtures"] or fixtures, shutil.which("opa"))
    say("".join(f"{line}\n" for line in lines_of(tried, Style(colour(options["no_colour"])))))
    return BROKEN if tried.is_broken else FAILED if tried.fails else CLEAN


@click.command("bundle", context_settings=SETTINGS)
@click.option(
    "-o", "--output", "file", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The .tar.gz file."
)
@policy_options
@settings_options
@click.pass_context
def bundle_command(context: click.Context, /, **_given: Any) -> int:
    """Write all policies as a bundle for an OPA server, which --opa-url then asks."""
    from srmcheck.commands.bundle import write_bundle
    from srmcheck.commands.policies import all_policies

    options, _ = settle(context, ())
    policies = all_policies(options["policy_dirs"], options["data_files"])
    digest = write_bundle(policies, options["file"])
    say(f"wrote {len(policies.policies):,} policies to {options['file'].as_posix()}\n{digest}\n")
    return CLEAN
