"""A verdict that was kept is judged again from its facts, and comes out the same."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from api.demo.case import Twist
from api.demo.cases import CASES, OTHER_TRAILER_PLATE
from tests.harness.bay_steps import Step, look_at_everything
from tests.harness.stories import Judged, Town, gross_mass_kg
from waybill.rules.assess import assess, findings_from_bytes, replay
from waybill.rules.facts import Facts
from waybill.storage.waybills import VerdictRow

GOING_TO_THE_BAY = [case.key for case in CASES if case.twist is not Twist.NOT_ISSUED]


def kept_verdicts(engine: Engine) -> Sequence[VerdictRow]:
    """Return every verdict in a database, oldest first."""
    with Session(engine) as session:
        return session.scalars(select(VerdictRow).order_by(VerdictRow.id)).all()


def play(town: Town, key: str) -> None:
    """Play a case as far as it goes: signed, decided, and released where it is cleared."""
    trip = town.issue(key)
    if trip.case.twist is Twist.CANCELLED:
        trip.cancel("客户取消订单")
    other: dict[str, Step] = {}
    if trip.case.twist is Twist.OTHER_TRAILER:
        other["trailer_card"] = ("scan", trip.vehicle_card(OTHER_TRAILER_PLATE))
        other["trailer_plate"] = ("trailer", OTHER_TRAILER_PLATE)
    check = look_at_everything(trip, **other)
    if check.decide().clears:
        loaded_kg = trip.case.quantity_kg
        check.release(str(loaded_kg), gross_mass_kg=gross_mass_kg(trip.case, loaded_kg))


@pytest.mark.parametrize("key", GOING_TO_THE_BAY)
def test_every_verdict_of_a_story_is_the_same_when_judged_again(
    town: Town, site_engine: Engine, key: str
) -> None:
    play(town, key)

    verdicts = kept_verdicts(site_engine)

    assert len(verdicts) >= 2
    for kept in verdicts:
        again = assess(
            Facts.from_bytes(kept.facts), at=kept.judged_at, phase=kept.phase, edition=kept.edition
        )
        assert findings_from_bytes(again.findings_bytes()) == findings_from_bytes(kept.findings)
        assert (again.clears, again.digest(kept.facts)) == (kept.clears, kept.digest)
        assert (
            replay(
                kept.facts, kept.findings, phase=kept.phase, at=kept.judged_at, edition=kept.edition
            )
            == ()
        )


def test_what_is_changed_later_changes_no_verdict_that_was_kept(
    town: Town, site_engine: Engine
) -> None:
    trip = town.issue("petrol")
    cleared = look_at_everything(trip).decide()
    vehicle = f"/vehicles/{town.register.vehicles[trip.case.tractor]}"
    version = trip.carrier.get(vehicle)["version"]
    trip.carrier.put(
        f"{vehicle}/status", {"status": "suspended", "reason": "年检未过"}, version=version
    )

    kept = kept_verdicts(site_engine)[-1]

    assert trip.verdicts("before_loading") == [cleared]
    again = assess(
        Facts.from_bytes(kept.facts), at=kept.judged_at, phase=kept.phase, edition=kept.edition
    )
    assert (
        Judged(
            clears=again.clears,
            findings={f.code: (f.outcome.value, f.reason) for f in again.findings},
        )
        == cleared
    )
