"""Goods that scopes are asked about."""

from typing import Literal

from waybill.registry.scope import GoodsFacts


def goods(
    un_number: str,
    division: str,
    *names_zh: str,
    highly_toxic: Literal["yes", "no", "ask"] = "no",
    waste: bool | None = None,
    in_tank: bool | None = None,
    own_account: bool = False,
) -> GoodsFacts:
    return GoodsFacts(
        un_number=un_number,
        hazard_class=division[:1],
        division=division,
        names_zh=names_zh,
        highly_toxic=highly_toxic,
        waste=waste,
        in_tank=in_tank,
        own_account=own_account,
    )


PETROL = goods("1203", "3", "车用汽油或汽油")
METHANOL = goods("1230", "3", "甲醇", "木醇")
SODIUM_METHYLATE = goods("1289", "3", "甲醇钠溶液，在醇溶液中")
PROPANE = goods("1978", "2.1", "丙烷")
CHLORINE = goods("1017", "2.3", "氯", "液氯", highly_toxic="yes")
TOXIC_GAS = goods("1955", "2.3", "压缩气体，毒性，未另作规定的", highly_toxic="ask")
ACID = goods("1789", "8", "氢氯酸")
CYANIDE = goods("1689", "6.1", "固态氰化钠", highly_toxic="yes")
TOXIC = goods("2810", "6.1", "有机毒性液体，未另作规定的", highly_toxic="ask")
EXPLOSIVE = goods("0004", "1.1D", "苦味酸铵，干的或湿的")
SAMPLE = GoodsFacts(
    un_number="0190",
    hazard_class="1",
    division="",
    names_zh=("爆炸性物质样品",),
    highly_toxic="no",
)
MEDICAL_WASTE = goods("3291", "6.2", "医院诊所废弃物")
FIREWORK = goods("0336", "1.4G", "烟花")
