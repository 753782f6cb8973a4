"""The sentence by which the log is searched: what it asks, and what can be chosen in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.page_forms import FormReader, Words
from api.runtime import runtime
from waybill.errors import InvalidFieldError
from waybill.identifiers import IdentifierError, parse_plate
from waybill.registry.access import Actor
from waybill.registry.kinds import PlateColour
from waybill.registry.records import DirectoryEntry
from waybill.rules.register import REGISTER
from waybill.services.event_search import EventQuery, person_index
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.organisations import list_directory
from waybill.services.waybills.queries import WaybillFilter, list_waybills
from waybill.storage.events import EventKind, EventResult

ASKED: Final = (
    "kind",
    "outcome",
    "number",
    "plate",
    "plate_colour",
    "organisation",
    "facility",
    "bay",
    "un",
    "rule",
    "from",
    "to",
)
"""Fields of the sentence, as addresses name them; a person is asked for in a body only."""
PERSON: Final = "id_number"

NO_SUCH_WAYBILL: Final[Words] = (
    "no-such-waybill",
    "没有此编号的运单。",
    "There is no waybill with this number.",
)
NO_UN_NUMBER: Final[Words] = (
    "un-number",
    "请填写四位联合国编号，如 1203。",
    "Write the four digits of a UN number, such as 1203.",
)
NO_SUCH_RULE: Final[Words] = (
    "no-such-rule",
    "没有此规则，请从列表中选择。",
    "There is no such rule; choose one of the list.",
)
ONE: Final = PageRequest(limit=1)
ALL: Final = PageRequest(limit=MAX_PAGE_ITEMS)
_UN_NUMBER: Final = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen in the sentence."""

    directory: Sequence[DirectoryEntry]
    kinds: Sequence[EventKind] = tuple(EventKind)
    outcomes: Sequence[EventResult] = tuple(EventResult)
    colours: Sequence[PlateColour] = tuple(PlateColour)
    rules: Sequence[str] = tuple(sorted({rule.code for rule in REGISTER}))


def read_choices(session: Session, who: Actor) -> Choices:
    """Return what can be chosen, the organisations with their facilities and bays."""
    return Choices(directory=list_directory(session, who, page=ALL).items)


def asked() -> MultiDict[str, str]:
    """Return what the request asks, whether in its address or in its body."""
    return request.form if request.method == "POST" else request.args


def carried(form: MultiDict[str, str], *names: str) -> Mapping[str, str]:
    """Return the fields that are filled in, to be asked again by a link or another form."""
    return {name: form[name] for name in (*ASKED, *names) if form.get(name)}


def read_query(session: Session, who: Actor, form: MultiDict[str, str]) -> EventQuery:
    """Return what a form asks for.

    Raises:
        InvalidFieldError: names every field that cannot be meant.
    """
    reader = FormReader(form=form)
    plate = reader.text("plate")
    colour = reader.optional_choice("plate_colour", PlateColour)
    query = EventQuery(
        waybill_id=_waybill(session, who, reader),
        plate=_plate(reader, plate) if plate else None,
        plate_colour=colour if plate else None,
        organisation_id=reader.identity("organisation"),
        facility_id=reader.identity("facility"),
        bay_id=reader.identity("bay"),
        un_number=_un_number(reader),
        rule=_rule(reader),
        outcome=reader.optional_choice("outcome", EventResult),
        kind=reader.optional_choice("kind", EventKind),
        from_at=reader.moment("from"),
        to_at=reader.moment("to"),
    )
    number = reader.text(PERSON) if request.method == "POST" else ""
    if number:
        try:
            query = replace(query, person_index=person_index(number, runtime().vault))
        except InvalidFieldError as error:
            reader.problems += error.problems
    reader.settle()
    return query


def _waybill(session: Session, who: Actor, reader: FormReader) -> UUID | None:
    """Return the waybill of a number; auditors know numbers, the log knows ids."""
    number = reader.text("number").upper()
    if not number:
        return None
    found = list_waybills(session, who, WaybillFilter(number=number), ONE).items
    if not found:
        reader.complain("number", NO_SUCH_WAYBILL)
        return None
    return found[0].id


def _plate(reader: FormReader, text: str) -> str | None:
    try:
        return parse_plate(text).number
    except IdentifierError as error:
        reader.complain("plate", (error.code, error.message_zh, error.message_en))
        return None


def _un_number(reader: FormReader) -> str | None:
    text = reader.text("un").upper().removeprefix("UN").strip()
    if not text:
        return None
    if not _UN_NUMBER.fullmatch(text):
        reader.complain("un", NO_UN_NUMBER)
    return text


def _rule(reader: FormReader) -> str | None:
    text = reader.text("rule")
    if text and text not in {rule.code for rule in REGISTER}:
        reader.complain("rule", NO_SUCH_RULE)
    return text or None
