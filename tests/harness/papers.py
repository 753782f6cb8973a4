"""Builders of what is printed: a petrol trip, right but for what a test changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from tests.harness.sealed_codes import signing_key
from waybill.document import (
    CrewMember,
    GoodsItem,
    Party,
    Place,
    TankDescription,
    Unit,
    WaybillContent,
    digest,
    to_bytes,
)
from waybill.goods.catalogue import editions, load
from waybill.qr_payload import encode_qr_text
from waybill.registry.kinds import PlateColour, TankKind
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.waybills.content import claims_of
from waybill.services.waybills.printing import PrintedPerson, PrintedWaybill

ISSUED_AT: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
EDITION: Final = editions()[-1].name
NUMBER: Final = "32080012342026112200011233"


def goods_item(un_number: str = "1203", *, position: int = 1, **changes: object) -> GoodsItem:
    """Return 28 500 kg of the first row with a UN number, in a tank."""
    entry = load(EDITION).find(un_number)[0]
    item = GoodsItem(
        position=position,
        entry_key=entry.key,
        un_number=un_number,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        hazard_class=entry.division or entry.hazard_class,
        subsidiary_hazards=entry.subsidiary_hazards,
        packing_group=entry.packing_group.value if entry.packing_group else "",
        mode="tank",
        quantity_kg=Decimal(28500),
        quantity_l=Decimal(38000),
    )
    return msgspec.structs.replace(item, **changes)


def waybill_content(**changes: object) -> WaybillContent:
    """Return what is signed of a petrol trip."""
    plant = Party(uscc="91320800MA1AAAAA05", name="淮安盐化有限公司", phone="0517-83334444")
    carrier = Party(
        uscc="91320800MA1BBBBB0D",
        name="淮安危货运输有限公司",
        phone="0517-83335555",
        licence_number="320800001234",
    )
    content = WaybillContent(
        v=1,
        id="01930000-0000-7000-8000-000000000001",
        number=NUMBER,
        revision=1,
        supersedes=None,
        issuer="demo",
        list_edition=EDITION,
        issued_at=ISSUED_AT,
        valid_from=ISSUED_AT,
        valid_until=ISSUED_AT + timedelta(hours=72),
        planned_loading_at=ISSUED_AT,
        carrier=carrier,
        consignor=plant,
        consignee=Party(uscc="91320800MA1CCCCC0M", name="洪泽石油有限公司"),
        loader=plant,
        loading_place=Place(
            area_code="320812", address="淮安市清江浦区化工路 8 号", name="一号装车场"
        ),
        destination=Place(area_code="320100", address="南京市江北新区油库路 1 号"),
        vehicle=Unit(
            plate="苏H12345", plate_colour=PlateColour.YELLOW, certificate_number="320800123456"
        ),
        trailer=Unit(
            plate="苏H1234挂", plate_colour=PlateColour.YELLOW, certificate_number="320800123457"
        ),
        tank=TankDescription(
            number="T-2022-0001", kind=TankKind.ATMOSPHERIC_TANK, capacity_l=Decimal(45000)
        ),
        driver=CrewMember(reference="d_8f3a9c27b1", name="a" * 64),
        escort=CrewMember(reference="e_1b2c3d4e90", name="b" * 64),
        goods=(goods_item(),),
        emergency_phone="0517-83330119",
        remarks="绕行市区",
        dispatcher="c" * 64,
        accepted_findings=("TNK-01.due",),
    )
    return msgspec.structs.replace(content, **changes)


def printed_waybill(
    content: WaybillContent | None = None, *, cancelled: bool = False, masked: bool = False
) -> PrintedWaybill:
    """Return a waybill as it is handed to the printer, its code signed by `signing_key()`."""
    content = content or waybill_content()
    return PrintedWaybill(
        content=content,
        status=WaybillStatus.CANCELLED if cancelled else WaybillStatus.ISSUED,
        digest=digest(to_bytes(content)),
        qr_text=encode_qr_text(claims_of(content), signing_key(), "https://waybill.example"),
        driver=PrintedPerson(
            name="张建国", phone="13905171234", certificate_number="320811198501010105"
        ),
        escort=PrintedPerson(name="李卫东", phone="", certificate_number=None),
        dispatcher="王芳",
        masked=masked,
        printed_at=ISSUED_AT + timedelta(minutes=5),
        cancelled_at=ISSUED_AT if cancelled else None,
        cancel_reason="车辆故障" if cancelled else "",
    )
