"""What everybody reaches without an account, and what stays hidden there."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.qr_payload import QrError
from waybill.registry.access import Role
from waybill.storage.session import write_session

CHINESE = {"Accept-Language": "zh", "Accept": "text/html"}
ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}


@pytest.fixture
def waybill(runtime: Runtime, accounts: Accounts) -> tuple[UUID, str]:
    """An issued petrol trip: its id and its emergency telephone."""
    now = runtime.clock.now()
    with write_session(runtime.sessions) as session:
        line = Line(yard=seed_yard(session, accounts, now), clock=runtime.clock)
        return line.issued(session).id, line.yard.draft().emergency_phone


class TestCodePage:
    """`/q` is the same for every code: what stands behind `#` never arrives here."""

    def test_it_needs_no_account(self, client: FlaskClient) -> None:
        answer = client.get("/q", headers=CHINESE)

        assert (answer.status_code, answer.mimetype) == (200, "text/html")

    def test_it_has_words_for_every_refusal(self, client: FlaskClient) -> None:
        page = client.get("/q", headers=CHINESE).text

        missing = [code for code in QrError.TEXTS if f'data-words="{code}"' not in page]
        assert missing == []

    def test_it_runs_nothing_but_our_own_files(self, client: FlaskClient) -> None:
        answer = client.get("/q", headers=CHINESE)

        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert [mark in answer.text for mark in ("http://", "https://", "style=", " onclick")] == [
            False
        ] * 4

    def test_only_those_signed_in_are_led_to_the_waybill(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        stranger = client.get("/q", headers=CHINESE).text
        carrier = client.get("/q", headers=CHINESE | sign_in(Role.CARRIER)).text

        assert ["data-waybill-base" in page for page in (stranger, carrier)] == [False, True]

    def test_it_speaks_english(self, client: FlaskClient) -> None:
        page = client.get("/q", headers=ENGLISH).text

        assert '<html lang="en">' in page
        assert "Not verified" in page


class TestEmergencyCard:
    """`/emergency/<UN number>`: plate, names, measures, telephones."""

    @pytest.mark.parametrize(
        "shown",
        [
            pytest.param("UN 1203", id="number"),
            pytest.param("车用汽油或汽油", id="Chinese name"),
            pytest.param("MOTOR SPIRIT or GASOLINE or PETROL", id="English name"),
            pytest.param("橙色标志牌 orange plate 33/1203", id="orange plate"),
            pytest.param("3 易燃液体 flammable liquids", id="placard"),
            pytest.param('href="tel:119"', id="fire and rescue"),
            pytest.param('href="tel:120"', id="ambulance"),
            pytest.param("<dd>128</dd>", id="emergency guide"),
            pytest.param("不能代替应急指南", id="what the measures are not"),
        ],
    )
    def test_petrol_shows(self, client: FlaskClient, shown: str) -> None:
        answer = client.get("/emergency/1203", headers=CHINESE)

        assert answer.status_code == 200
        assert shown in answer.text

    def test_it_has_three_measures(self, client: FlaskClient) -> None:
        page = client.get("/emergency/1203", headers=CHINESE).text

        assert page.split('class="measures"')[1].split("</ol>")[0].count("<li>") == 3

    def test_water_is_forbidden_where_it_reacts(self, client: FlaskClient) -> None:
        pages = [client.get(f"/emergency/{un}", headers=CHINESE).text for un in ("1428", "1203")]

        assert ["禁止用水：" in page for page in pages] == [True, False]

    def test_goods_that_may_not_be_carried_say_so(self, client: FlaskClient) -> None:
        assert "禁止道路运输" in client.get("/emergency/0020", headers=CHINESE).text

    @pytest.mark.parametrize(
        "address",
        [
            pytest.param("/emergency/9999", id="no such number"),
            pytest.param("/emergency/120", id="three digits"),
            pytest.param("/emergency/12o3", id="a letter"),
            pytest.param("/emergency/１２０３", id="full-width digits"),  # noqa: RUF001  that is the point
            pytest.param("/emergency/%3Cscript%3E", id="markup"),
        ],
    )
    def test_an_unknown_number_is_not_found(self, client: FlaskClient, address: str) -> None:
        answer = client.get(address, headers=CHINESE)

        assert answer.status_code == 404
        assert "没有联合国编号" in answer.text
        assert "<script>" not in answer.text


class TestLookUp:
    """`/emergency?un=`: what people type, in the forms in which they type it."""

    @pytest.mark.parametrize("typed", ["1203", "UN 1203", "un1203", " 1203 ", "１２０３"])  # noqa: RUF001
    def test_a_number_leads_to_its_card(self, client: FlaskClient, typed: str) -> None:
        answer = client.get("/emergency", query_string={"un": typed}, headers=CHINESE)

        assert (answer.status_code, answer.location) == (303, "/emergency/1203")

    @pytest.mark.parametrize("typed", ["12", "汽油", "1203;", '"><script>', "1" * 5000])
    def test_anything_else_is_shown_again_with_its_error(
        self, client: FlaskClient, typed: str
    ) -> None:
        answer = client.get("/emergency", query_string={"un": typed}, headers=CHINESE)

        assert answer.status_code == 422
        assert 'id="un-error"' in answer.text
        assert "<script>" not in answer.text

    def test_without_a_number_it_asks(self, client: FlaskClient) -> None:
        answer = client.get("/emergency", headers=CHINESE)

        assert (answer.status_code, 'id="un-error"' in answer.text) == (200, False)


class TestConsignorsTelephone:
    """The consignor's emergency telephone is commercial: not for strangers."""

    def ask(self, client: FlaskClient, waybill: object, headers: dict[str, str], un: str) -> str:
        answer = client.get(
            f"/emergency/{un}", query_string={"waybill": str(waybill)}, headers=CHINESE | headers
        )
        assert answer.status_code == 200
        return answer.text

    @pytest.mark.parametrize("role", [Role.CARRIER, Role.LOADER, Role.INSPECTOR])
    def test_those_who_may_see_the_waybill_get_it(
        self, client: FlaskClient, sign_in: SignIn, waybill: tuple[UUID, str], role: Role
    ) -> None:
        waybill_id, phone = waybill

        assert f'href="tel:{phone}"' in self.ask(client, waybill_id, sign_in(role), "1203")

    def test_strangers_do_not(self, client: FlaskClient, waybill: tuple[UUID, str]) -> None:
        waybill_id, phone = waybill

        assert phone not in self.ask(client, waybill_id, {}, "1203")

    def test_another_carrier_does_not(
        self, client: FlaskClient, sign_in: SignIn, waybill: tuple[UUID, str]
    ) -> None:
        waybill_id, phone = waybill

        assert phone not in self.ask(client, waybill_id, sign_in("other-carrier"), "1203")

    def test_it_is_not_shown_beside_goods_of_another_waybill(
        self, client: FlaskClient, sign_in: SignIn, waybill: tuple[UUID, str]
    ) -> None:
        waybill_id, phone = waybill

        assert phone not in self.ask(client, waybill_id, sign_in(Role.CARRIER), "1230")

    def test_what_is_no_id_changes_nothing(self, client: FlaskClient, sign_in: SignIn) -> None:
        page = self.ask(client, "'; --", sign_in(Role.CARRIER), "1203")

        assert page.count('href="tel:') == 2
