"""Every page of an installation in which a good deal has happened, and who may see it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import product
from typing import Final
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from api.auth import PERMISSION
from api.runtime import EXTENSION, Runtime
from tests.harness.bay_answers import picture
from tests.harness.bay_steps import look_at_everything
from tests.harness.demo_site import DemoSite
from tests.harness.page_user import HTML, PageTown, PageUser, page_town
from tests.harness.sequenced import counted_up
from waybill.clock import FixedClock
from waybill.registry.access import ROLE_PERMISSIONS, Permission, Role
from waybill.registry.kinds import RecordStatus
from waybill.registry.records import StatusChange
from waybill.services.devices import make_enrolment
from waybill.services.keys import KeyKeeper
from waybill.services.patterns.finding import look_for_patterns
from waybill.services.personal.requests import request_erasure
from waybill.services.registry.people import set_person_status
from waybill.services.reports.making import make_reports
from waybill.storage.cases import CaseRow, CorrectionRequestRow
from waybill.storage.desk import ExportJobRow, SavedSearchRow
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow
from waybill.storage.measures import MeasureRow
from waybill.storage.patterns import PatternFindingRow
from waybill.storage.personal_rows import ErasureRequestRow, PersonalHoldingRow
from waybill.storage.plant_items import CheckPhotoRow, PlantItemRow
from waybill.storage.registry import (
    CertificateRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.reports import ReportRow
from waybill.storage.session import write_session
from waybill.storage.waybills import LoadingCheckRow, WaybillRow

ACCOUNTS: Final[Mapping[str, Role]] = {
    "supervisor": Role.SUPERVISOR,
    "loader": Role.LOADER,
    "carrier": Role.CARRIER,
    "senior-auditor": Role.SENIOR_AUDITOR,
    "admin": Role.ADMIN,
}
"""Accounts who between them may see every page, those who do most at a page first."""
NO_PAGES: Final = ("/api/", "/log/", "/tablet/", "/static/", "/.well-known/")
"""What is answered to programs below these."""
_IDS: Final[Mapping[str, Sequence[InstrumentedAttribute[UUID]]]] = {
    "case_id": [CaseRow.id],
    "certificate_id": [CertificateRow.id],
    "check_id": [LoadingCheckRow.id],
    "event_id": [EventRow.id],
    "export_id": [ExportJobRow.id],
    "facility_id": [FacilityRow.id],
    "finding_id": [PatternFindingRow.id],
    "item_id": [PlantItemRow.id],
    "measure_id": [MeasureRow.id],
    "record_id": [VehicleRow.id, TankRow.id, PersonRow.id],
    "person_id": [PersonRow.id],
    "report_id": [ReportRow.id],
    "request_id": [ErasureRequestRow.id, CorrectionRequestRow.id],
    "search_id": [SavedSearchRow.id],
    "user_id": [UserRow.id],
    "subject_id": [OrganisationRow.id, VehicleRow.id, TankRow.id, PersonRow.id],
    "waybill_id": [WaybillRow.id],
}
_OTHER: Final[Mapping[str, Sequence[str]]] = {
    "band": ["2"],
    "code": ["TNK-03.surge"],
    "kind": ["tank_inspection"],
    "number": ["C-2026-000001"],
    "un_number": ["1203"],
}
_MANY: Final = 40
_FOR_EACH: Final = frozenset({"/"})
"""Pages that are another one for each account."""
_ASKED: Final[Mapping[str, Sequence[str]]] = {
    "/events": ["?un=1230&outcome=refused", "?un=12"],
    "/statistics/rows": ["?act=check"],
    "/patterns": ["?code=PAT-05.repeat"],
    "/waybills/<uuid:waybill_id>/edit": ["?picked=1203&permits=1"],
}
"""What is asked of a page that then shows more than it does without."""
_ARGUMENT: Final = re.compile(r"<(?:any\(([^)]*)\):|[a-z]+:)?([a-z0-9_]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """One page: its rule, an address of it, and an account that may see it, empty for anybody."""

    rule: str
    address: str
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The pages there are, and the rules to which nothing in the installation leads."""

    pages: Sequence[SeenPage]
    unseen: frozenset[str]
    users: Mapping[str, PageUser]


