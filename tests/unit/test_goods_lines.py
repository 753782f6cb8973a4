"""What stands behind a description: compartment, packages and quantity, in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.described_goods import goods
from waybill.goods.wording import (
    Containment,
    GoodsDescription,
    goods_line_en,
    goods_line_zh,
    packages_words,
    quantity_words,
)

FRONT = goods("1203", compartment=1, quantity_kg=Decimal(12000), quantity_l=Decimal("16000.5"))
REAR = goods("1230", compartment=2, quantity_kg=Decimal("8000.50"))


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        pytest.param(
            FRONT,
            "1 号仓：UN 1203 车用汽油或汽油，3，包装类别Ⅱ，12,000 kg / 16,000.5 L",
            "Compartment 1: UN 1203 MOTOR SPIRIT, 3, II, (D/E), 12,000 kg / 16,000.5 L",
            id="first compartment",
        ),
        pytest.param(
            REAR,
            "2 号仓：UN 1230 甲醇，3(6.1)，包装类别Ⅱ，8,000.5 kg",
            "Compartment 2: UN 1230 METHANOL, 3 (6.1), II, (D/E), 8,000.5 kg",
            id="second compartment",
        ),
        pytest.param(
            goods("1098", packaging="钢桶 1A1", packages=1080, quantity_kg=Decimal(16000)),
            "UN 1098 烯丙醇，6.1(3)，包装类别Ⅰ，钢桶 1A1 × 1,080，16,000 kg",
            "UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D), 钢桶 1A1 × 1,080, 16,000 kg",
            id="packages",
        ),
        pytest.param(
            goods("1203", packages=80, quantity_l=Decimal(16000)),
            "UN 1203 车用汽油或汽油，3，包装类别Ⅱ，包件 × 80，16,000 L",
            "UN 1203 MOTOR SPIRIT, 3, II, (D/E), packages × 80, 16,000 L",
            id="packages without a name, in litres",
        ),
        pytest.param(
            goods("1203"),
            "UN 1203 车用汽油或汽油，3，包装类别Ⅱ",
            "UN 1203 MOTOR SPIRIT, 3, II, (D/E)",
            id="no quantity",
        ),
        pytest.param(
            replace(REAR, empty_uncleaned=True),
            "2 号仓：空罐车，未清洁，上次装载：UN 1230 甲醇，3(6.1)，包装类别Ⅱ",
            "Compartment 2: EMPTY TANK-VEHICLE, LAST LOAD: UN 1230 METHANOL, 3 (6.1), II, (D/E)",
            id="an empty compartment holds no quantity",
        ),
        pytest.param(
            goods("1203", empty_uncleaned=True, containment=Containment.PACKAGING, packages=80),
            "空包装，未清洁，3，包件 × 80",
            "EMPTY PACKAGING, 3, packages × 80",
            id="empty packagings are counted",
        ),
    ],
)
def test_a_goods_line_ends_with_packages_and_quantity(
    line: GoodsDescription, zh: str, en: str
) -> None:
    assert (goods_line_zh(line), goods_line_en(line)) == (zh, en)


@pytest.mark.parametrize(
    ("packaging", "packages", "words"),
    [
        pytest.param("钢桶", 80, "钢桶 × 80", id="both"),
        pytest.param("", 80, "包件 × 80", id="number alone"),
        pytest.param("钢桶", None, "钢桶", id="kind alone"),
        pytest.param("", None, "", id="neither"),
    ],
)
def test_packages_are_kind_and_number(packaging: str, packages: int | None, words: str) -> None:
    line = goods("1203", packaging=packaging, packages=packages)

    assert packages_words(line, unnamed="包件") == words


def test_no_quantity_has_no_words() -> None:
    assert quantity_words(goods("1203")) == ""
