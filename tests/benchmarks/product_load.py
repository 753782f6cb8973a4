"""The product's database and what is asked of it: open checks to scan for, drafts to issue."""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, Uuid, bindparam, text

from api import create_app
from api.demo.cases import CASES
from api.demo.registry import Registrar
from tests.harness.accounts_http import sign_in
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, demo_settings
from tests.harness.stories import Town, Trip
from waybill.clock import SHANGHAI, FixedClock, SystemClock, local_date
from waybill.codec import new_id
from waybill.services.keys import add_signing_key
from waybill.settings import Settings
from waybill.storage.personal import PersonalVault
from waybill.storage.session import ALONE, make_engine, session_factory, write_session

CHECKS: Final = 300
DRAFTS: Final = 6000
CARRIER: Final = "carrier"
DRAFTED: Final = {
    CARRIER: CASES[0].key,
    "carrier-henglv": "chlorine",
    "carrier-shuntong": "used-twice",
}
"""What each carrier drafts: two of one carrier wait for each other's number."""
HEADERS: Final = {"Content-Type": "application/json"}
# What a round added to the checks is taken away again: a check has a dozen scans, not thousands.
_TIDY: Final = (
    "ALTER TABLE check_evidence DISABLE TRIGGER USER",
    "DELETE FROM check_evidence WHERE item->>'type' = 'scan' AND item->>'kind' <> 'waybill'",
    "ALTER TABLE check_evidence ENABLE TRIGGER USER",
    "VACUUM ANALYZE check_evidence",
)


@dataclass(slots=True, kw_only=True)
class Product:
    """An installation with the demonstration's plant, and the requests that are made of it."""

    url: str
    settings: Settings
    app: Flask
    town: Town
    checks: list[str]
    cards: list[str]
    drafts: dict[str, str]
    environ: dict[str, str]
    _account: str = "loader"

    def lines(self, act: str) -> list[str]:
        """Return the requests of a round; the database is put back to where it was."""
        engine = make_engine(self.url)
        with engine.connect().execution_options(**{ALONE: True}) as connection:
            for statement in _TIDY:
                connection.execute(text(statement))
        self._account = "loader" if act == "scan" else CARRIER
        if act == "scan":
            return [
                f"/api/v1/checks/{check}/scans\t{json.dumps({'text': card})}"
                for card in self.cards
                for check in self.checks
            ]
        body = json.dumps({"accept_findings": True})
        drafts = [new_id() for _ in range(DRAFTS)]
        self.write_drafts(engine, CARRIER, drafts)
        with engine.connect().execution_options(**{ALONE: True}) as connection:
            connection.execute(text("VACUUM ANALYZE waybill"))
        engine.dispose()
        return [f"/api/v1/waybills/{draft}/issue\t{body}" for draft in drafts]

    def headers(self) -> dict[str, str]:
        """Return what each request carries; who acts has just signed in."""
        return self.headers_of(self._account)

    def headers_of(self, account: str) -> dict[str, str]:
        """Return what each request of an account carries; it has just signed in."""
        found = sign_in(self.app.test_client(), account, PASSWORD)
        return HEADERS | {"Authorization": f"Bearer {found.token}", "If-Match": '"1"'}

    def write_drafts(self, engine: Engine, account: str, ids: Sequence[UUID]) -> None:
        """Copy the draft of an account under each id; each can be issued once."""
        columns = "carrier_id, created_at, draft, status, revision, consignor_id, consignee_id,"
        columns += " loader_id, facility_id, vehicle_id, trailer_id, tank_id, driver_id, escort_id,"
        columns += " planned_loading_at, valid_from, valid_until, cancel_reason, version"
        copy = text(
            f"INSERT INTO waybill (id, {columns}) SELECT :new, {columns}"  # noqa: S608  as above
            " FROM waybill WHERE id = :old"
        ).bindparams(bindparam("new", type_=Uuid()), bindparam("old", type_=Uuid()))
        old = UUID(self.drafts[account])
        with engine.begin() as connection:
            connection.execute(copy, [{"new": each, "old": old} for each in ids])


def product(url: str, folder: Path, dialect: str = "postgresql") -> Product:
    """Register the demonstration's plant, issue a waybill and open checks of it."""
    databases = Databases(server_url=url, folder=folder, run="bench_http")
    own, clock = databases.fresh(dialect), SystemClock()
    settings = demo_settings(own, folder)
    engine = databases.engine(own)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    with write_session(session_factory(engine)) as session:
        register = Registrar(session, vault, clock, PASSWORD).write()
        add_signing_key(session, None, folder, issuer=settings.issuer, clock=clock)
    engine.dispose()
    app = create_app(settings)
    # A story moves a clock of its own; the installation goes by the machine's.
    town = Town(client=app.test_client(), register=register, clock=FixedClock(clock.now()))
    planned = {"planned_loading_at": _still_today(clock.now()).isoformat()}
    trip = town.issue(CASES[0].key, **planned)
    drafts = {account: town.draft(case, **planned).id for account, case in DRAFTED.items()}
    checks = [_open(town, trip) for _ in range(CHECKS)]
    cards = [trip.vehicle_card(), trip.tank_card(), trip.driver_card(), trip.escort_card()]
    cards += [trip.vehicle_card(trip.case.trailer)] if trip.case.trailer else []
    return Product(
        url=own,
        settings=settings,
        app=app,
        town=town,
        checks=checks,
        cards=cards,
        drafts=drafts,
        environ=environment(own, settings),
    )


def environment(url: str, settings: Settings) -> dict[str, str]:
    """Return what tells a server's process to be this installation."""
    return os.environ | {
        "WAYBILL_DATABASE_URL": url,
        "WAYBILL_SECRET_KEY": settings.secret_key,
        "WAYBILL_SECOND_FACTOR_ROLES": "none",
        "WAYBILL_PII_KEY": _text(settings.pii_key),
        "WAYBILL_PII_INDEX_KEY": _text(settings.pii_index_key),
        "WAYBILL_KEY_DIR": str(settings.key_dir),
        "WAYBILL_EXPORTS_DIR": str(settings.exports_dir),
        "WAYBILL_ISSUER": settings.issuer,
        "WAYBILL_PUBLIC_URL": settings.public_url,
    }


def _still_today(now: datetime) -> datetime:
    """Return in an hour, or the end of today: a code for tomorrow opens nothing today."""
    midnight = datetime.combine(local_date(now), time.max, tzinfo=SHANGHAI)
    return min(now + timedelta(hours=1), midnight.replace(microsecond=0))


def _open(town: Town, trip: Trip) -> str:
    return town.open_check(trip.qr_text).id


def _text(key: bytes) -> str:
    return urlsafe_b64encode(key).decode()
