"""The shape every place of the register has, so that one set of views serves them all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.page_forms import FormField, FormReader
from api.wording import term
from waybill.registry.access import Actor
from waybill.registry.kinds import CertificateKind, RecordStatus, SubjectKind
from waybill.registry.records import Certificate, Person, StatusChange, Tank, Vehicle
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.fitness import Fitness

RecordT = TypeVar("RecordT", Vehicle, Tank, Person)
Papers: TypeAlias = Mapping[UUID, Sequence[Certificate]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a list is narrowed by."""

    q: str = ""
    status: RecordStatus | None = None
    page: PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """A form that is to be saved: of a new record, or of the version that was seen."""

    reader: FormReader
    record_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Generic[RecordT]):
    """What the views need to know of one kind of record.

    `fitness` gives how a record stands, once per role for people, each with its words; it is given
    the papers of the record and of its organisation, by whom they are about.
    """

    name: str
    subject: SubjectKind
    papers: tuple[CertificateKind, ...]
    list: Callable[[Session, Actor, Wish], Page[RecordT]]
    get: Callable[[Session, Actor, UUID], RecordT]
    fields: Callable[[Session, Actor, RecordT | None], Sequence[FormField]]
    values: Callable[[RecordT], "MultiDict[str, str]"]
    save: Callable[[Session, Actor, Save], UUID]
    set_status: Callable[[Session, Actor, UUID, StatusChange, int], RecordT]
    fitness: Callable[[RecordT, Papers, datetime], Sequence[tuple[str, Fitness]]]


def options(kind: type[StrEnum], *, but: Sequence[StrEnum] = ()) -> list[tuple[str, str]]:
    """Return the members of a closed list as a field's options."""
    return [(member.value, term(member)) for member in kind if member not in but]


def values_of(**values: str | None) -> "MultiDict[str, str]":
    """Return what a form shows at first; `None` leaves a field empty."""
    return MultiDict({name: value for name, value in values.items() if value is not None})
