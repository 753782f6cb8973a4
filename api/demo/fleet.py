"""The demonstration's companies, vehicles, tanks and people, as one table each.

Dates are days from the day of seeding: -1 is yesterday, 365 in a year.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from api.demo.figures import container_number
from waybill.registry.kinds import OrganisationRole, TankKind, UnitBody, UnitKind

IN_A_YEAR: Final = 365
GATE: Final = (Decimal("33.605"), Decimal("119.140"))
"""Where the vehicles report from: degrees north and east."""
YESTERDAY: Final = -1

SCOPE_ANDA: Final = "危险货物运输(2类1项,3类,6类1项,8类)(剧毒化学品除外)"
SCOPE_HENGLV: Final = "危险货物运输(2类2项,2类3项,8类),剧毒化学品"
SCOPE_SHUNTONG: Final = "危险货物运输(3类,8类)(剧毒化学品除外)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """An organisation: `number` makes its code, `scope` its licence if it carries."""

    number: int
    name: str
    roles: tuple[OrganisationRole, ...]
    address: str
    phone: str
    scope: str = ""


COMPANIES: Final[dict[str, Company]] = {
    "authority": Company(
        number=1,
        name="示例市交通运输局",
        roles=(OrganisationRole.AUTHORITY,),
        address="示例市政务大道 1 号",
        phone="0517-80000001",
    ),
    "plant": Company(
        number=2,
        name="示例化工有限公司",
        roles=(OrganisationRole.LOADER, OrganisationRole.CONSIGNOR),
        address="示例市化工园区一路 8 号",
        phone="0517-80000002",
    ),
    "consignor": Company(
        number=3,
        name="示例石化销售有限公司",
        roles=(OrganisationRole.CONSIGNOR,),
        address="示例市港口路 20 号",
        phone="0517-80000003",
    ),
    "consignee": Company(
        number=4,
        name="示例能源供应有限公司",
        roles=(OrganisationRole.CONSIGNEE,),
        address="邻州市工业大道 66 号",
        phone="0527-80000004",
    ),
    "anda": Company(
        number=11,
        name="示例安达危险货物运输有限公司",
        roles=(OrganisationRole.CARRIER,),
        address="示例市物流园 3 栋",
        phone="0517-80000011",
        scope=SCOPE_ANDA,
    ),
    "henglv": Company(
        number=12,
        name="示例恒绿液氯运输有限公司",
        roles=(OrganisationRole.CARRIER,),
        address="示例市物流园 9 栋",
        phone="0517-80000012",
        scope=SCOPE_HENGLV,
    ),
    "shuntong": Company(
        number=13,
        name="示例顺通物流有限公司",
        roles=(OrganisationRole.CARRIER,),
        address="示例市南环路 120 号",
        phone="0517-80000013",
        scope=SCOPE_SHUNTONG,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truck:
    """A vehicle: `kg` is what it may load, or pull if it is a tractor."""

    owner: str
    plate: str
    kind: UnitKind
    kg: int
    tare_kg: int = 8_800
    approval: str = "FL"
    body: UnitBody = UnitBody.TRACTOR_ONLY


def _combination(
    owner: str, number: int, approval: str = "FL", body: UnitBody = UnitBody.TANK
) -> tuple[Truck, Truck]:
    return (
        Truck(
            owner=owner,
            plate=f"苏H9{number:04}",
            kind=UnitKind.TRACTOR,
            kg=40_000,
            approval=approval,
        ),
        Truck(
            owner=owner,
            plate=f"苏H9{number:03}挂",
            kind=UnitKind.TRAILER,
            kg=30_000,
            approval=approval,
            body=body,
        ),
    )


def _box_truck(owner: str, number: int) -> Truck:
    return Truck(
        owner=owner,
        plate=f"苏H8{number:04}",
        kind=UnitKind.RIGID,
        kg=9_900,
        tare_kg=7_600,
        approval="none",
        body=UnitBody.VAN,
    )


_SKELETAL: Final = UnitBody.CONTAINER_CARRIER

TRUCKS: Final[tuple[Truck, ...]] = (
    *(unit for number in range(1, 8) for unit in _combination("anda", number)),
    _box_truck("anda", 1),
    _box_truck("anda", 2),
    *(unit for number in range(21, 25) for unit in _combination("henglv", number, "AT", _SKELETAL)),
    *_combination("shuntong", 31, body=_SKELETAL),
    *(unit for number in (32, 33) for unit in _combination("shuntong", number)),
    _box_truck("shuntong", 31),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """A tank: `on` is the trailer it is fixed to, empty for a tank-container.

    `key` is how the cases call it where its number is made up at run time.
    """

    owner: str
    number: str
    key: str = ""
    code: str
    capacity_l: int
    approved: tuple[str, ...] = ()
    on: str = ""
    tare_kg: int | None = None
    test_pressure_bar: int | None = None
    max_filling_kg: int | None = None
    largest_section_l: int | None = None
    next_test_in_days: int = 200

    @property
    def kind(self) -> TankKind:
        """A tank that is fixed to a trailer, or one that comes off."""
        return TankKind.ATMOSPHERIC_TANK if self.on else TankKind.TANK_CONTAINER


def _chlorine_container(owner: str, number: int) -> Vessel:
    return Vessel(
        owner=owner,
        key=f"{owner}-{number}",
        number=container_number(COMPANIES[owner].number * 10_000 + number),
        code="P22DH",
        capacity_l=17_000,
        tare_kg=7_200,
        test_pressure_bar=22,
        max_filling_kg=21_250,
    )


def _fixed(
    trailer: str,
    number: str,
    *,
    code: str,
    capacity_l: int,
    approved: str,
    owner: str = "anda",
    days: int = 200,
    largest_section_l: int | None = None,
) -> Vessel:
    return Vessel(
        owner=owner,
        number=number,
        code=code,
        capacity_l=capacity_l,
        approved=tuple(approved.split()),
        on=trailer,
        next_test_in_days=days,
        largest_section_l=largest_section_l,
    )


VESSELS: Final[tuple[Vessel, ...]] = (
    _fixed("苏H9001挂", "T-2024-0001", code="LGBF", capacity_l=40_000, approved="1203 1202"),
    _fixed("苏H9002挂", "T-2024-0002", code="LGBF", capacity_l=36_000, approved="1202 1170"),
    _fixed("苏H9003挂", "T-2024-0003", code="L4BH", capacity_l=36_000, approved="1230 1170"),
    _fixed(
        "苏H9004挂", "T-2021-0004", code="LGBF", capacity_l=40_000, approved="1203 1202", days=-20
    ),
    _fixed("苏H9005挂", "T-2024-0005", code="LGBF", capacity_l=44_000, approved="1203"),
    _fixed(
        "苏H9006挂",
        "T-2024-0006",
        code="L4BN",
        capacity_l=22_000,
        approved="1789 1824 1830",
        largest_section_l=22_000,
    ),
    *(_chlorine_container("henglv", number) for number in (1, 2, 3)),
    _chlorine_container("shuntong", 1),
    _fixed(
        "苏H9032挂",
        "T-2025-0031",
        code="LGBF",
        capacity_l=38_000,
        approved="1203 1202",
        owner="shuntong",
    ),
)


FACILITY: Final = ("示例化工装车站", "320800", "示例市化工园区一路 8 号 装车站")
BAYS: Final = ("1 号鹤位（液体）", "2 号鹤位（液氯）")
