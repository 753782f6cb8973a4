"""The laws that rules stand on, each named once.

Which of them were read in their own words and which are believed is said at each rule.
"""

from datetime import date
from typing import Final

from waybill.rules.facts import Regime
from waybill.rules.finding import Phase
from waybill.rules.rule import Basis

FIRST_EDITION: Final = "2026-11"
"""The edition of the register that every rule of the first set belongs to."""

SECOND_EDITION: Final = "2026-11-26"
"""The edition that completes the catalogue and relieves small quantities."""

ORDER_29_IN_FORCE: Final = date(2020, 1, 1)
HAZCHEM_REGULATIONS_IN_FORCE: Final = date(2011, 12, 1)
ROAD_RULES_IN_FORCE: Final = date(2013, 7, 1)
ROAD_TRANSPORT_REGULATIONS_IN_FORCE: Final = date(2004, 7, 1)
DRUG_PRECURSOR_REGULATIONS_IN_FORCE: Final = date(2005, 11, 1)

BEFORE: Final = frozenset({Phase.ISSUE, Phase.DAY_BEFORE, Phase.BEFORE_LOADING})
"""What an office can know, asked until the load is on."""
ON_THE_WAY: Final = BEFORE | {Phase.ROADSIDE}
"""What an office can know and what must still hold on the road."""
AT_BAY: Final = frozenset({Phase.BEFORE_LOADING})
AFTER: Final = frozenset({Phase.AFTER_LOADING})
ALWAYS: Final = frozenset(Phase)

SMALL_QUANTITIES: Final = frozenset({Regime.LIMITED, Regime.EXCEPTED})
"""What relieves of the rules that ordinary goods are not subject to; `docs/rules.md` lists them."""

UNREAD_27: Final = (
    "Article 27 of Order 29 (五必查) is known from the trade press; its text was not read."
)


def order_29(article: str) -> Basis:
    """Return an article of the measures for the safety of road transport of dangerous goods."""
    return Basis(
        regulation_zh="《危险货物道路运输安全管理办法》（交通运输部令 2019 年第 29 号）",
        regulation_en="Measures for the Safety of Road Transport of Dangerous Goods, Order 29/2019",
        article=article,
    )


def hazchem_regulations(article: str) -> Basis:
    """Return an article of the regulations on hazardous chemicals."""
    return Basis(
        regulation_zh="《危险化学品安全管理条例》",
        regulation_en="Regulations on the Safety of Hazardous Chemicals",
        article=article,
    )


def road_rules(article: str) -> Basis:
    """Return an article of the provisions for the road transport of dangerous goods."""
    return Basis(
        regulation_zh="《道路危险货物运输管理规定》",
        regulation_en="Provisions on the Administration of Road Transport of Dangerous Goods",
        article=article,
    )


def transport_regulations(article: str) -> Basis:
    """Return an article of the State Council's regulations on road transport."""
    return Basis(
        regulation_zh="《中华人民共和国道路运输条例》",
        regulation_en="Regulations on Road Transport",
        article=article,
    )


def drug_precursor_regulations(article: str) -> Basis:
    """Return an article of the State Council's regulations on drug precursors."""
    return Basis(
        regulation_zh="《易制毒化学品管理条例》",
        regulation_en="Regulations on Drug Precursors",
        article=article,
    )


def traffic_law(article: str) -> Basis:
    """Return an article of the road traffic safety law."""
    return Basis(
        regulation_zh="《中华人民共和国道路交通安全法》",
        regulation_en="Road Traffic Safety Law",
        article=article,
    )


def adr(paragraph: str) -> Basis:
    """Return a paragraph of ADR 2025, which JT/T 617 follows; cited beside the Chinese text."""
    return Basis(
        regulation_zh=f"ADR 2025 {paragraph}",
        regulation_en=f"ADR 2025, {paragraph}",
        article="",
    )


def national_standard(number: str, title_zh: str, title_en: str) -> Basis:
    """Return a national standard (GB), such as GB 13392 for plates and placards."""
    return Basis(
        regulation_zh=f"{number}《{title_zh}》",
        regulation_en=f"{number} {title_en}",
        article="",
    )


def jtt_617(part: str) -> Basis:
    """Return a part of the industry standard for road transport of dangerous goods."""
    return Basis(
        regulation_zh=f"JT/T 617.{part}《危险货物道路运输规则》",
        regulation_en=f"JT/T 617.{part} Rules of Road Transport of Dangerous Goods",
        article="",
    )


BLACK_LIST_PLAN: Final = Basis(
    regulation_zh="江苏省、淮安市危险化学品安全综合治理方案（2017）“黑名单”制度",
    regulation_en="Plans for the safety of hazardous chemicals of Jiangsu and Huai'an (2017)",
    article="",
)
