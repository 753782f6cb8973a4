"""The demonstration's site with a day's trips, and real ids to put into made-up requests."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from api.demo.seed import seed
from api.runtime import EXTENSION, Runtime
from api.sso import SsoDoors
from tests.harness.accounts import access_token
from tests.harness.demo_site import PASSWORD, DemoSite
from tests.harness.sequenced_log import sequencer
from tests.harness.stories import Town
from waybill.clock import Clock, FixedClock
from waybill.outbound.witnesses import NO_WITNESSES
from waybill.services.identity import AccountStates
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import (
    BayRow,
    CertificateRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.session import ALONE, WRITES, session_factory
from waybill.storage.waybills import LoadingCheckRow, WaybillRevisionRow, WaybillRow

_IDS: Final[Mapping[str, InstrumentedAttribute[UUID]]] = {
    "bay_id": BayRow.id,
    "certificate_id": CertificateRow.id,
    "check_id": LoadingCheckRow.id,
    "event_id": EventRow.id,
    "facility_id": FacilityRow.id,
    "organisation_id": OrganisationRow.id,
    "person_id": PersonRow.id,
    "tank_id": TankRow.id,
    "user_id": UserRow.id,
    "vehicle_id": VehicleRow.id,
    "waybill_id": WaybillRow.id,
}
_SAME_KIND: Final[Mapping[str, str]] = {
    "consignor_id": "organisation_id",
    "consignee_id": "organisation_id",
    "trailer_id": "vehicle_id",
    "mounted_on_id": "vehicle_id",
    "driver_id": "person_id",
    "escort_id": "person_id",
    "subject_id": "vehicle_id",
}
_MANY: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Values that exist in an installation, by the name under which a request gives them."""

    values: Mapping[str, Sequence[str]]

    def pick(self, name: str, number: int) -> str | None:
        """Return one of the values of a name, `None` where none are known."""
        values = self.values.get(_SAME_KIND.get(name, name), ())
        return values[number % len(values)] if values else None


def play_a_day(site: DemoSite, app: Flask, clock: FixedClock) -> None:
    """Write the trips of a day into an application's database, and leave one at the bay.

    Beside the demonstration's own there is then a clean draft, and a check to which nothing but
    the waybill's code was shown. All of it is in the log.
    """
    runtime: Runtime = app.extensions[EXTENSION]
    settings = runtime.settings
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    if not seed(session_factory(runtime.engine), settings, vault, clock=clock, password=PASSWORD):
        raise AssertionError(f"{site.url} had its trips already")
    town = Town(client=app.test_client(), register=site.register, clock=clock)
    town.draft("methanol")
    town.open_check(town.issue("petrol").qr_text)
    sequencer(runtime.sessions, settings.key_dir, clock).all()


def known_values(session: Session) -> Known:
    """Read what there is."""
    values = {
        name: [str(found) for found in session.scalars(select(column).limit(_MANY))]
        for name, column in _IDS.items()
    }
    values["text"] = list(session.scalars(select(WaybillRevisionRow.qr_text)))
    values["number"] = [n for n in session.scalars(select(WaybillRow.number)) if n]
    values["plate"] = list(session.scalars(select(VehicleRow.plate)))
    return Known(values=values)


@contextmanager
def rolled_back(app: Flask, connection: Connection, clock: Clock) -> Iterator[Runtime]:
    """Let an application work on one connection, and undo all of it at the end."""
    runtime: Runtime = app.extensions[EXTENSION]
    # What a glance before this left on the connection is not for what comes now.
    connection.execution_options(**{ALONE: False, WRITES: True})
    outer = connection.begin()
    runtime.sessions = sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    runtime.clock = clock
    runtime.account_states = AccountStates()
    # What was parsed of a database that is undone is forgotten; whom the log asks is a setting.
    runtime.parts.clear()
    runtime.add_part(NO_WITNESSES)
    runtime.add_part(SsoDoors(()))
    try:
        yield runtime
    finally:
        outer.rollback()


def token_of(runtime: Runtime, username: str) -> str:
    """Sign an account in without its password, which takes time."""
    with runtime.sessions() as session:
        user = session.scalars(select(UserRow).where(UserRow.username == username)).one()
        token = access_token(session, user, settings=runtime.settings, now=runtime.clock.now())
        session.commit()
    return token