@contextmanager
def busy_town(site: DemoSite, url: str, clock: FixedClock) -> Iterator[PageTown]:
    """Give an installation in which every kind of thing has happened that has a page."""
    with page_town(site, url, clock) as pages:
        runtime: Runtime = pages.app.extensions[EXTENSION]
        _load(pages)
        _inspect(pages)
        _keep_house(pages, runtime)
        yield pages


def _load(pages: PageTown) -> None:
    """Take trips to each stage of the bay, and fill the plant's own lists."""
    town = pages.town
    town.draft("methanol")
    opened = town.open_check(town.issue("petrol").qr_text)
    town.loader.post_picture(f"/checks/{opened.id}/photos?shows=code", picture())
    for _ in range(3):
        town.open_check(town.issue("methanol-trap").qr_text).decide()
    look_at_everything(town.issue("petrol")).decide()
    released = look_at_everything(town.issue("petrol"))
    released.decide()
    released.release("28000")
    supervisor = town.account("supervisor")
    facility = f"/facilities/{town.register.facility}"
    item = {"question_zh": "鹤位对吗？", "question_en": "Is it the right arm?"}
    supervisor.post(f"{facility}/plant-items", item)
    tag = {"bay_id": str(town.register.bays[0]), "point": "cab"}
    supervisor.post(f"{facility}/presence-tags", tag)


def _inspect(pages: PageTown) -> None:
    """Let the authority keep a search, ask for an export, open a case and take measures."""
    town = pages.town
    auditor, senior = town.account("auditor"), town.account("senior-auditor")
    trip = town.issue("petrol")
    carrier = trip.read()["summary"]["carrier_id"]
    opened = senior.post(
        "/cases",
        {"matter": "loading", "text": "装货前未清洗", "about_kind": "waybill", "about_id": trip.id},
    )["case"]
    asking = {"organisation_id": carrier, "text": "请说明", "due_on": "2026-11-30"}
    senior.post(f"/cases/{opened['id']}/requests", asking, version=opened["version"])
    decision = {
        "legal_basis": "《道路危险货物运输管理规定》",
        "decision_number": "淮交罚 2026-118",
        "reason": "未清洗",
        "valid_from": "2026-11-22",
    }
    listing = {"subject_kind": "organisation", "subject_id": carrier, "published": True}
    auditor.post("/measures", decision | {"kind": "black-listing"} | listing)
    tractor = str(town.register.vehicles[trip.case.tractor])
    urgent = {"kind": "suspension", "subject_kind": "vehicle", "subject_id": tractor}
    senior.post("/measures", decision | urgent | {"at_once": True})
    senior.post("/searches", {"un": "1203", "name": "汽油"})
    senior.post("/exports", {"un": "1203", "formats": ["csv"]})
    senior.post("/report-orders", {"from": "2026-11-01", "until": "2026-11-22"})


def _keep_house(pages: PageTown, runtime: Runtime) -> None:
    """Do what the workers do, and let a carrier ask for the erasure of a person."""
    register, clock = pages.town.register, pages.town.clock
    carrier = register.users["carrier"]
    with write_session(runtime.sessions) as session:
        person = session.scalars(
            select(PersonRow).where(PersonRow.organisation_id == carrier.organisation_id)
        ).first()
        if person is None:
            raise AssertionError("the carrier has nobody")
        set_person_status(
            session,
            carrier,
            person.id,
            StatusChange(status=RecordStatus.RETIRED, reason="离职"),
            expected_version=person.version,
            vault=runtime.vault,
            clock=clock,
        )
        request_erasure(session, carrier, person.id, "本人书面申请", clock=clock)
        make_enrolment(
            session,
            register.users["supervisor"],
            register.facility,
            "平板 1",
            settings=runtime.settings,
            clock=clock,
        )
    with write_session(runtime.sessions) as session:
        counted_up(session)
        look_for_patterns(session, clock=clock)
    keys = KeyKeeper(runtime.sessions, runtime.settings.key_dir, clock)
    make_reports(runtime.sessions, keys.ring, clock=clock)


