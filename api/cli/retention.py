"""`waybill retention`: erase personal values whose time has come, or only say which would be."""

import json

import click

from api.cli.installation import reading_installation
from waybill.clock import SystemClock
from waybill.registry.personal import RetentionReport
from waybill.registry.retention import UseKind, retention_periods
from waybill.services.personal.retention import look_at_values
from waybill.storage.session import read_session
from waybill.worker import retain


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased; nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="The counts as one JSON object.")
def command(*, dry_run: bool, as_json: bool) -> None:
    """Erase personal values and photographs whose retention has ended.

    The worker does this by itself once a day.
    """
    now = SystemClock().now()
    with reading_installation() as sessions:
        if dry_run:
            with read_session(sessions) as session:
                report = look_at_values(session, now=now)
        else:
            report = retain(sessions, now).report
    click.echo(_as_json(report) if as_json else _in_words(report, dry_run=dry_run))


def _as_json(report: RetentionReport) -> str:
    told = {
        "erased": dict(report.erased),
        "kept": dict(report.kept),
        "in_use": report.in_use,
        "restricted": report.restricted,
        "unattached": report.unattached,
    }
    return json.dumps(told, sort_keys=True)


def _in_words(report: RetentionReport, *, dry_run: bool) -> str:
    verb = "would be erased" if dry_run else "erased"
    lines = [f"{verb}: {report.erased_total}"]
    lines += [f"    {name}: {count}" for name, count in report.erased.items()]
    lines.append(f"in use: {report.in_use}")
    lines.append(f"kept under restriction: {report.restricted}")
    for code, count in report.kept.items():
        period = retention_periods()[UseKind(code)]
        confirmed = "" if period.confirmed else ", unconfirmed"
        lines.append(
            f"kept {period.keep_months} months as {period.name_en} "
            f"({period.basis_en}{confirmed}): {count}"
        )
    lines.append(f"without a known holder: {report.unattached}")
    return "\n".join(lines)
