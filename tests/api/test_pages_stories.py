"""The work of carrier, loader and auditor by the pages alone, without any script."""

import re
from io import BytesIO

from api.rendering.qr import qr_png
from tests.harness.page_user import PageTown, PageUser
from tests.harness.stories import Trip


def draft_form(pages: PageTown, **changes: str) -> dict[str, str]:
    """Return the form of a clean petrol trip, as somebody fills it."""
    known = pages.town.register
    form = {
        "goods-0-entry_key": "1203",
        "goods-0-mode": "tank",
        "goods-0-quantity_kg": "28,500",
        "goods-0-compartment": "1",
        "goods-0-physical_state": "liquid",
        "goods-0-density_kg_l": "0.755",
        "goods-0-density_50_kg_l": "0.7255",
        "goods-0-filling_temperature_c": "18",
        "last_cargoes-0-compartment": "0",
        "last_cargoes-0-entry_key": "1203",
        "vehicle_id": str(known.vehicles["苏H90001"]),
        "trailer_id": str(known.vehicles["苏H9001挂"]),
        "tank_id": str(known.tanks["T-2024-0001"]),
        "driver_id": str(known.people["anda-driver-1"]),
        "escort_id": str(known.people["anda-escort-1"]),
        "facility_id": str(known.facility),
        "consignor_id": str(known.organisations["consignor"]),
        "consignee_id": str(known.organisations["consignee"]),
        "planned_loading_at": "2026-11-22 16:00",
        "destination-area_code": "321300",
        "destination-address": "邻州市工业大道 66 号",
        "emergency_phone": "0517-80000119",
    }
    return form | changes


def at_the_bay(pages: PageTown) -> PageUser:
    """Return the loader, at the first bay."""
    loader = pages.user("loader")
    return loader.send("/bay/choose", {"bay": str(pages.town.register.bays[0])})


def check_everything(loader: PageUser, trip: Trip) -> str:
    """Open a check, scan and answer all there is, and return the check's address."""
    loader.send("/bay/checks", {"text": trip.qr_text})
    check = loader.address
    for card in (
        trip.vehicle_card(),
        trip.vehicle_card(trip.case.trailer),
        trip.tank_card(),
        trip.driver_card(),
        trip.escort_card(),
        trip.town.supervisor_card(),
    ):
        loader.send(f"{check}/scans", {"text": card})
    for unit, plate in (("tractor", trip.case.tractor), ("trailer", trip.case.trailer)):
        answer = {"unit": unit, f"{unit}-plate": plate, f"{unit}-plate_colour": "yellow"}
        loader.send(f"{check}/plates", answer)
    loader.send(f"{check}/presences", {"role": "driver", "present": "yes"})
    loader.send(f"{check}/presences", {"role": "escort", "present": "yes"})
    loader.open(f"{check}/hand-over")
    loader.send(f"{check}/hand-over", loader.yes_to_all)
    return check


def test_a_carrier_issues_a_clean_waybill(pages: PageTown) -> None:
    carrier = pages.user("carrier")

    carrier.open("/waybills/new")
    carrier.send("/waybills/new", {"q": "qy", "act": "find"})
    assert "车用汽油或汽油" in carrier.text
    carrier.send(carrier.address, {"version": carrier.version, "act": "pick:1203"})
    assert "包装类别 II" in carrier.text
    form = draft_form(pages, version=carrier.version, act="check")
    carrier.send(carrier.address, form)
    assert "预审通过，可以签发" in carrier.text
    carrier.send(carrier.address, form | {"version": carrier.version, "act": "issue"})

    assert "运单已签发" in carrier.text
    assert "UN 1203 车用汽油或汽油，3，包装类别Ⅱ" in carrier.text
    assert "UN 1203 MOTOR SPIRIT, 3, II, (D/E)" in carrier.text
    assert 'class="qr"><svg' in carrier.html
    assert re.search(r"起草运单 .*签发运单", carrier.text)


def test_an_incomplete_draft_is_kept_and_says_what_it_needs(pages: PageTown) -> None:
    carrier = pages.user("carrier")
    carrier.open("/waybills/new")

    written = ("quantity_kg", "compartment", "physical_state", "density_kg_l", "density_50_kg_l")
    unfilled = {f"goods-0-{part}": "" for part in (*written, "filling_temperature_c")}
    form = draft_form(pages, act="check", driver_id="", **unfilled)
    carrier.send("/waybills/new", form)

    assert carrier.status == 200
    assert 'href="#driver_id"' in carrier.html
    assert 'href="#goods-0-quantity_kg"' in carrier.html
    assert 'value="邻州市工业大道 66 号"' in carrier.html


def test_a_figure_that_cannot_be_read_keeps_what_was_typed(pages: PageTown) -> None:
    carrier = pages.user("carrier")
    carrier.open("/waybills/new")

    carrier.send("/waybills/new", draft_form(pages, **{"goods-0-quantity_kg": "28x"}))

    assert carrier.status == 422
    assert 'value="28x"' in carrier.html
    assert 'href="#goods-0-quantity_kg"' in carrier.html


def test_findings_must_be_confirmed_before_a_waybill_is_issued(pages: PageTown) -> None:
    carrier = pages.user("carrier")
    carrier.open("/waybills/new")
    expired = str(pages.town.register.people["anda-driver-expired"])
    form = draft_form(pages, act="check", driver_id=expired)
    carrier.send("/waybills/new", form)
    assert "DRV-01.qualification" in carrier.text

    again = form | {"version": carrier.version, "act": "issue"}
    carrier.send(carrier.address, again)
    assert 'name="accept_findings"' in carrier.html
    again |= {"version": carrier.version, "accept_findings": "on"}
    carrier.send(carrier.address, again)

    assert "运单已签发" in carrier.text


