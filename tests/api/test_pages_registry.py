"""The register by its pages: forms that come back, standing beside names, values that are asked."""

import pytest
from flask import Flask

from tests.harness.accounts import PASSWORD, Accounts
from tests.harness.page_user import PageUser

TRAILER = {
    "plate": "苏H·1234挂",
    "plate_colour": "yellow",
    "kind": "trailer",
    "approval": "FL",
    "vin": "LZZ5ELMC2KA100000",
    "first_registered_on": "2022-05-01",
    "rated_load_kg": "28,500",
    "tare_kg": "11200",
    "provenance": "document",
}
DRIVER = {
    "name": "张建国",
    "id_number": "320811198501010105",
    "phone": "13905171234",
    "roles": "driver",
    "provenance": "document",
}


@pytest.fixture
def carrier(app: Flask, accounts: Accounts) -> PageUser:
    """A carrier's dispatcher."""
    assert accounts.users
    return PageUser(client=app.test_client()).sign_in("carrier", PASSWORD)


def test_a_trailer_is_registered_and_shows_what_it_lacks(carrier: PageUser) -> None:
    carrier.open("/registry/vehicles/new").send("/registry/vehicles", TRAILER)

    assert "已登记" in carrier.text
    assert "28,500 kg" in carrier.text
    assert "缺少行驶证" in carrier.text
    carrier.open("/registry/vehicles?q=1234挂")
    assert "苏H·1234挂" in carrier.text


def test_a_form_that_is_wrong_comes_back_with_all_that_was_typed(carrier: PageUser) -> None:
    carrier.open("/registry/vehicles/new")

    wrong = TRAILER | {"vin": "LZZ5ELMC3KA100000", "plate_colour": "blue"}
    carrier.send("/registry/vehicles", wrong)

    assert carrier.status == 422
    assert 'href="#vin"' in carrier.html
    assert 'href="#plate_colour"' in carrier.html
    assert 'value="LZZ5ELMC3KA100000"' in carrier.html
    assert '<option value="trailer" selected>' in carrier.html


def test_an_odd_date_and_figure_are_named_at_once(carrier: PageUser) -> None:
    carrier.open("/registry/vehicles/new")

    odd = TRAILER | {"first_registered_on": "May 1", "tare_kg": "1e4"}
    carrier.send("/registry/vehicles", odd)

    assert carrier.status == 422
    assert 'href="#first_registered_on"' in carrier.html
    assert 'href="#tare_kg"' in carrier.html


def test_a_certificate_gives_a_trailer_its_standing(carrier: PageUser) -> None:
    carrier.send("/registry/vehicles", TRAILER)
    trailer = carrier.address
    identity = trailer.rpartition("/")[2]
    papers = (
        ("vehicle_licence", "LIC-1", ""),
        ("road_transport_certificate", "320800123456", "危险货物运输(3类)"),
        ("technical_inspection", "JP-1", ""),
    )
    for kind, number, scope in papers:
        form = {
            "kind": kind,
            "number": number,
            "issuer": "淮安市交通运输局",
            "valid_from": "2022-06-01",
            "valid_until": "2027-05-31",
            "scope": scope,
            "provenance": "document",
        }
        carrier.send(f"/registry/vehicle/{identity}/certificates", form)
        assert carrier.status == 200

    carrier.open("/registry/vehicles")

    assert "有效至 2027-05-31" in carrier.text


def test_a_record_is_suspended_with_its_reason_and_keeps_its_history(carrier: PageUser) -> None:
    carrier.send("/registry/vehicles", TRAILER)
    trailer = carrier.address

    form = {"version": carrier.version, "status": "suspended", "reason": "等待检修"}
    carrier.send(f"{trailer}/status", form)

    assert "已停用" in carrier.text
    assert "第 2 版 变更： status" in carrier.text


def test_a_change_of_an_outdated_version_is_not_taken(carrier: PageUser) -> None:
    carrier.send("/registry/vehicles", TRAILER)
    trailer = carrier.address
    carrier.open(f"{trailer}/edit").send(
        f"{trailer}/edit", TRAILER | {"version": "1", "tare_kg": "11300"}
    )

    carrier.send(f"{trailer}/edit", TRAILER | {"version": "1", "tare_kg": "11400"})

    assert carrier.status == 412
    assert 'value="11400"' in carrier.html


def test_personal_values_are_masked_until_somebody_says_why(carrier: PageUser) -> None:
    carrier.send("/registry/people", DRIVER)
    driver = carrier.address
    assert "320811198501010105" not in carrier.html
    assert "张建国" not in carrier.html

    carrier.send(f"{driver}/disclosures", {"field": "id_number", "reason": "核对驾驶证"})

    assert "320811198501010105" in carrier.html
    assert "本次显示已留痕" in carrier.text
    carrier.open(driver)
    assert "320811198501010105" not in carrier.html