def find_pages(pages: PageTown) -> Places:
    """Walk all routes, and find for each page an address that is answered with a page.

    A rule that names one of several things, such as vehicles, tanks and people, has a page each.
    """
    runtime: Runtime = pages.app.extensions[EXTENSION]
    users = {name: pages.user(name) for name in ACCOUNTS} | {
        "": PageUser(client=pages.app.test_client())
    }
    users["loader"].open("/bay/choose")
    users["loader"].send("/bay/choose", {"bay": str(pages.town.register.bays[0])})
    with runtime.sessions() as session:
        values = _values(session)
    seen, unseen = list[SeenPage](), set[str]()
    for rule in page_rules(pages.app):
        needed: Permission | None = getattr(
            pages.app.view_functions[rule.endpoint], PERMISSION, None
        )
        may = [name for name, role in ACCOUNTS.items() if needed in ROLE_PERMISSIONS[role]] or [""]
        for expanded in _expanded(rule.rule):
            each = [[name] for name in may] if expanded in _FOR_EACH else [may]
            found = [
                page
                for names in each
                if (page := _first_seen(expanded, values, {name: users[name] for name in names}))
            ]
            seen += found
            seen += [
                replace(page, address=page.address + asked)
                for page in found
                for asked in _ASKED.get(expanded, ())
            ]
            if not found:
                unseen.add(expanded)
    return Places(pages=seen, unseen=frozenset(unseen), users=users)


def page_rules(app: Flask) -> list[Rule]:
    """Return the rules that answer a browser's GET."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NO_PAGES)
    ]


def _values(session: Session) -> Mapping[str, Sequence[str]]:
    ids = {
        name: [
            str(found)
            for column in columns
            for found in session.scalars(select(column).order_by(column.desc()).limit(_MANY))
        ]
        for name, columns in _IDS.items()
    }
    commitments = select(PersonalHoldingRow.commitment).limit(_MANY)
    photos = select(CheckPhotoRow.sha256).limit(_MANY)
    return {
        **ids,
        **_OTHER,
        "commitment": list(session.scalars(commitments)),
        "sha256": list(session.scalars(photos)),
    }


def _expanded(rule: str) -> Iterable[str]:
    """Give a rule once for each of the things it names by `any`."""
    named = [found[0] for found in re.finditer(r"<any\([^)]*\):[^>]+>", rule)]
    choices = [_ARGUMENT.fullmatch(one) for one in named]
    for chosen in product(*(found[1].split(",") for found in choices if found)):
        written = rule
        for one, value in zip(named, chosen, strict=True):
            written = written.replace(one, value)
        yield written


def _first_seen(
    rule: str, values: Mapping[str, Sequence[str]], users: Mapping[str, PageUser]
) -> SeenPage | None:
    names = [found[2] for found in _ARGUMENT.finditer(rule)]
    for chosen in product(*(values.get(name, ()) for name in names)):
        address = rule
        for value in chosen:
            address = _ARGUMENT.sub(value, address, count=1)
        for username, user in users.items():
            answer = user.client.get(address, headers=HTML)
            if answer.status_code == HTTPStatus.OK and _is_page(answer):
                return SeenPage(rule=rule, address=address, username=username)
    return None


def _is_page(answer: TestResponse) -> bool:
    """Return whether it is a whole page: a script asks for parts of one, and files are none."""
    return answer.mimetype == "text/html" and b"<html" in answer.data
