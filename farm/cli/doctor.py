"""`farm doctor`: is this machine ready? One line per check, with what to do where it is not."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from farm.cli.options import json_option
from farm.cli.readiness import Finding, examine
from farm.settings.settings import load_settings

NOT_READY = 2


@click.command("doctor")
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check whether this machine and its servers are ready. Exit code 2 when they are not."""
    findings = examine(load_settings())
    ready = all(finding.passed for finding in findings)
    if as_json:
        checks = [asdict(finding) for finding in findings]
        click.echo(json.dumps({"ready": ready, "checks": checks}))
    else:
        for finding in findings:
            click.echo(_line(finding))
    if not ready:
        ctx.exit(NOT_READY)


def _line(finding: Finding) -> str:
    line = f"{'✓' if finding.passed else '✗'} {finding.name:<12} {finding.found}"
    return line if finding.passed else f"{line} → {finding.advice}"
