"""A law that comes: exactly what it changes is named, and before its day nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.coming_law import COMES_ON, change_figure, forget_law, prohibit
from tests.harness.line import Line
from tests.harness.rule_facts import AT
from tests.harness.rule_trips import trip
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.errors import ForbiddenError, InvalidFieldError
from waybill.registry.kinds import Provenance, TankKind
from waybill.rules.facts import CarriageMode
from waybill.services.law_states import Change, changes, law_on, under
from waybill.services.next_edition import EditionPreview, preview_edition
from waybill.services.waybills.draft import DraftGoods
from waybill.storage.registry import TankRow

METHANOL_TANK = "T-2023-0002"
ACID_TANK = "T-2023-0003"


@pytest.fixture(autouse=True)
def own_law() -> Iterator[None]:
    """Leave the package's own law behind."""
    yield
    forget_law()


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    accounts = seed_accounts(session, clock.now())
    return Line(yard=seed_yard(session, accounts, clock.now()), clock=clock)


def add_tank(session: Session, line: Line, number: str, un_number: str, capacity_l: str) -> UUID:
    """Register another tank of the carrier, approved for one of the goods, on the same trailer."""
    row = TankRow(
        organisation_id=line.yard.accounts.organisations["carrier"],
        created_at=line.clock.now(),
        number=number,
        kind=TankKind.ATMOSPHERIC_TANK,
        capacity_l=Decimal(capacity_l),
        compartments=[],
        approved_substances=[
            {
                "un_number": un_number,
                "packing_groups": [],
                "technical_name": "",
                "max_concentration": "",
                "compartment": None,
            }
        ],
        tank_code="L10DH",
        provenance=Provenance.DOCUMENT,
    )
    session.add(row)
    session.flush()
    return row.id


def issued(session: Session, line: Line, entry_key: str, tank_id: UUID) -> UUID:
    goods = DraftGoods(
        entry_key=entry_key, quantity_kg=Decimal(20000), mode=CarriageMode.TANK, compartment=1
    )
    return line.issued(session, line.yard.draft(goods=(goods,), tank_id=tank_id)).id


def preview(session: Session, line: Line, on: date = COMES_ON) -> EditionPreview:
    return preview_edition(session, line.yard.actor("auditor"), on, clock=line.clock)


def told(found: EditionPreview) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Return kind, name, goods and changes of whatever is affected."""
    return [
        (a.kind, a.name, a.entry_key, [said(change) for change in a.changes])
        for a in found.affected
    ]


def said(change: Change) -> tuple[str, str, str]:
    before = change.before.reason if change.before else ""
    after = change.after.reason if change.after else ""
    return change.code, before, after


def test_a_row_that_is_forbidden_names_its_waybills_and_tanks_alone(
    session: Session, line: Line, tmp_path: Path
) -> None:
    methanol = add_tank(session, line, METHANOL_TANK, "1230", "30000")
    line.issued(session)
    waybill_id = issued(session, line, "1230", methanol)
    prohibit(tmp_path, "1230")

    found = preview(session, line)

    forbidden = [("GDS-01.carriage", "allowed", "prohibited")]
    assert [(kind, goods, changed) for kind, _, goods, changed in told(found)] == [
        ("waybill", "1230", forbidden),
        ("tank", "1230", forbidden),
    ]
    assert [a.id for a in found.affected] == [waybill_id, methanol]
    assert found.affected[1].name == METHANOL_TANK
    assert (found.before.list_edition, found.after.list_edition) == ("2025", "2031")
    assert (found.complete, found.judged) == (True, 6)


def test_a_figure_that_changes_names_the_tanks_it_is_about(
    session: Session, line: Line, tmp_path: Path
) -> None:
    add_tank(session, line, METHANOL_TANK, "1230", "18000")
    add_tank(session, line, ACID_TANK, "1829", "18000")
    change_figure(tmp_path, "tank_cap_l", "15000")

    found = preview(session, line)

    assert told(found) == [
        ("tank", ACID_TANK, "1829", [("TNK-03.volume", "tank_within_cap", "tank_too_large")])
    ]
    assert (found.before.figures, found.after.figures) != (found.after.figures,) * 2


def test_before_its_day_a_law_changes_nothing(session: Session, line: Line, tmp_path: Path) -> None:
    add_tank(session, line, METHANOL_TANK, "1230", "30000")
    prohibit(tmp_path, "1230")
    change_figure(tmp_path, "tank_cap_l", "15000")

    found = preview(session, line, COMES_ON - timedelta(days=1))

    assert told(found) == []


def test_papers_that_run_out_by_then_are_no_effect_of_the_law(session: Session, line: Line) -> None:
    line.issued(session)

    assert told(preview(session, line, date(2035, 1, 1))) == []


def test_a_report_says_where_it_stopped(session: Session, line: Line) -> None:
    line.issued(session)

    found = preview_edition(
        session, line.yard.actor("admin"), date(2035, 1, 1), most=1, clock=line.clock
    )

    assert (found.judged, found.complete) == (1, False)


def test_what_there_is_not_is_refused(session: Session, line: Line) -> None:
    with pytest.raises(InvalidFieldError):
        preview(session, line, date(2000, 1, 1))
    with pytest.raises(InvalidFieldError):
        law_on(COMES_ON, "1999-01")
    with pytest.raises(ForbiddenError):
        preview_edition(session, line.yard.actor("carrier"), COMES_ON, clock=line.clock)


class TestLaws:
    def test_goods_without_a_row_in_the_other_list_are_not_allowed(self, tmp_path: Path) -> None:
        before = law_on(AT.date())
        facts = trip()
        prohibit(tmp_path, "1203")
        gone = replace(facts, goods=(replace(facts.goods[0], entry_key="9999-gone"),))

        (line,) = under(gone, before).goods

        assert (line.list_status, line.tank_code, line.un_number) == ("unlisted", "", "1203")

    def test_facts_under_their_own_law_stay_as_they_are(self) -> None:
        law = law_on(AT.date())
        facts = under(trip(), law)

        assert under(facts, law) == facts
        assert changes(facts, law, law, at=AT) == ()

    def test_rules_of_a_later_edition_are_told_where_they_stand(self) -> None:
        before, after = law_on(AT.date(), "2026-11"), law_on(AT.date())
        facts = replace(under(trip(), after), driver=None)

        found = {c.code: (c.before, c.after) for c in changes(facts, before, after, at=AT)}

        assert all(pair[1] is not None and pair[1].stands for pair in found.values())
        assert any(pair[0] is None for pair in found.values())
        assert "GDS-01.carriage" not in found
