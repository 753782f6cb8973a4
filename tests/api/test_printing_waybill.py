"""The printed waybill over HTTP: who gets it, what it shows to whom, what the log says of it."""

import re
from io import BytesIO
from uuid import UUID, uuid4

import msgspec
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from tests.harness.line import Line
from tests.harness.trips import Yard, change_row, seed_yard
from waybill.registry.access import Role
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.storage.events import EventKind
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.registry import PersonRow
from waybill.storage.session import write_session

NAME = "张建国"
PHONE = "13905171234"


@pytest.fixture
def yard(runtime: Runtime, accounts: Accounts) -> Yard:
    """A petrol trip's register; the driver has a name and a telephone in the vault."""
    now = runtime.clock.now()
    with write_session(runtime.sessions) as session:
        made = seed_yard(session, accounts, now)
        name = runtime.vault.protect(session, "name", NAME, now)
        phone = runtime.vault.protect(session, "phone", PHONE, now)
        change_row(session, PersonRow, made.driver_id, name_ref=name, phone_ref=phone)
    return made


@pytest.fixture
def line(runtime: Runtime, yard: Yard) -> Line:
    """The trip, nothing of it done yet."""
    return Line(yard=yard, clock=runtime.clock)


@pytest.fixture
def issued_id(runtime: Runtime, line: Line) -> UUID:
    """An issued waybill."""
    with write_session(runtime.sessions) as session:
        return line.issued(session).id


class PrintedBody(msgspec.Struct):
    """The part of an event's body that tells what was printed."""

    data: dict[str, object]


def address(waybill_id: UUID) -> str:
    return f"/waybills/{waybill_id}/print.pdf"


def text_of(pdf: bytes) -> str:
    return "".join(
        re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages
    )


def printed_events(database: Session) -> list[dict[str, object]]:
    rows = database.scalars(
        select(EventRow).where(EventRow.kind == EventKind.WAYBILL_PRINTED.value)
    )
    return [msgspec.json.decode(row.body, type=PrintedBody).data for row in rows]


def test_the_carrier_prints_its_waybill_with_names(
    client: FlaskClient, sign_in: SignIn, issued_id: UUID
) -> None:
    answer = client.get(address(issued_id), headers=sign_in(Role.CARRIER))

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert re.fullmatch(
        r'inline; filename="waybill-[0-9A-Z]{26}\.pdf"', answer.headers["Content-Disposition"]
    )
    text = text_of(answer.data)
    assert [NAME in text, PHONE in text, "苏H·12345" in text] == [True] * 3
    assert "UN1203车用汽油或汽油，3，包装类别ⅡUN1203MOTORSPIRIT,3,II,(D/E)" in text


@pytest.mark.parametrize("role", [Role.LOADER, Role.CONSIGNOR, Role.AUDITOR, Role.SENIOR_AUDITOR])
def test_others_who_may_see_it_get_it_masked(
    client: FlaskClient, sign_in: SignIn, issued_id: UUID, role: Role
) -> None:
    text = text_of(client.get(address(issued_id), headers=sign_in(role)).data)

    assert [NAME in text, PHONE in text, "张**" in text, "139****1234" in text] == [
        False,
        False,
        True,
        True,
    ]


def test_each_print_is_an_event_that_says_what_was_shown(
    client: FlaskClient, sign_in: SignIn, issued_id: UUID, yard: Yard, database: Session
) -> None:
    client.get(address(issued_id), headers=sign_in(Role.CARRIER))
    client.get(address(issued_id), headers=sign_in(Role.LOADER))

    by_carrier, by_loader = printed_events(database)
    driver = database.get_one(PersonRow, yard.driver_id)
    assert by_carrier["shown"] == sorted([driver.name_ref, str(driver.phone_ref)])
    assert by_loader == by_carrier | {"shown": []}
    subjects = database.scalars(
        select(EventSubjectRow.subject_key).where(EventSubjectRow.subject_kind == "person")
    ).all()
    assert str(yard.driver_id) in subjects


def test_no_event_of_printing_holds_a_name(
    client: FlaskClient, sign_in: SignIn, issued_id: UUID, database: Session
) -> None:
    client.get(address(issued_id), headers=sign_in(Role.CARRIER))

    bodies = database.scalars(select(EventRow.body)).all()
    assert [NAME.encode() in body or PHONE.encode() in body for body in bodies] == [False] * len(
        bodies
    )


def test_another_carrier_finds_nothing(
    client: FlaskClient, sign_in: SignIn, issued_id: UUID, database: Session
) -> None:
    answer = client.get(address(issued_id), headers=sign_in("other-carrier"))

    assert (answer.status_code, printed_events(database)) == (404, [])


def test_nobody_signed_in_is_refused(client: FlaskClient, issued_id: UUID) -> None:
    assert client.get(address(issued_id)).status_code == 401


def test_a_waybill_that_is_not_there_is_not_found(client: FlaskClient, sign_in: SignIn) -> None:
    assert client.get(address(uuid4()), headers=sign_in(Role.CARRIER)).status_code == 404


def test_a_draft_is_not_printed(
    client: FlaskClient, sign_in: SignIn, runtime: Runtime, line: Line, database: Session
) -> None:
    with write_session(runtime.sessions) as session:
        draft_id = line.draft(session)

    answer = client.get(address(draft_id), headers=sign_in(Role.CARRIER))

    assert (answer.status_code, answer.json["code"]) == (409, "wrong-state")  # type: ignore[index]
    assert printed_events(database) == []


def test_a_cancelled_waybill_is_stamped(
    client: FlaskClient, sign_in: SignIn, runtime: Runtime, line: Line
) -> None:
    with write_session(runtime.sessions) as session:
        issued = line.issued(session)
        session.expire_all()
        cancel_waybill(
            session,
            line.yard.actor("carrier"),
            issued.id,
            reason="车辆故障停运",
            expected_version=issued.version,
            clock=runtime.clock,
        )

    text = text_of(client.get(address(issued.id), headers=sign_in(Role.CARRIER)).data)

    assert [word in text for word in ("CANCELLED", "作废", "车辆故障停运")] == [True] * 3
