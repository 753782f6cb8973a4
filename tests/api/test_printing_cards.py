"""Sheets of code cards: everything in use of one's own, each code genuine, no person by name."""

import re
from io import BytesIO
from uuid import UUID

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.rendering.pdf import Card, cards_data, typeset
from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from tests.harness.line import Line, seed_line
from tests.harness.papers import ISSUED_AT
from tests.harness.sealed_codes import NOW, card_claims, code_of, trusted
from tests.harness.trips import change_row
from tests.harness.yard_rows import DRIVER, ESCORT, TANK_NUMBER
from waybill.qr_payload import QrKind, verify_qr
from waybill.registry.access import Role
from waybill.registry.kinds import RecordStatus
from waybill.storage.events import EventKind
from waybill.storage.log import EventRow
from waybill.storage.registry import PersonRow, VehicleRow
from waybill.storage.session import write_session

NAME = "张建国"
PAGE = {"Accept": "text/html", "Accept-Language": "zh"}


@pytest.fixture
def line(runtime: Runtime, accounts: Accounts) -> Line:
    """A carrier with a vehicle, a trailer, a tank, a driver and an escort; a plant's supervisor."""
    made = seed_line(runtime, accounts)
    now = runtime.clock.now()
    with write_session(runtime.sessions) as session:
        name = runtime.vault.protect(session, "name", NAME, now)
        change_row(session, PersonRow, made.yard.driver_id, name_ref=name)
    return made


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join(re.sub(r"\s+", "", page.extract_text()) for page in pages)


def issued_cards(database: Session) -> int:
    statement = select(func.count()).where(EventRow.kind == EventKind.CARD_ISSUED.value)
    return database.scalar(statement) or 0


def suspend(runtime: Runtime, vehicle_id: UUID) -> None:
    with write_session(runtime.sessions) as session:
        change_row(session, VehicleRow, vehicle_id, status=RecordStatus.SUSPENDED)


@pytest.mark.usefixtures("line")
class TestSheet:
    """`/cards.pdf` and `/cards`."""

    def test_a_carrier_gets_a_card_of_everything_it_uses(
        self, client: FlaskClient, sign_in: SignIn, database: Session
    ) -> None:
        answer = client.get("/cards.pdf", headers=sign_in(Role.CARRIER))

        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        text = text_of(answer.data)
        shown = ["苏H·12345", "苏H·1234挂", TANK_NUMBER, f"d_{DRIVER}", f"e_{ESCORT}", "张**"]
        assert [word in text for word in shown] == [True] * len(shown)
        assert issued_cards(database) == text.count("validuntil")

    def test_no_card_has_a_name_in_clear(self, client: FlaskClient, sign_in: SignIn) -> None:
        headers = sign_in(Role.CARRIER)

        texts = [
            text_of(client.get("/cards.pdf", headers=headers).data),
            client.get("/cards", headers=headers | PAGE).text,
        ]

        assert [NAME in text for text in texts] == [False, False]

    def test_a_supervisor_gets_the_plants_cards_and_no_carriers(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        text = text_of(client.get("/cards.pdf", headers=sign_in(Role.SUPERVISOR)).data)

        assert ["装卸管理人员" in text, "苏H·12345" in text] == [True, False]

    def test_one_kind_alone_can_be_printed(self, client: FlaskClient, sign_in: SignIn) -> None:
        answer = client.get("/cards.pdf?kind=tank", headers=sign_in(Role.CARRIER))

        text = text_of(answer.data)
        assert [TANK_NUMBER in text, "苏H·12345" in text] == [True, False]

    def test_what_is_suspended_gets_no_card(
        self, client: FlaskClient, sign_in: SignIn, runtime: Runtime, line: Line
    ) -> None:
        suspend(runtime, line.yard.vehicle_id)

        text = text_of(client.get("/cards.pdf", headers=sign_in(Role.CARRIER)).data)

        assert ["苏H·12345" in text, "苏H·1234挂" in text] == [False, True]

    def test_an_organisation_without_records_is_told_so(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        text = text_of(client.get("/cards.pdf", headers=sign_in("other-carrier")).data)

        assert "没有可打印的卡片" in text

    def test_the_page_shows_the_same_cards(self, client: FlaskClient, sign_in: SignIn) -> None:
        page = client.get("/cards", headers=sign_in(Role.CARRIER) | PAGE).text

        assert page.count('class="card"') == page.count("二维码 QR code") > 4
        assert 'href="/cards.pdf"' in page

    @pytest.mark.parametrize("kind", ["waybill", "document", "horse", ""])
    def test_another_kind_is_refused(
        self, client: FlaskClient, sign_in: SignIn, database: Session, kind: str
    ) -> None:
        answer = client.get(
            "/cards.pdf", query_string={"kind": kind}, headers=sign_in(Role.CARRIER)
        )

        assert (answer.status_code, issued_cards(database)) == (422, 0)
        assert answer.get_json()["errors"][0]["pointer"] == "/kind"

    @pytest.mark.parametrize("role", [Role.LOADER, Role.CONSIGNOR, Role.AUDITOR, Role.ADMIN])
    def test_who_keeps_no_register_gets_none(
        self, client: FlaskClient, sign_in: SignIn, role: Role
    ) -> None:
        assert client.get("/cards.pdf", headers=sign_in(role)).status_code == 403


def test_each_printed_code_is_read_by_a_camera_and_verified() -> None:
    cards = [
        Card(
            kind_zh="驾驶人",
            kind_en="driver",
            name="张**",
            detail=f"d_{number:010x}",
            qr_text=code_of(card_claims(QrKind.DRIVER, sub=f"d_{number:010x}").to_claims()),
            valid_until=ISSUED_AT,
        )
        for number in range(10)
    ]

    pages = typeset("cards.typ", *cards_data(cards, "淮安危货运输有限公司", ISSUED_AT), form="png")

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = [
        code.text
        for page in pages
        for code in zxingcpp.read_barcodes(Image.open(BytesIO(page)), formats=formats)
    ]
    assert (len(pages), sorted(found)) == (2, sorted(card.qr_text for card in cards))
    for text in found:
        verify_qr(text, trusted(), NOW, kind=QrKind.DRIVER)
