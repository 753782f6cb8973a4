"""A verdict that was kept is judged again from its facts, and comes out the same.

Each story's own verdicts are judged again at its end (`town`); here the world changes in between.
"""

from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.harness.bay_steps import look_at_everything
from tests.harness.stories import Judged, Town
from waybill.rules.assess import assess
from waybill.rules.facts import Facts
from waybill.storage.waybills import VerdictRow


def kept_verdicts(engine: Engine) -> Sequence[VerdictRow]:
    """Return every verdict in a database, oldest first."""
    with Session(engine) as session:
        return session.scalars(select(VerdictRow).order_by(VerdictRow.id)).all()


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
