"""`waybill statistics rebuild`: figures held against the log, and made from it anew."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from api.cli import main
from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.sequenced import counted_up
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import b64url_encode
from waybill.storage.tally import TallyRow


@pytest.fixture
def falsified(
    fresh_database_url: str,
    committing_engine: Engine,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An installation in which somebody has moved an issued waybill to another district."""
    for name, value in {
        "WAYBILL_DATABASE_URL": fresh_database_url,
        "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "WAYBILL_PII_KEY": b64url_encode(bytes(range(32))),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(bytes(range(32, 64))),
        "WAYBILL_KEY_DIR": str(tmp_path / "keys"),
        "WAYBILL_EDITIONS_DIR": str(tmp_path / "editions"),
    }.items():
        monkeypatch.setenv(name, value)
    with Session(committing_engine) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        Line(yard=yard, clock=clock).issued(session)
        counted_up(session)
        session.execute(update(TallyRow).values(area_code="320900"))


@pytest.mark.usefixtures("falsified")
def test_a_falsified_figure_is_named_and_put_right() -> None:
    runner = CliRunner()

    answers = [
        runner.invoke(main, ["statistics", "rebuild", *options])
        for options in (["--check"], ["--check"], [], ["--check"])
    ]

    sums = "sum 2026-11-22 district {} issue passed: many, with_planned, planned_kg\n"
    told = "entry 1: area_code\n" + sums.format(320800) + sums.format(320900)
    assert [(answer.exit_code, answer.stdout) for answer in answers] == [
        (1, told),
        (1, told),
        (0, ""),
        (0, ""),
    ]
    assert answers[-1].stderr == "2 entries recomputed, 0 differ\n"
