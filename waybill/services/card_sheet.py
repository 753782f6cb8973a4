"""All code cards of an organisation, signed to be printed on sheets and cut apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from waybill.qr_payload import QrKind
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import PersonRole, RecordStatus, UnitKind
from waybill.registry.labels import Label, label_of
from waybill.registry.records import Person, Tank, Vehicle
from waybill.services.cards import Card, issue_person_card, issue_tank_card, issue_vehicle_card
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.people import list_people
from waybill.services.registry.tanks import list_tanks
from waybill.services.registry.vehicles import list_vehicles
from waybill.services.waybills.issuing import IssueTerms
from waybill.storage.personal import PersonalVault

KINDS: Final = (
    QrKind.VEHICLE,
    QrKind.TRAILER,
    QrKind.TANK,
    QrKind.DRIVER,
    QrKind.ESCORT,
    QrKind.SUPERVISOR,
)
"""The cards a sheet has, in its order. Certificates get theirs one by one."""
ROLE_OF: Final = {
    QrKind.DRIVER: PersonRole.DRIVER,
    QrKind.ESCORT: PersonRole.ESCORT,
    QrKind.SUPERVISOR: PersonRole.LOADING_SUPERVISOR,
}
MOST: Final = PageRequest(limit=MAX_PAGE_ITEMS)
NO_NAME: Final = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCard:
    """A card and what is printed beside its code: a plate, a tank number or a masked name."""

    card: Card
    name: str
    detail: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSheet:
    """The cards, and the kinds of which there are more than a sheet takes (200 each)."""

    cards: tuple[SheetCard, ...]
    cut: tuple[QrKind, ...]


def issue_card_sheet(
    session: Session,
    actor: Actor,
    *,
    kind: QrKind | None = None,
    vault: PersonalVault,
    terms: IssueTerms,
) -> CardSheet:
    """Sign a card for everything in use of the caller's organisation; each is an event.

    Args:
        session: the caller's, for writing.
        actor: whose organisation's cards.
        kind: the only kind wanted, `None` for all.
        vault: opens the names, which are shown masked.
        terms: what the installation signs with.

    Raises:
        ForbiddenError: the account keeps no register.
        NotFoundError: the installation has no key to sign with.
    """
    actor.require(Permission.WRITE_REGISTRY)
    cards: list[SheetCard] = []
    cut: list[QrKind] = []
    for each in KINDS if kind is None else (kind,):
        records, more = _records(session, actor, each, vault)
        cards.extend(_card(session, actor, each, record, terms) for record in records)
        if more:
            cut.append(each)
    return CardSheet(cards=tuple(cards), cut=tuple(cut))


def _records(
    session: Session, actor: Actor, kind: QrKind, vault: PersonalVault
) -> tuple[list[Vehicle | Tank | Person], bool]:
    active = RecordStatus.ACTIVE
    if kind in ROLE_OF:
        people = list_people(
            session, actor, vault=vault, role=ROLE_OF[kind], status=active, page=MOST
        )
        return list(people.items), people.next_after is not None
    if kind is QrKind.TANK:
        tanks = list_tanks(session, actor, status=active, page=MOST)
        return list(tanks.items), tanks.next_after is not None
    units = list_vehicles(session, actor, status=active, page=MOST)
    return list(_units(units.items, kind)), units.next_after is not None


def _units(vehicles: tuple[Vehicle, ...], kind: QrKind) -> Iterator[Vehicle]:
    for vehicle in vehicles:
        if (vehicle.kind is UnitKind.TRAILER) is (kind is QrKind.TRAILER):
            yield vehicle


def _card(
    session: Session,
    actor: Actor,
    kind: QrKind,
    record: Vehicle | Tank | Person,
    terms: IssueTerms,
) -> SheetCard:
    if isinstance(record, Vehicle):
        card = issue_vehicle_card(session, actor, record.id, terms=terms)
        colour = label_of(record.plate_colour)
        detail = Label(f"{colour.zh}牌 {label_of(record.kind).zh}", f"{colour.en} plate")
        return SheetCard(card=card, name=record.plate, detail=detail)
    if isinstance(record, Tank):
        card = issue_tank_card(session, actor, record.id, terms=terms)
        return SheetCard(card=card, name=record.number, detail=label_of(record.kind))
    card = issue_person_card(session, actor, record.id, kind, terms=terms)
    reference = Label(card.subject, "")
    return SheetCard(card=card, name=record.name_masked or NO_NAME, detail=reference)
