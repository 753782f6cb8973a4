"""What a search looks for, as a person reads it: a list of what must hold, ids by their names."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from api.pages.event_forms import Choices
from api.pages.showing import event_name, moment, plate_text
from api.wording import t, term
from waybill.services.event_search import EventQuery
from waybill.services.event_views import numbers_of


def words_of(session: Session, query: EventQuery, choices: Choices) -> list[tuple[str, str]]:
    """Return pairs of what is asked and what it must be, in the order of the sentence."""
    names = _names(choices)
    waybill = query.waybill_id
    said = [
        ("auditor.kind", query.kind and event_name(query.kind)),
        ("auditor.outcome", query.outcome and t(f"event_result.{query.outcome.value}")),
        ("subject.waybill", waybill and numbers_of(session, [waybill]).get(str(waybill))),
        ("subject.plate", query.plate and _plate(query)),
        ("subject.un", query.un_number and f"UN {query.un_number}"),
        ("subject.rule", query.rule),
        ("subject.organisation", _name(names, query.organisation_id)),
        ("subject.facility", _name(names, query.facility_id)),
        ("subject.bay", _name(names, query.bay_id)),
        ("subject.user", query.user_id and str(query.user_id)),
        ("subject.person", query.person_index and t("search.by_number")),
        ("auditor.from", _moment(query.from_at)),
        ("auditor.to", _moment(query.to_at)),
    ]
    return [(t(key), words) for key, words in said if words]


def _names(choices: Choices) -> Mapping[UUID, str]:
    names = {entry.id: entry.name for entry in choices.directory}
    for entry in choices.directory:
        for facility in entry.facilities:
            names[facility.id] = f"{entry.name} · {facility.name}"
            names |= {bay.id: f"{facility.name} · {bay.name}" for bay in facility.bays}
    return names


def _name(names: Mapping[UUID, str], identity: UUID | None) -> str:
    return names.get(identity, str(identity)) if identity else ""


def _plate(query: EventQuery) -> str:
    colour = f" {term(query.plate_colour)}" if query.plate_colour else ""
    return f"{plate_text(query.plate or '')}{colour}"


def _moment(at: datetime | None) -> str:
    return moment(at)
