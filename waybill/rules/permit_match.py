"""Whether a permit is right for a trip: its number, goods, vehicle, dates and route."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.rules.facts import Answer, Facts, GoodsFacts, PermitFacts
from waybill.rules.permit_needs import PermitForm
from waybill.rules.rule import Judgement, failed, passed, unknown, worst
from waybill.rules.vehicles import stored_spelling

_WHOLE_AREA: Final = "00"
_TRAILER: Final = "挂"


def judge_permit(
    facts: Facts, form: PermitForm, permit: PermitFacts, line: GoodsFacts, at: datetime
) -> Judgement:
    """Judge one permit for one goods line; what does not fit goes before what is not known.

    Its quantity is not judged here: the lines of a trip share it.
    """
    about: dict[str, JsonValue] = {
        "permit": permit.kind.value,
        "number": permit.number,
        "provenance": permit.provenance.value,
        "un_number": line.un_number,
    }
    checks = (
        *_judge_number(form, permit),
        *_judge_goods(permit, line),
        *_judge_plates(facts, form, permit),
        *_judge_dates(permit, local_date(at)),
        *_judge_route(facts, form, permit),
        passed("covered"),
    )
    found = worst(checks)
    return found._replace(facts=about | dict(found.facts))


def _judge_number(form: PermitForm, permit: PermitFacts) -> Iterator[Judgement]:
    if not permit.number.strip():
        yield unknown("number_missing")
    elif form.number is not None and not form.number.fullmatch(permit.number):
        confirmed = form.number_confirmed
        yield failed("number_malformed") if confirmed else unknown("number_unsettled")


def _judge_goods(permit: PermitFacts, line: GoodsFacts) -> Iterator[Judgement]:
    if not permit.un_numbers:
        yield unknown("goods_unknown")
    elif line.un_number not in permit.un_numbers:
        yield failed("goods_not_named", un_numbers=list(permit.un_numbers))


def _judge_plates(facts: Facts, form: PermitForm, permit: PermitFacts) -> Iterator[Judgement]:
    """Compare plates: of vehicles and of trailers, each that the permit names must be the trip's.

    A permit may name several, and may name vehicles alone or trailers alone. That its trailer is
    here does not make good that another vehicle draws it.
    """
    waybill = facts.waybill
    if not permit.plates:
        if form.names_vehicle:
            yield unknown("vehicle_unknown")
        return
    named = {stored_spelling(plate) for plate in permit.plates}
    trailers = {plate for plate in named if plate.endswith(_TRAILER)}
    vehicle, trailer = waybill.vehicle_plate, waybill.trailer_plate
    expected = ""
    if trailer is not None and trailers and stored_spelling(trailer) not in trailers:
        expected = trailer
    if stored_spelling(vehicle) not in named and (named > trailers or trailer is None):
        expected = vehicle
    if expected:
        yield failed("other_vehicle", permit_plates=list(permit.plates), expected=expected)


def _judge_dates(permit: PermitFacts, on: date) -> Iterator[Judgement]:
    begin, end = permit.valid_from, permit.valid_until
    if begin is None or end is None:
        yield unknown("dates_unknown")
    if begin is not None and on < begin:
        yield failed("not_yet_valid", valid_from=begin.isoformat(), on=on.isoformat())
    if end is not None and end < on:
        yield failed("expired", valid_until=end.isoformat(), on=on.isoformat())


def _judge_route(facts: Facts, form: PermitForm, permit: PermitFacts) -> Iterator[Judgement]:
    waybill = facts.waybill
    ends = [("destination", permit.to_area_code, waybill.destination_area_code)]
    if form.names_origin or permit.from_area_code:
        ends.insert(0, ("origin", permit.from_area_code, waybill.loading_area_code))
    for end, printed, actual in ends:
        seen = {"route_end": end, "permit_area": printed, "waybill_area": actual}
        answer = covers_area(printed, actual)
        if answer is Answer.NO:
            yield failed("route_differs", **seen)
        elif answer is Answer.ASK:
            yield unknown("route_unknown", **seen)


def covers_area(printed: str, actual: str) -> Answer:
    """Say whether an area (GB/T 2260) that a permit prints is the waybill's or includes it.

    Compared by the digits given: `3208` and `320800` are a city and cover its districts. Where
    the waybill names the larger area, it may be another district: that asks.
    """
    wide, narrow = _significant(printed), _significant(actual)
    if not wide or not narrow:
        return Answer.ASK
    if narrow.startswith(wide):
        return Answer.YES
    return Answer.ASK if wide.startswith(narrow) else Answer.NO


def _significant(code: str) -> str:
    while code.endswith(_WHOLE_AREA) and len(code) % len(_WHOLE_AREA) == 0:
        code = code.removesuffix(_WHOLE_AREA)
    return code
