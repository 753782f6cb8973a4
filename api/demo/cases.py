"""The cases to play through: clean trips and traps, each one waybill.

`refused_by` are the rules of the bay's verdict that do not pass, beside all the others, which do.
The workflow tests play each case over HTTP and compare the whole verdict.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from waybill.rules.facts import Regime


class Twist(StrEnum):
    """What is wrong at the bay though the waybill itself may be in order."""

    NONE = "none"
    OTHER_TRAILER = "other-trailer"
    CHANGED_DIGIT = "changed-digit"
    USED_TWICE = "used-twice"
    CANCELLED = "cancelled"
    NOT_ISSUED = "not-issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Goods in packages: how many of what, and the regime they are declared under.

    Litres of the largest inner packaging, kilograms of the heaviest package.
    """

    packaging: str
    packages: int
    regime: Regime = Regime.ORDINARY
    inner_l: Decimal | None = None
    package_gross_kg: Decimal | None = None
    gross_mass_kg: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trip: who drives what with which goods, and which rules refuse it.

    A trip with packages has neither trailer nor tank. `last_cargo` is the row that the tank held
    before, the same as now where it is empty; `food` travels on the same vehicle; `without_pass`
    leaves out the pass that highly toxic goods need.
    """

    key: str
    title_zh: str
    title_en: str
    owner: str
    tractor: str
    driver: str
    escort: str
    entry: str
    quantity_kg: int
    trailer: str = ""
    tank: str = ""
    twist: Twist = Twist.NONE
    refused_by: tuple[str, ...] = ()
    packed: Packed | None = None
    last_cargo: str = ""
    food: bool = False
    without_pass: bool = False


CASES: Final[tuple[Case, ...]] = (
    Case(
        key="petrol",
        title_zh="汽油，罐体适装：正常",
        title_en="Petrol in a tank approved for it: clean",
        owner="anda",
        tractor="苏H90001",
        trailer="苏H9001挂",
        tank="T-2024-0001",
        driver="anda-driver-1",
        escort="anda-escort-1",
        entry="1203",
        quantity_kg=28_500,
    ),
    Case(
        key="methanol-trap",
        title_zh="甲醇装入仅适装柴油、乙醇的罐体",
        title_en="Methanol in a tank approved for diesel and ethanol only",
        owner="anda",
        tractor="苏H90002",
        trailer="苏H9002挂",
        tank="T-2024-0002",
        driver="anda-driver-2",
        escort="anda-escort-2",
        entry="1230",
        quantity_kg=26_000,
        refused_by=("TNK-02.approved",),
    ),
    Case(
        key="methanol",
        title_zh="甲醇，罐体适装：正常",
        title_en="Methanol in a tank approved for it: clean",
        owner="anda",
        tractor="苏H90003",
        trailer="苏H9003挂",
        tank="T-2024-0003",
        driver="anda-driver-3",
        escort="anda-escort-2",
        entry="1230",
        quantity_kg=26_000,
    ),
    Case(
        key="chlorine",
        title_zh="液氯罐箱，经营范围与剧毒资格齐全：正常",
        title_en="Liquid chlorine in a tank-container, scope and endorsement in order: clean",
        owner="henglv",
        tractor="苏H90021",
        trailer="苏H9021挂",
        tank="henglv-1",
        driver="henglv-driver-1",
        escort="henglv-escort-1",
        entry="1017",
        quantity_kg=20_000,
    ),
    Case(
        key="chlorine-no-scope",
        title_zh="液氯，承运人与车辆经营范围不含 2 类 3 项",
        title_en="Liquid chlorine outside the scope of carrier and vehicles",
        owner="shuntong",
        tractor="苏H90031",
        trailer="苏H9031挂",
        tank="shuntong-1",
        driver="shuntong-driver-1",
        escort="shuntong-escort-1",
        entry="1017",
        quantity_kg=20_000,
        refused_by=("CAR-01.scope", "VEH-02.tractor", "VEH-02.trailer"),
    ),
    Case(
        key="chlorine-no-endorsement",
        title_zh="液氯，驾驶员无剧毒化学品资格",
        title_en="Liquid chlorine, the driver without the endorsement",
        owner="henglv",
        tractor="苏H90022",
        trailer="苏H9022挂",
        tank="henglv-2",
        driver="henglv-driver-plain",
        escort="henglv-escort-1",
        entry="1017",
        quantity_kg=20_000,
        refused_by=("DRV-01.endorsement",),
    ),
    Case(
        key="prohibited",
        title_zh="王水：禁止道路运输，不得签发",
        title_en="Aqua regia: prohibited for carriage, cannot be issued",
        owner="anda",
        tractor="苏H90006",
        trailer="苏H9006挂",
        tank="T-2024-0006",
        driver="anda-driver-1",
        escort="anda-escort-1",
        entry="1798",
        quantity_kg=10_000,
        twist=Twist.NOT_ISSUED,
    ),
    Case(
        key="driver-expired",
        title_zh="驾驶员从业资格证昨日到期",
        title_en="The driver's qualification expired yesterday",
        owner="anda",
        tractor="苏H90005",
        trailer="苏H9005挂",
        tank="T-2024-0005",
        driver="anda-driver-expired",
        escort="anda-escort-1",
        entry="1203",
        quantity_kg=28_000,
        refused_by=("DRV-01.qualification",),
    ),
    Case(
        key="escort-is-driver",
        title_zh="押运员就是驾驶员本人",
        title_en="The escort is the driver",
        owner="anda",
        tractor="苏H90001",
        trailer="苏H9001挂",
        tank="T-2024-0001",
        driver="anda-driver-escort",
        escort="anda-driver-escort",
        entry="1203",
        quantity_kg=28_000,
        refused_by=("ESC-01.not_driver",),
    ),
    Case(
        key="tank-overdue",
        title_zh="罐体检验已过期",
        title_en="The tank is past its inspection",
        owner="anda",
        tractor="苏H90004",
        trailer="苏H9004挂",
        tank="T-2021-0004",
        driver="anda-driver-2",
        escort="anda-escort-1",
        entry="1203",
        quantity_kg=28_000,
        refused_by=("TNK-01.inspection",),
    ),
    Case(
        key="other-trailer",
        title_zh="到场挂车不是运单上的挂车",
        title_en="Another trailer than the waybill's",
        owner="anda",
        tractor="苏H90001",
        trailer="苏H9001挂",
        tank="T-2024-0001",
        driver="anda-driver-1",
        escort="anda-escort-1",
        entry="1203",
        quantity_kg=28_000,
        twist=Twist.OTHER_TRAILER,
        refused_by=("DOC-02.trailer", "VEH-05.trailer"),
    ),
    Case(
        key="overweight",
        title_zh="计划装载超出核定载质量 400 kg",
        title_en="400 kg more than the rated load mass",
        owner="anda",
        tractor="苏H90005",
        trailer="苏H9005挂",
        tank="T-2024-0005",
        driver="anda-driver-3",
        escort="anda-escort-2",
        entry="1203",
        quantity_kg=30_400,
        refused_by=("TNK-03.mass",),
    ),
    Case(
        key="changed-digit",
        title_zh="运单二维码被改动一位数字",
        title_en="One digit of the waybill's code was changed",
        owner="anda",
        tractor="苏H90003",
        trailer="苏H9003挂",
        tank="T-2024-0003",
        driver="anda-driver-3",
        escort="anda-escort-2",
        entry="1230",
        quantity_kg=25_000,
        twist=Twist.CHANGED_DIGIT,
    ),
    Case(
        key="used-twice",
        title_zh="同一份运单第二次使用",
        title_en="A waybill that was used before",
        owner="shuntong",
        tractor="苏H90032",
        trailer="苏H9032挂",
        tank="T-2025-0031",
        driver="shuntong-driver-1",
        escort="shuntong-escort-1",
        entry="1203",
        quantity_kg=27_000,
        twist=Twist.USED_TWICE,
        refused_by=("DOC-01.state",),
    ),
    Case(
        key="cancelled",
        title_zh="已作废的运单",
        title_en="A cancelled waybill",
        owner="anda",
        tractor="苏H90005",
        trailer="苏H9005挂",
        tank="T-2024-0005",
        driver="anda-driver-1",
        escort="anda-escort-2",
        entry="1203",
        quantity_kg=28_000,
        twist=Twist.CANCELLED,
        refused_by=("DOC-01.state",),
    ),
    Case(
        key="overfilled",
        title_zh="汽油充装过满：超过允许充装度",
        title_en="Petrol filled too full for its expansion",
        owner="anda",
        tractor="苏H90001",
        trailer="苏H9001挂",
        tank="T-2024-0001",
        driver="anda-driver-1",
        escort="anda-escort-1",
        entry="1203",
        quantity_kg=29_600,
        refused_by=("TNK-03.filling",),
    ),
    Case(
        key="surge",
        title_zh="烧碱溶液半罐，罐内无防波板",
        title_en="Caustic soda solution in a half-full tank without surge plates",
        owner="anda",
        tractor="苏H90006",
        trailer="苏H9006挂",
        tank="T-2024-0006",
        driver="anda-driver-1",
        escort="anda-escort-1",
        entry="1824-ii",
        quantity_kg=12_000,
        refused_by=("TNK-03.surge",),
    ),
    Case(
        key="not-cleaned",
        title_zh="甲醇，罐体上次装载乙醇且未清洗",
        title_en="Methanol in a tank that held ethanol and was not cleaned",
        owner="anda",
        tractor="苏H90003",
        trailer="苏H9003挂",
        tank="T-2024-0003",
        driver="anda-driver-3",
        escort="anda-escort-2",
        entry="1230",
        quantity_kg=26_000,
        last_cargo="1170-ii",
        refused_by=("TNK-04.last_cargo",),
    ),
    Case(
        key="chlorine-no-pass",
        title_zh="液氯，没有剧毒化学品道路运输通行证",
        title_en="Liquid chlorine without the pass for highly toxic chemicals",
        owner="henglv",
        tractor="苏H90023",
        trailer="苏H9023挂",
        tank="henglv-3",
        driver="henglv-driver-1",
        escort="henglv-escort-1",
        entry="1017",
        quantity_kg=20_000,
        without_pass=True,
        refused_by=("DOC-04.highly_toxic",),
    ),
    Case(
        key="paint-limited",
        title_zh="涂料，有限数量，按普通货物运输：正常",
        title_en="Paint in limited quantities, as ordinary goods: clean",
        owner="anda",
        tractor="苏H80001",
        driver="anda-driver-expired",
        escort="anda-escort-1",
        entry="1263-ii-7541",
        quantity_kg=2_400,
        packed=Packed(
            packaging="纸箱，内装金属罐",
            packages=120,
            regime=Regime.LIMITED,
            inner_l=Decimal(5),
            package_gross_kg=Decimal(24),
            gross_mass_kg=Decimal(2_880),
        ),
    ),
    Case(
        key="food-beside",
        title_zh="二氯甲烷与食品同车",
        title_en="Dichloromethane beside foodstuffs",
        owner="anda",
        tractor="苏H80002",
        driver="anda-driver-1",
        escort="anda-escort-1",
        entry="1593",
        quantity_kg=4_000,
        packed=Packed(packaging="钢桶", packages=16),
        food=True,
        refused_by=("MIX-01.foodstuffs",),
    ),
)

OTHER_TRAILER_PLATE: Final = "苏H9007挂"
"""The trailer that arrives in the case `other-trailer`."""
