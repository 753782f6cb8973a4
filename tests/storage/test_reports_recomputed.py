"""A report is recomputed from the events of the log alone, also by the command."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, update

from api.cli import main
from tests.harness.counted_trips import counted_trips
from tests.harness.report_maker import (
    Sessions,
    compact,
    made,
    rolled_back_sessions,
)
from tests.harness.sequenced import counted_up
from tests.harness.trips import Yard
from waybill.clock import FixedClock
from waybill.services.reports.recomputing import recompute_report
from waybill.services.reports.stated import StatedFigure, read_report
from waybill.services.statistics.summing import sum_entries
from waybill.storage.session import session_factory
from waybill.storage.tally import ProjectionRow, TallyRow, TallySumRow
from waybill.storage.tally_sums import SUMS


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """The maker of sessions whose commits are rolled back at the test's end."""
    with rolled_back_sessions(engine) as made_sessions:
        yield made_sessions


@pytest.fixture
def yard(sessions: Sessions, clock: FixedClock) -> Yard:
    """A log with a released and a refused trip."""
    with sessions() as session, session.begin():
        return counted_trips(session, clock)[0]


class TestRecomputing:
    """The events of the log alone give the same figures."""

    def test_a_report_is_equal(self, sessions: Sessions, yard: Yard, clock: FixedClock) -> None:
        report = read_report(made(sessions, yard, clock).content)

        with sessions() as session:
            assert recompute_report(session, report) == []

    def test_what_came_later_changes_nothing(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        report = read_report(made(sessions, yard, clock).content)
        with sessions() as session, session.begin():
            counted_up(session)

        with sessions() as session:
            assert recompute_report(session, report) == []

    def test_a_table_that_was_tampered_with_is_found_out(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        with sessions() as session, session.begin():
            session.execute(
                update(TallyRow).where(TallyRow.outcome == "unproven").values(outcome="passed")
            )
            session.execute(delete(TallySumRow))
            session.execute(delete(ProjectionRow).where(ProjectionRow.name == SUMS))
            sum_entries(session)
        report = read_report(made(sessions, yard, clock).content)

        with sessions() as session:
            found = recompute_report(session, report)

        acts = [(d.keys, d.stated, d.recomputed) for d in found if d.section == "acts"]
        one, two = (
            StatedFigure(("check", "passed"), n, m, None) for n, m in ((1, "28000"), (2, "56000"))
        )
        assert acts == [
            (("check", "passed"), two, one),
            (
                ("check", "unproven"),
                None,
                StatedFigure(("check", "unproven"), 1, "28000", None),
            ),
        ]

    def test_a_log_that_is_too_short_is_refused(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        report = read_report(made(sessions, yard, clock).content)
        longer = msgspec.structs.replace(report, log=msgspec.structs.replace(report.log, size=9999))

        with sessions() as session, pytest.raises(ValueError, match="no entry 9998"):
            recompute_report(session, longer)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            pytest.param({"definition": 2}, "definition 2", id="another definition"),
            pytest.param({"format": "bill"}, "not bill", id="another format"),
            pytest.param({"sections": 1}, "no report", id="another shape"),
        ],
    )
    def test_what_is_no_report_is_refused(
        self,
        sessions: Sessions,
        yard: Yard,
        clock: FixedClock,
        change: dict[str, object],
        message: str,
    ) -> None:
        said = json.loads(made(sessions, yard, clock).content) | change

        with pytest.raises(ValueError, match=message):
            read_report(json.dumps(said).encode())


class TestCommand:
    """`waybill report recompute`, by id and by file."""

    @pytest.fixture
    def sessions(self, committing_engine: Engine) -> Sessions:
        """The maker of sessions that really commit, for the command to see."""
        return session_factory(committing_engine)

    @pytest.fixture
    def environment(self, fresh_database_url: str) -> dict[str, str]:
        return {
            "WAYBILL_DATABASE_URL": fresh_database_url,
            "WAYBILL_SECRET_KEY": "s" * 32,
            "WAYBILL_PII_KEY": "A" * 43,
            "WAYBILL_PII_INDEX_KEY": "A" * 43,
        }

    @pytest.mark.parametrize("form", ["id", "json", "jws"])
    def test_it_says_equal(  # noqa: PLR0917  pytest's fixtures
        self,
        sessions: Sessions,
        yard: Yard,
        clock: FixedClock,
        environment: dict[str, str],
        tmp_path: Path,
        form: str,
    ) -> None:
        report = made(sessions, yard, clock)
        file = tmp_path / f"report.{form}"
        signed = compact(report.content, report.document_jws) + "\n"
        file.write_bytes(report.content if form == "json" else signed.encode())
        named = str(report.id) if form == "id" else str(file)

        result = CliRunner().invoke(main, ["report", "recompute", named], env=environment)

        assert result.exit_code == 0, result.output
        assert result.output.endswith("recomputed: equal\n")

    def test_it_says_what_differs(
        self,
        sessions: Sessions,
        yard: Yard,
        clock: FixedClock,
        environment: dict[str, str],
        tmp_path: Path,
    ) -> None:
        said = json.loads(made(sessions, yard, clock).content)
        said["sections"][0]["figures"][0]["count"] += 5
        file = tmp_path / "altered.json"
        file.write_text(json.dumps(said))

        result = CliRunner().invoke(main, ["report", "recompute", str(file)], env=environment)

        assert result.exit_code == 1
        assert "acts: arrival / passed: stated 7 (56000, None kg), recomputed 2" in result.output

    def test_a_file_that_is_not_there_is_told(self, environment: dict[str, str]) -> None:
        result = CliRunner().invoke(main, ["report", "recompute", "nowhere"], env=environment)

        assert (result.exit_code, "no such file" in result.output) == (1, True)