def test_two_windows_on_one_draft_do_not_overwrite_each_other(pages: PageTown) -> None:
    carrier = pages.user("carrier")
    carrier.open("/waybills/new")
    carrier.send("/waybills/new", draft_form(pages, act="save"))
    seen = carrier.version
    carrier.send(carrier.address, draft_form(pages, version=seen, remarks="甲", act="save"))

    carrier.send(carrier.address, draft_form(pages, version=seen, remarks="乙", act="save"))

    assert carrier.status == 412
    assert "乙</textarea>" in carrier.html


def test_a_cancelled_waybill_says_why(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}")

    carrier.send(
        f"/waybills/{trip.id}/cancel", {"version": carrier.version, "reason": "客户取消订单"}
    )

    assert "已作废" in carrier.text
    assert "客户取消订单" in carrier.text


def test_a_clean_trip_is_cleared_and_released(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    loader = at_the_bay(pages)
    assert "苏H·90001" in loader.text

    check = check_everything(loader, trip)
    loader.send(f"{check}/decision", {})
    assert '<h1 class="word">准装</h1>' in loader.html
    loader.open(f"{check}/release")
    loader.send(
        f"{check}/release",
        {
            "lines-1-quantity_kg": "28,400",
            "started_at": "2026-11-22 14:05",
            "finished_at": "2026-11-22 14:05",
            "seals": "A1001，A1002",
            **loader.yes_to_all,
        },
    )

    assert '<h1 class="word">放行</h1>' in loader.html
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}")
    assert "A1001, A1002" in carrier.text
    assert "28,400 kg" in carrier.text


def test_methanol_in_a_tank_without_it_is_refused_with_reason_and_cure(pages: PageTown) -> None:
    trip = pages.town.issue("methanol-trap")
    loader = at_the_bay(pages)

    check = check_everything(loader, trip)
    loader.send(f"{check}/decision", {})

    assert '<h1 class="word">不准装</h1>' in loader.html
    assert "没有 UN 1230" in loader.text
    assert "TNK-02.approved" in loader.text


def test_a_check_with_steps_missing_says_which_and_does_not_clear(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    loader = at_the_bay(pages)
    loader.send("/bay/checks", {"text": trip.qr_text})
    assert "扫描罐体卡" in loader.text

    loader.send(f"{loader.address}/decision", {})

    assert "准装</h1>" not in loader.html
    assert "（不得装车）" in loader.text or "不准装" in loader.text


def test_a_picture_of_the_code_opens_the_check(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    loader = at_the_bay(pages)

    loader.send("/bay/checks", {"picture": (BytesIO(qr_png(trip.qr_text)), "code.png")})

    assert re.fullmatch(r"/bay/checks/[0-9a-f-]{36}", loader.address)


def test_a_code_that_does_not_hold_opens_nothing_and_says_so(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    loader = at_the_bay(pages)
    digit = "1" if trip.qr_text[-1] != "1" else "2"

    loader.send("/bay/checks", {"text": trip.qr_text[:-1] + digit})

    assert loader.status == 422
    assert "没有开始查验。不得装车。" in loader.text


def test_an_auditor_finds_what_happened_by_number_and_plate(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    number = trip.read()["summary"]["number"]
    auditor = pages.user("auditor")

    auditor.open(f"/events?number={number}&plate=苏H·90001&plate_colour=yellow")
    assert "签发运单" in auditor.text
    assert "起草运单 承运人" not in auditor.text
    found = re.search(r'href="(/events/[0-9a-f-]{36})"', auditor.html)
    assert found
    auditor.open(found[1])

    assert "承诺摘要" in auditor.text
    assert "赵示例" not in auditor.html


def test_a_refusal_stands_in_its_row_of_the_log_and_in_the_waybills_time_line(
    pages: PageTown,
) -> None:
    trip = pages.town.issue("methanol-trap")
    number = trip.read()["summary"]["number"]
    loader = at_the_bay(pages)
    check = check_everything(loader, trip)
    loader.send(f"{check}/decision", {})
    auditor = pages.user("auditor")

    auditor.open(f"/events?number={number}&kind=check-decided")

    assert re.search(r"✕ 不准装 TNK-02\.approved", auditor.text)
    assert f"运单 {number}" in auditor.text
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}")
    assert re.search(r"✕ 不准装 TNK-02\.approved", carrier.text)


def test_a_code_that_was_refused_says_why_in_its_row_of_the_log(pages: PageTown) -> None:
    loader = at_the_bay(pages)
    loader.send("/bay/checks", {"text": "HELLO"})

    auditor = pages.user("auditor").open("/events?kind=code-scanned")

    assert "扫码 ✕ 这不是运单码" in auditor.text


def test_the_start_page_names_what_a_paper_is_about(pages: PageTown) -> None:
    carrier = pages.user("carrier").open("/")

    assert re.search(r"罐体 T-20\d\d-\d{4}", carrier.text)
    assert re.search(r"人员 \S\*+", carrier.text)


def test_an_unknown_number_is_said_beside_its_field(pages: PageTown) -> None:
    auditor = pages.user("auditor")

    auditor.open("/events?number=NO-SUCH")

    assert "没有此编号的运单" in auditor.text
