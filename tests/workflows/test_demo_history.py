"""The demonstration's past: played once, in the order of time, with something to see in it."""

from pathlib import Path

from sqlalchemy import Engine, select

from api.demo.history import write_history
from api.demo.past_trips import PAST_TRIPS
from api.demo.seed import find_register, seed
from tests.harness.demo_site import PASSWORD, demo_settings
from tests.harness.sequenced import counted_up
from waybill.clock import FixedClock
from waybill.services.patterns.finding import count_findings, look_for_patterns
from waybill.storage.personal import PersonalVault
from waybill.storage.session import session_factory, write_session
from waybill.storage.tally import TallyAct, TallyRow


def test_the_past_is_played_once_in_its_order_and_shows_patterns(
    committing_engine: Engine, fresh_database_url: str, clock: FixedClock, tmp_path: Path
) -> None:
    settings = demo_settings(fresh_database_url, tmp_path)
    sessions = session_factory(committing_engine)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    seed(sessions, settings, vault, clock=clock, password=PASSWORD)
    with write_session(sessions) as session:
        register = find_register(session, vault)
        today = counted_up(session)
    assert register is not None

    written = [write_history(sessions, settings, register, clock=clock) for _ in range(2)]

    with write_session(sessions) as session:
        counted_up(session)
        look_for_patterns(session, clock=clock)
        found = count_findings(session)
        moments = session.scalars(
            select(TallyRow.recorded_at)
            .where(TallyRow.log_index >= today)
            .order_by(TallyRow.log_index)
        ).all()
        decided = session.scalars(
            select(TallyRow.outcome).where(
                TallyRow.act == TallyAct.CHECK, TallyRow.log_index >= today
            )
        ).all()
    assert written == [len(PAST_TRIPS), 0]
    assert list(moments) == sorted(moments)
    assert max(moments) < clock.now()
    assert sorted(decided) == ["passed"] * 16 + ["refused"] * 8
    assert {code for code, many in found.items() if many} >= {
        "PAT-01.quick",
        "PAT-02.two_trips",
        "PAT-06.late_issue",
    }