def test_a_tank_takes_its_approved_substances_line_by_line(carrier: PageUser) -> None:
    tank = {
        "number": "T-2022-0001",
        "kind": "atmospheric_tank",
        "capacity_l": "45000",
        "tank_code": "LGBF",
        "approved_substances": "1203 II\nUN 1202 仓1\n",
        "compartments": "1 45000 7500",
        "provenance": "document",
    }
    carrier.send("/registry/tanks", tank | {"approved_substances": "petrol"})
    assert carrier.status == 422

    carrier.send("/registry/tanks", tank)

    assert "UN 1203 II" in carrier.text.replace("\xa0", " ")
    carrier.open(f"{carrier.address}/edit")
    assert "1203 II\n1202 仓1" in carrier.html


def test_another_carriers_record_is_not_there(carrier: PageUser, app: Flask) -> None:
    carrier.send("/registry/vehicles", TRAILER)
    other = PageUser(client=app.test_client()).sign_in("other-carrier", PASSWORD)

    other.open(carrier.address)

    assert other.status == 404


def test_an_auditor_looks_and_changes_nothing(carrier: PageUser, app: Flask) -> None:
    carrier.send("/registry/vehicles", TRAILER)
    auditor = PageUser(client=app.test_client()).sign_in("auditor", PASSWORD)

    auditor.open(carrier.address)

    assert auditor.status == 200
    assert "更改状态" not in auditor.text
    assert "登记证件" not in auditor.text


@pytest.mark.parametrize(
    ("scope", "notes"),
    [
        pytest.param("危险货物运输(3类)", "", id="all was read"),
        pytest.param(
            "危险货物运输(3类,见附页甲),不得跨省",
            "? 未能识别，不作为许可依据 不得跨省 ? 品名表中没有的词语，请核对证件原文 见附页甲",
            id="pieces nobody understands",
        ),
        pytest.param(
            "非经营性道路危险货物运输(3类)",
            "? 非经营性：只可运输自有货物，不作为营业运输的许可依据 3类",
            id="own account",
        ),
        pytest.param(
            "危险货物运输(3类,8类)(限罐式运输)", "? 只限罐式运输 3类、8类", id="tanks alone"
        ),
    ],
)
def test_what_a_scope_leaves_open_stands_beside_it(
    carrier: PageUser, scope: str, notes: str
) -> None:
    carrier.send("/registry/vehicles", TRAILER)
    trailer = carrier.address
    form = {
        "kind": "road_transport_certificate",
        "number": "320800123456",
        "issuer": "淮安市交通运输局",
        "valid_from": "2022-06-01",
        "valid_until": "2027-05-31",
        "scope": scope,
        "provenance": "document",
    }

    identity = trailer.rpartition("/")[2]
    carrier.send(f"/registry/vehicle/{identity}/certificates", form)
    carrier.open(trailer)

    assert f"{scope} {notes}".strip() in carrier.text
    assert ("未能识别" in carrier.text) == ("未能识别" in notes)


def test_a_vehicle_without_insurance_says_so_in_the_list_and_on_its_page(
    carrier: PageUser,
) -> None:
    tractor = {"plate": "苏H23456", "kind": "tractor", "max_trailer_mass_kg": "40000"}
    carrier.open("/registry/vehicles/new").send("/registry/vehicles", TRAILER | tractor)
    page = carrier.address
    for kind in ("vehicle_licence", "road_transport_certificate", "technical_inspection"):
        _give(carrier, page, kind)
    missing = carrier.open(page).text, carrier.open("/registry/vehicles?q=苏H23456").text
    _give(carrier, page, "liability_insurance")

    held = carrier.open(page).text, carrier.open("/registry/vehicles?q=苏H23456").text

    assert all("缺少承运人责任险" in text for text in missing)
    assert not any("缺少" in text for text in held)


def _give(carrier: PageUser, page: str, kind: str) -> None:
    """Register a paper of a vehicle."""
    address = f"/registry/vehicle/{page.rsplit('/', 1)[1]}/certificates"
    carrier.open(f"{address}/new").send(
        address,
        {
            "kind": kind,
            "number": "320800123456",
            "issuer": "签发机关",
            "valid_from": "2026-01-01",
            "valid_until": "2027-12-31",
            "scope": "3类" if kind == "road_transport_certificate" else "",
            "provenance": "document",
        },
    )
