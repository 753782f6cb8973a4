"""The printed waybill, read back as a recipient would: its text, its fonts, its code."""

import re
from decimal import Decimal
from io import BytesIO
from typing import cast

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from api.rendering.pdf import typeset, waybill_data, waybill_pdf
from api.rendering.wording import describe_item
from tests.harness.papers import (
    EDITION,
    ISSUED_AT,
    NUMBER,
    goods_item,
    printed_waybill,
    waybill_content,
)
from tests.harness.sealed_codes import trusted
from waybill.goods.catalogue import load
from waybill.goods.wording import GoodsDescription, description_en, description_zh
from waybill.qr_payload import verify_qr
from waybill.registry.kinds import TankKind
from waybill.services.waybills.content import claims_of


def texts(paper: bytes) -> list[str]:
    """Return each page's text without the spaces between glyphs that extraction adds."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(BytesIO(paper)).pages]


def fonts(paper: bytes) -> set[tuple[str, bool]]:
    """Return name and whether it is embedded, of each font of each page."""
    found = set()
    for page in PdfReader(BytesIO(paper)).pages:
        resources = cast("DictionaryObject", page["/Resources"])
        for reference in cast("DictionaryObject", resources["/Font"]).values():
            (descendant,) = reference.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"].get_object()
            embedded = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
            found.add((descriptor["/FontName"].partition("+")[2], embedded))
    return found


@pytest.fixture(scope="module")
def page() -> str:
    """The only page of a petrol trip."""
    (text,) = texts(waybill_pdf(printed_waybill()))
    return text


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(NUMBER, id="number"),
        pytest.param("淮安盐化有限公司", id="consignor and loader"),
        pytest.param("洪泽石油有限公司", id="consignee"),
        pytest.param("一号装车场·淮安市清江浦区化工路8号", id="place of loading"),
        pytest.param("南京市江北新区油库路1号", id="destination"),
        pytest.param("淮安危货运输有限公司", id="carrier"),
        pytest.param("320800001234", id="carrier's licence"),
        pytest.param("苏H·12345(黄牌yellow)", id="plate and colour"),
        pytest.param("320800123456", id="vehicle's certificate"),
        pytest.param("苏H·1234挂(黄牌yellow)", id="trailer"),
        pytest.param("320800123457", id="trailer's certificate"),
        pytest.param("T-2022-0001", id="tank"),
        pytest.param("45m", id="capacity in cubic metres"),
        pytest.param("张建国", id="driver"),
        pytest.param("320811198501010105", id="driver's qualification"),
        pytest.param("13905171234", id="driver's telephone"),
        pytest.param("李卫东", id="escort"),
        pytest.param("（已删除或限制withheld）", id="an erased or restricted value says so"),
        pytest.param("UN1203车用汽油或汽油，3，包装类别Ⅱ", id="goods line"),
        pytest.param("3,II,(D/E)", id="goods line as ADR words it"),
        pytest.param("28,500kg/38,000L", id="quantity"),
        pytest.param("0517-83330119", id="emergency telephone"),
        pytest.param("绕行市区", id="remarks"),
        pytest.param("TNK-01.due", id="findings confirmed at issue"),
        pytest.param("王芳", id="dispatcher"),
        pytest.param("2026-11-2214:05", id="local time"),
        pytest.param("第1版revision1", id="revision"),
        pytest.param("page1of1", id="page number"),
    ],
)
def test_the_paper_shows(page: str, shown: str) -> None:
    assert shown in page


def test_the_digest_of_the_signed_bytes_stands_whole_on_each_page() -> None:
    content = waybill_content(goods=tuple(goods_item(position=n) for n in range(1, 31)))
    printed = printed_waybill(content)

    pages = texts(waybill_pdf(printed))

    assert [printed.digest in text for text in pages] == [True] * len(pages)


def test_every_font_is_embedded_and_none_is_the_systems() -> None:
    assert fonts(waybill_pdf(printed_waybill())) == {("NotoSansSC-Regular", True)}


def test_a_long_list_of_goods_flows_over_pages_with_its_head_repeated() -> None:
    goods = tuple(goods_item(position=n, quantity_kg=Decimal(n)) for n in range(1, 33))

    pages = texts(waybill_pdf(printed_waybill(waybill_content(goods=goods))))

    assert [f"page{n}of{len(pages)}" in text for n, text in enumerate(pages, start=1)] == [
        True
    ] * len(pages)
    assert len(pages) > 1
    assert ["propershippingname" in text for text in pages] == [True] * len(pages)
    assert [f"{n}kg/38,000L" in "".join(pages) for n in range(1, 33)] == [True] * 32


def test_subsidiary_hazards_and_technical_name_stand_in_the_line() -> None:
    allyl = goods_item("1098", mode="packages", packaging="钢桶 1A1", packages=80, quantity_l=None)
    solvent = goods_item("1993", position=2, technical_name="含有二甲苯和苯")

    (text,) = texts(waybill_pdf(printed_waybill(waybill_content(goods=(allyl, solvent)))))

    assert "UN1098烯丙醇，6.1(3)，包装类别Ⅰ" in text
    assert "UN1098ALLYLALCOHOL,6.1(3),I,(C/D)" in text
    assert "钢桶1A1×80" in text
    assert "UN1993易燃液体，未另作规定的(含有二甲苯和苯)，3，包装类别Ⅲ" in text
    assert "UN1993FLAMMABLELIQUID,N.O.S.(二甲苯和苯),3,III,(D/E)" in text


def test_each_compartment_has_its_own_line() -> None:
    front = goods_item("1203", compartment=1, quantity_kg=Decimal(12000), quantity_l=None)
    rear = goods_item("1230", position=2, compartment=2, quantity_kg=Decimal(8000))

    (text,) = texts(waybill_pdf(printed_waybill(waybill_content(goods=(front, rear)))))

    assert "罐装，1号仓intank,compartment112,000kg" in text
    assert "罐装，2号仓intank,compartment28,000kg/38,000L" in text
    assert "UN1230METHANOL,3(6.1),II,(D/E)" in text


def test_packages_that_are_not_counted_are_still_packages() -> None:
    drums = goods_item("1098", mode="packages", quantity_l=None)

    (text,) = texts(waybill_pdf(printed_waybill(waybill_content(goods=(drums,), tank=None))))

    assert "包件inpackages28,500kg" in text


@pytest.mark.parametrize(
    ("mode", "tank_kind", "zh", "en"),
    [
        pytest.param("tank", None, "空罐车", "EMPTY TANK-VEHICLE", id="no tank named"),
        pytest.param(
            "tank", TankKind.ATMOSPHERIC_TANK, "空罐车", "EMPTY TANK-VEHICLE", id="tank-vehicle"
        ),
        pytest.param(
            "tank", TankKind.MOBILE_PRESSURE_VESSEL, "空罐车", "EMPTY TANK-VEHICLE", id="for gas"
        ),
        pytest.param(
            "tank", TankKind.PORTABLE_TANK, "空可移动罐柜", "EMPTY PORTABLE TANK", id="portable"
        ),
        pytest.param(
            "tank", TankKind.TANK_CONTAINER, "空罐式集装箱", "EMPTY TANK-CONTAINER", id="container"
        ),
        pytest.param("bulk", None, "空车辆", "EMPTY VEHICLE", id="bulk"),
        pytest.param("bulk", TankKind.PORTABLE_TANK, "空车辆", "EMPTY VEHICLE", id="bulk by tank"),
    ],
)
def test_an_empty_one_is_named_by_what_it_is(
    mode: str, tank_kind: TankKind | None, zh: str, en: str
) -> None:
    item = goods_item("1350", mode=mode, waste=True, empty_uncleaned=True)
    entry = load(EDITION).get(item.entry_key)

    goods = describe_item(item, entry, tank_kind)

    assert (description_zh(goods), description_en(goods)) == (
        f"{zh}，未清洁，上次装载：UN 1350 废弃物硫，4.1，包装类别Ⅲ",
        f"{en}, LAST LOAD: UN 1350 WASTE SULPHUR, 4.1, III, (E)",
    )


def test_what_was_signed_goes_before_what_the_list_says() -> None:
    item = goods_item(
        "1203",
        name_zh="汽油",
        hazard_class="2.1",
        subsidiary_hazards=("8",),
        packing_group="III",
        technical_name="乙醇",
        packaging="钢桶",
        packages=3,
        compartment=2,
    )

    goods = describe_item(item, load(EDITION).get("1098"), None)

    assert goods == GoodsDescription(
        un_number="1203",
        name_zh="汽油",
        name_en="MOTOR SPIRIT",
        hazard="2.1",
        subsidiary_hazards=("8",),
        packing_group="III",
        tunnel_restriction_code="C/D",
        technical_name="乙醇",
        packaging="钢桶",
        packages=3,
        quantity_kg=Decimal(28500),
        quantity_l=Decimal(38000),
        compartment=2,
    )


@pytest.mark.parametrize("cancelled", [True, False])
def test_only_a_cancelled_waybill_is_stamped(cancelled: bool) -> None:  # noqa: FBT001
    (text,) = texts(waybill_pdf(printed_waybill(cancelled=cancelled)))

    assert ("CANCELLED" in text, "车辆故障" in text) == (cancelled, cancelled)


def test_a_masked_paper_says_so() -> None:
    (text,) = texts(waybill_pdf(printed_waybill(masked=True)))

    assert "个人信息已遮盖" in text


def test_what_users_write_is_never_read_as_markup() -> None:
    remarks = '#strong[x] *b* $1/0$ \\ "q" <script> // c'

    (text,) = texts(waybill_pdf(printed_waybill(waybill_content(remarks=remarks))))

    assert re.sub(r"\s+", "", remarks) in text


def test_a_trip_without_trailer_and_tank_says_none() -> None:
    (text,) = texts(waybill_pdf(printed_waybill(waybill_content(trailer=None, tank=None))))

    assert text.count("无none") == 2


@pytest.mark.parametrize("lines", [1, 4, 32])
def test_the_code_on_the_page_is_read_by_a_camera_and_verified(lines: int) -> None:
    printed = printed_waybill(
        waybill_content(goods=tuple(goods_item(position=n) for n in range(1, lines + 1)))
    )

    first, *_ = typeset("waybill.typ", waybill_data(printed), {"qr": printed.qr_text}, form="png")

    picture = Image.open(BytesIO(first), formats=("PNG",))
    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    assert [code.text for code in found] == [printed.qr_text]
    assert [code.ec_level for code in found] == ["Q"]
    assert verify_qr(found[0].text, trusted(), ISSUED_AT) == claims_of(printed.content)
