"""AFTER-01.weighbridge: whether what was weighed and what was recorded can both be true."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.rules.after_loading import WEIGHBRIDGE, check_weighbridge
from waybill.rules.bases import SECOND_EDITION
from waybill.rules.classification import FIXED_TANKS
from waybill.rules.evidence import LoadingItem
from waybill.rules.facts import Facts
from waybill.rules.figures import figure
from waybill.rules.finding import Finding, Outcome
from waybill.rules.mass import mass_text
from waybill.rules.rule import unknown

_NOTHING: Final = Decimal(0)


def check_weighing(facts: Facts, at: datetime) -> Finding:
    """Refuse what `check_weighbridge` refuses, and a record that the weighbridge contradicts.

    Gross mass without tares, that of a demountable tank too, is what was loaded, to within the
    tolerance, which itself is allowed: crew, fuel, a rest. Tonnes that nobody recorded would be
    held against neither plan nor filling; a gross mass that is too small was not this vehicle's.

    Source: Order 29/2019, articles 23 and 28.
    """
    found = replace(check_weighbridge(facts, at), version=WEIGHING.version)
    loading = facts.evidence.loading()
    if loading is None or loading.gross_mass_kg is None or found.outcome is not Outcome.PASSED:
        return found
    tare_kg = _tare_kg(facts)
    if tare_kg is None:
        return WEIGHING.finding(*unknown("tares_unknown"))
    return _compare(facts, loading, loading.gross_mass_kg - tare_kg, found)


def _tare_kg(facts: Facts) -> Decimal | None:
    """Return what weighs beside the goods, `None` where a figure for it is missing."""
    tank = facts.tank
    trailer = None if facts.waybill.trailer_plate is None else facts.trailer
    tares = [each.tare_kg for each in (facts.tractor, trailer) if each is not None]
    if tank is not None and tank.kind not in FIXED_TANKS:
        tares.append(tank.tare_kg)
    known = [tare for tare in tares if tare is not None]
    return sum(known, _NOTHING) if len(known) == len(tares) else None


def _compare(facts: Facts, loading: LoadingItem, weighed_kg: Decimal, found: Finding) -> Finding:
    recorded_kg = sum((line.quantity_kg for line in loading.lines), _NOTHING)
    if abs(weighed_kg - recorded_kg) <= figure(facts, "weighing_tolerance_kg"):
        return found
    about = {"weighed_kg": mass_text(weighed_kg), "recorded_kg": mass_text(recorded_kg)}
    return WEIGHING.finding(*unknown("masses_contradict", **about))


WEIGHING: Final = replace(
    WEIGHBRIDGE,
    version=2,
    edition=SECOND_EDITION,
    reasons={**WEIGHBRIDGE.reasons, "masses_contradict": Outcome.UNKNOWN},
    reads=(*WEIGHBRIDGE.reads, "tank.kind", "tank.tare_kg"),
    check=check_weighing,
)
RULES: Final = (WEIGHING,)
