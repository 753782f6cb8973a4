"""Judging without writing anything: what would be said of a trip, now or on a later day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.goods.catalogue import UnknownEditionError
from waybill.registry.access import Actor, Permission
from waybill.rules.assess import Assessment, assess
from waybill.rules.facts import Facts
from waybill.rules.figures import UnknownFigureError, figures_in_force
from waybill.rules.finding import Phase
from waybill.rules.register import EDITIONS, current_edition
from waybill.sealing import KeyTable
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.given_facts import read_facts
from waybill.services.registry.listing import visible_to as may_see
from waybill.services.waybills.draft import Draft
from waybill.services.waybills.drafts import OWN_FIELDS, draft_problems, fill_row
from waybill.services.waybills.queries import visible_to
from waybill.storage.facts_query import OF_VALUES, OF_WAYBILL, waybill_values
from waybill.storage.registry import VehicleRow
from waybill.storage.waybills import WaybillRow

NEEDED: Final = ("vehicle_id", "driver_id", "escort_id", "facility_id")
"""What a draft must name before anything can be said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentTerms:
    """How is judged: when (now), at which point of a waybill's life, by which edition (newest)."""

    at: datetime | None = None
    phase: Phase = Phase.ISSUE
    edition: str | None = None


def assess_waybill(
    session: Session,
    actor: Actor,
    waybill_id: UUID,
    terms: AssessmentTerms,
    *,
    keys: KeyTable,
    clock: Clock,
) -> Assessment:
    """Judge a draft of one's own, or an issued waybill that one may read.

    Raises:
        NotFoundError: there is none that the account may see.
        InvalidFieldError: the draft lacks what any judgement needs, or a term cannot be met.
    """
    actor.require(Permission.ASSESS)
    known = select(WaybillRow.id).where(WaybillRow.id == waybill_id, visible_to(actor))
    if session.scalar(known) is None:
        raise NotFoundError("waybill", waybill_id)
    at = terms.at or clock.now()
    values = {"waybill_id": waybill_id, "actor_id": None, "supervisor_reference": ""}
    dossier = Dossier(OF_WAYBILL.read(session, values))
    if dossier.content is None:
        _refuse(_missing(Draft.from_json(dossier.waybill.draft), "/waybill_id"))
    return _judge(_gathered(dossier, keys, at), terms, at)


def assess_draft(
    session: Session,
    actor: Actor,
    draft: Draft,
    terms: AssessmentTerms,
    *,
    keys: KeyTable,
    clock: Clock,
) -> Assessment:
    """Judge a draft that is nowhere stored, of records that the account may read.

    The carrier is the one that the vehicle belongs to.

    Raises:
        InvalidFieldError: names every record that is not there to be read, what is missing, or a
            term that cannot be met.
    """
    actor.require(Permission.ASSESS)
    at = terms.at or clock.now()
    _refuse(_missing(draft, "/draft"))
    _refuse(_unseen(session, actor, draft))
    try:
        _refuse(_below("/draft", draft_problems(session, draft, at)))
    except UnknownEditionError:
        raise _no_law() from None
    with session.no_autoflush:
        row = WaybillRow(carrier_id=_owner(session, draft), created_at=at, draft={})
        fill_row(session, row, draft)
    row.version = 1
    values = waybill_values(row) | {"actor_id": None, "supervisor_reference": ""}
    return _judge(_gathered(Dossier(OF_VALUES.read(session, values)), keys, at), terms, at)


def assess_facts(
    actor: Actor, given: dict[str, object], terms: AssessmentTerms, *, clock: Clock
) -> Assessment:
    """Judge facts that somebody wrote, with the law's figures of the day of loading if none named.

    Raises:
        InvalidFieldError: names what in them cannot be, or a term that cannot be met.
    """
    actor.require(Permission.ASSESS)
    at = terms.at or clock.now()
    return _judge(read_facts(given, "/facts"), terms, at)


def _gathered(dossier: Dossier, keys: KeyTable, at: datetime) -> Facts:
    try:
        return facts_of(dossier, keys, at=at)
    except (UnknownEditionError, UnknownFigureError):
        raise _no_law() from None


def _judge(facts: Facts, terms: AssessmentTerms, at: datetime) -> Assessment:
    edition = terms.edition or current_edition()
    if edition not in {known.id for known in EDITIONS}:
        raise InvalidFieldError(
            [_problem("/edition", "没有这个规则版本。", "There is no such edition.")]
        )
    if not facts.figures:
        facts = replace(facts, figures=_figures(facts, at))
    return assess(facts, at=at, phase=terms.phase, edition=edition)


def _figures(facts: Facts, at: datetime) -> str:
    """Return the edition of the figures on the day of loading; empty where none holds."""
    planned = facts.waybill.planned_loading_at or at
    try:
        return figures_in_force(local_date(max(at, planned))).name
    except UnknownFigureError:
        return ""


def _missing(draft: Draft, pointer: str) -> Iterable[FieldProblem]:
    for name in NEEDED:
        if getattr(draft, name) is None:
            yield FieldProblem(
                pointer=f"{pointer}/{name}" if pointer == "/draft" else pointer,
                code="required",
                message_zh=f"判断前须填写：{name}。",
                message_en=f"Needed before anything can be judged: {name}.",
            )


def _unseen(session: Session, actor: Actor, draft: Draft) -> Iterable[FieldProblem]:
    """Name records that the account may not read: whether they exist elsewhere is not said."""
    for field, row in OWN_FIELDS:
        wanted: UUID | None = getattr(draft, field)
        if wanted is None:
            continue
        readable = select(row.id).where(row.id == wanted, may_see(actor, row.organisation_id))
        if session.scalar(readable) is None:
            yield _problem(
                f"/draft/{field}", "没有可以查看的这条登记。", "There is no such record for you."
            )


def _owner(session: Session, draft: Draft) -> UUID:
    found = session.scalars(
        select(VehicleRow.organisation_id).where(VehicleRow.id == draft.vehicle_id)
    )
    return found.one()


def _below(pointer: str, problems: Iterable[FieldProblem]) -> Iterable[FieldProblem]:
    return (replace(problem, pointer=pointer + problem.pointer) for problem in problems)


def _refuse(problems: Iterable[FieldProblem]) -> None:
    found = list(problems)
    if found:
        raise InvalidFieldError(found)


def _no_law() -> InvalidFieldError:
    return InvalidFieldError(
        [
            _problem(
                "/at",
                "该日没有有效的危险货物一览表。",
                "No dangerous goods list holds on that day.",
            )
        ]
    )


def _problem(pointer: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code="unknown-reference", message_zh=zh, message_en=en)
