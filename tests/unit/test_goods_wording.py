"""Goods lines word by word, in both languages, and that every row of the list yields one."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.described_goods import LIST, goods
from waybill.goods.catalogue import editions, load
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.wording import (
    Containment,
    GoodsDescription,
    Quantities,
    describe,
    description_en,
    description_zh,
    goods_line_en,
    goods_line_zh,
)

DESCRIPTIONS = [
    pytest.param(
        goods("1098"),
        "UN 1098 烯丙醇，6.1(3)，包装类别Ⅰ",
        "UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D)",
        id="a subsidiary hazard",
    ),
    pytest.param(
        goods("1203"),
        "UN 1203 车用汽油或汽油，3，包装类别Ⅱ",
        "UN 1203 MOTOR SPIRIT, 3, II, (D/E)",
        id="the first of several names",
    ),
    pytest.param(
        replace(describe(LIST.get("1203"), alternative=2)),
        "UN 1203 车用汽油或汽油，3，包装类别Ⅱ",
        "UN 1203 PETROL, 3, II, (D/E)",
        id="the last of several names",
    ),
    pytest.param(
        goods("1993-iii-8eef", technical_name="二甲苯和苯"),
        "UN 1993 易燃液体，未另作规定的(含有二甲苯和苯)，3，包装类别Ⅲ",
        "UN 1993 FLAMMABLE LIQUID, N.O.S. (二甲苯和苯), 3, III, (D/E)",
        id="a technical name",
    ),
    pytest.param(
        goods("1993-iii-8eef", technical_name="含有二甲苯和苯"),
        "UN 1993 易燃液体，未另作规定的(含有二甲苯和苯)，3，包装类别Ⅲ",
        "UN 1993 FLAMMABLE LIQUID, N.O.S. (二甲苯和苯), 3, III, (D/E)",
        id="a technical name written with 含有",
    ),
    pytest.param(
        goods("1993-iii-8eef", technical_name="含二甲苯"),
        "UN 1993 易燃液体，未另作规定的(含有二甲苯)，3，包装类别Ⅲ",
        "UN 1993 FLAMMABLE LIQUID, N.O.S. (二甲苯), 3, III, (D/E)",
        id="a technical name written with 含",
    ),
    pytest.param(
        goods("1230", waste=True),
        "UN 1230 废弃物甲醇，3(6.1)，包装类别Ⅱ",
        "UN 1230 WASTE METHANOL, 3 (6.1), II, (D/E)",
        id="waste",
    ),
    pytest.param(
        goods("3291-a75a", waste=True),
        "UN 3291 医院诊所废弃物，未具体说明的，未另作规定的，或（生物）医学废弃物，未另作规定的，"
        "或管制的医学废弃物，未另作规定的，6.2",
        "UN 3291 CLINICAL WASTE, UNSPECIFIED, N.O.S., 6.2",
        id="waste whose name says so",
    ),
    pytest.param(
        goods("1203", empty_uncleaned=True, quantity_kg=Decimal(1)),
        "空罐车，未清洁，上次装载：UN 1203 车用汽油或汽油，3，包装类别Ⅱ",
        "EMPTY TANK-VEHICLE, LAST LOAD: UN 1203 MOTOR SPIRIT, 3, II, (D/E)",
        id="an empty tank-vehicle",
    ),
    pytest.param(
        goods("1098", empty_uncleaned=True, containment=Containment.DEMOUNTABLE_TANK),
        "空可拆卸罐体，未清洁，上次装载：UN 1098 烯丙醇，6.1(3)，包装类别Ⅰ",
        "EMPTY DEMOUNTABLE TANK, LAST LOAD: UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D)",
        id="an empty demountable tank",
    ),
    pytest.param(
        goods("1098", empty_uncleaned=True, containment=Containment.TANK_CONTAINER),
        "空罐式集装箱，未清洁，上次装载：UN 1098 烯丙醇，6.1(3)，包装类别Ⅰ",
        "EMPTY TANK-CONTAINER, LAST LOAD: UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D)",
        id="an empty tank-container",
    ),
    pytest.param(
        goods("1098", empty_uncleaned=True, containment=Containment.PORTABLE_TANK),
        "空可移动罐柜，未清洁，上次装载：UN 1098 烯丙醇，6.1(3)，包装类别Ⅰ",
        "EMPTY PORTABLE TANK, LAST LOAD: UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D)",
        id="an empty portable tank",
    ),
    pytest.param(
        goods("1350", empty_uncleaned=True, containment=Containment.VEHICLE),
        "空车辆，未清洁，上次装载：UN 1350 硫，4.1，包装类别Ⅲ",
        "EMPTY VEHICLE, LAST LOAD: UN 1350 SULPHUR, 4.1, III, (E)",
        id="an empty vehicle for bulk",
    ),
    pytest.param(
        goods("1350", empty_uncleaned=True, containment=Containment.CONTAINER),
        "空集装箱，未清洁，上次装载：UN 1350 硫，4.1，包装类别Ⅲ",
        "EMPTY CONTAINER, LAST LOAD: UN 1350 SULPHUR, 4.1, III, (E)",
        id="an empty container for bulk",
    ),
    pytest.param(
        goods("1203", empty_uncleaned=True, containment=Containment.PACKAGING),
        "空包装，未清洁，3",
        "EMPTY PACKAGING, 3",
        id="an empty packaging",
    ),
    pytest.param(
        goods("1098", empty_uncleaned=True, containment=Containment.IBC),
        "空中型散装容器，未清洁，6.1(3)",
        "EMPTY IBC, 6.1 (3)",
        id="an empty IBC",
    ),
    pytest.param(
        goods("1098", empty_uncleaned=True, containment=Containment.LARGE_PACKAGING),
        "空大型包装，未清洁，6.1(3)",
        "EMPTY LARGE PACKAGING, 6.1 (3)",
        id="an empty large packaging",
    ),
    pytest.param(
        goods("1017", empty_uncleaned=True, containment=Containment.RECEPTACLE),
        "空容器，未清洁，2.3(5.1、8)",
        "EMPTY RECEPTACLE, 2.3 (5.1, 8)",
        id="an empty receptacle, two subsidiary hazards",
    ),
    pytest.param(
        goods("0081"),
        "UN 0081 A 型爆破炸药，1.1D",
        "UN 0081 EXPLOSIVE, BLASTING, TYPE A, 1.1D, (B1000C)",
        id="class 1 by its classification code, no packing group",
    ),
    pytest.param(
        goods("0190"),
        "UN 0190 爆炸性物质样品，引爆炸药除外，1",
        "UN 0190 SAMPLES, EXPLOSIVE, 1, (E)",
        id="class 1 whose division each sample decides",
    ),
    pytest.param(
        goods("1017"),
        "UN 1017 氯，2.3(5.1、8)",
        "UN 1017 CHLORINE, 2.3 (5.1, 8), (C/D)",
        id="class 2",
    ),
    pytest.param(
        goods("2912"),
        "UN 2912 放射性物质，低比活度（LSA-Ⅰ），非易裂变或例外的易裂变，7",  # noqa: RUF001
        "UN 2912 RADIOACTIVE MATERIAL, LOW SPECIFIC ACTIVITY (LSA-I), 7, (E)",
        id="class 7",
    ),
    pytest.param(
        goods("2910"),
        "UN 2910 放射性物质，例外包装件——物质数量有限，7",
        "UN 2910 RADIOACTIVE MATERIAL, EXCEPTED PACKAGE - LIMITED QUANTITY OF MATERIAL, 7",
        id="a dash for the tunnel code",
    ),
    pytest.param(
        goods("1203", tunnel_restriction_code=""),
        "UN 1203 车用汽油或汽油，3，包装类别Ⅱ",
        "UN 1203 MOTOR SPIRIT, 3, II",
        id="no tunnel code",
    ),
    pytest.param(
        goods("1203", quantities=Quantities.LIMITED),
        "UN 1203 车用汽油或汽油，3，包装类别Ⅱ，有限数量",
        "UN 1203 MOTOR SPIRIT, 3, II, (D/E), LIMITED QUANTITY",
        id="a limited quantity",
    ),
    pytest.param(
        goods("1203", quantities=Quantities.EXCEPTED),
        "UN 1203 车用汽油或汽油，3，包装类别Ⅱ，例外数量",
        "UN 1203 MOTOR SPIRIT, 3, II, (D/E), DANGEROUS GOODS IN EXCEPTED QUANTITIES",
        id="an excepted quantity",
    ),
    pytest.param(
        goods("1203", environmentally_hazardous=True),
        "UN 1203 车用汽油或汽油，3，包装类别Ⅱ，危害环境",
        "UN 1203 MOTOR SPIRIT, 3, II, (D/E), ENVIRONMENTALLY HAZARDOUS",
        id="environmentally hazardous",
    ),
    pytest.param(
        goods("3082", environmentally_hazardous=True, technical_name="壬基酚"),
        "UN 3082 对环境有害的液态物质，未另作规定的(含有壬基酚)，9，包装类别Ⅲ",
        "UN 3082 ENVIRONMENTALLY HAZARDOUS SUBSTANCE, LIQUID, N.O.S. (壬基酚), 9, III",
        id="environmentally hazardous by its name: liquid",
    ),
    pytest.param(
        goods("3077", environmentally_hazardous=True, technical_name="氧化锌"),
        "UN 3077 对环境有害的固态物质，未另作规定的(含有氧化锌)，9，包装类别Ⅲ",
        "UN 3077 ENVIRONMENTALLY HAZARDOUS SUBSTANCE, SOLID, N.O.S. (氧化锌), 9, III",
        id="environmentally hazardous by its name: solid",
    ),
    pytest.param(
        goods("1824-ii", hot=True),
        "UN 1824 高温氢氧化钠溶液，8，包装类别Ⅱ",
        "UN 1824 HOT SODIUM HYDROXIDE SOLUTION, 8, II, (E)",
        id="hot",
    ),
    pytest.param(
        goods("1824-ii", hot=True, waste=True),
        "UN 1824 废弃物高温氢氧化钠溶液，8，包装类别Ⅱ",
        "UN 1824 WASTE HOT SODIUM HYDROXIDE SOLUTION, 8, II, (E)",
        id="hot waste",
    ),
    pytest.param(
        goods("2304", hot=True),
        "UN 2304 熔融萘，4.1，包装类别Ⅲ",
        "UN 2304 NAPHTHALENE, MOLTEN, 4.1, III, (E)",
        id="hot, and molten by its name",
    ),
    pytest.param(
        goods("3258", hot=True),
        "UN 3258 高温固体，未另作规定的，温度等于或高于240℃，9，包装类别Ⅲ",
        "UN 3258 ELEVATED TEMPERATURE SOLID, N.O.S., 9, III, (D)",
        id="hot, and of elevated temperature by its name",
    ),
    pytest.param(
        goods("3540"),
        "UN 3540 含有易燃液体的物品，未另作规定的，3",
        "UN 3540 ARTICLES CONTAINING FLAMMABLE LIQUID, N.O.S., 3, (E)",
        id="an article whose content decides the subsidiary hazards",
    ),
]


@pytest.mark.parametrize(("described", "zh", "en"), DESCRIPTIONS)
def test_goods_are_described(described: GoodsDescription, zh: str, en: str) -> None:
    assert (description_zh(described), description_en(described)) == (zh, en)


@pytest.mark.parametrize(
    ("key", "technical_name", "lacks"),
    [
        pytest.param("1993-iii-8eef", "", True, id="asked and not given"),
        pytest.param("1993-iii-8eef", "二甲苯", False, id="asked and given"),
        pytest.param("1203", "", False, id="not asked"),
    ],
)
def test_a_description_says_whether_a_technical_name_is_missing(
    key: str,
    technical_name: str,
    lacks: bool,  # noqa: FBT001
) -> None:
    assert goods(key, technical_name=technical_name).lacks_technical_name is lacks


def test_a_row_is_described_with_all_that_the_list_knows() -> None:
    assert describe(LIST.get("1993-iii-8eef")) == GoodsDescription(
        un_number="1993",
        name_zh="易燃液体，未另作规定的",
        name_en="FLAMMABLE LIQUID, N.O.S.",
        hazard="3",
        subsidiary_hazards=(),
        packing_group="III",
        tunnel_restriction_code="D/E",
        needs_technical_name=True,
    )


def test_a_name_that_the_row_does_not_offer_is_refused() -> None:
    with pytest.raises(IndexError):
        describe(LIST.get("1203"), alternative=3)


def is_clean(line: str, entry: DangerousGoodsEntry) -> bool:
    """Whether a line begins with its UN number and has no gap, placeholder or stray mark."""
    begins = line.startswith(f"UN {entry.un_number} ")
    gap = re.search(r"  |,,|，，|\(\)|（）|None|\{|see 5|, ,| ,|[,，]$", line)
    return begins and gap is None


@pytest.mark.parametrize("edition", [edition.name for edition in editions()])
def test_every_row_of_the_list_is_described(edition: str) -> None:
    rows = load(edition).entries

    unclean = [
        entry.key
        for entry in rows
        if not is_clean(goods_line_en(describe(entry)), entry)
        or not is_clean(goods_line_zh(describe(entry)), entry)
    ]

    assert unclean == []
