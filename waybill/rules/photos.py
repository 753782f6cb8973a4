"""AFTER-01: photos where the risk asks for them."""

from datetime import datetime
from typing import Final

from waybill.rules.bases import AFTER, ORDER_29_IN_FORCE, SECOND_EDITION, order_29
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.questions import has_photo, photos_of
from waybill.rules.rule import Rule, not_applicable, passed, unknown


def check_photos(facts: Facts, _at: datetime) -> Finding:
    """Refuse to let high-risk goods go while a photo is missing that their risk asks for.

    High risk are explosives, toxic gases, highly toxic goods and toxic goods of packing group I.

    Source: Order 29/2019, article 30, as the catalogue of checks reads it.
    """
    asked = photos_of(facts)
    if not asked:
        return PHOTOS.finding(*not_applicable("low_risk"))
    missing = [each.shows for each in asked if not has_photo(facts, each.shows, each.phase)]
    if missing:
        return PHOTOS.finding(*unknown("photos_missing", photos=missing))
    return PHOTOS.finding(*passed("photos_taken", photos=[each.shows for each in asked]))


PHOTOS: Final = Rule(
    code="AFTER-01.photos",
    version=1,
    title_zh="高风险货物照片",
    title_en="Photos of high-risk goods",
    basis=(order_29("30"),),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=(
        "That photos are kept where the risk asks for them is the catalogue's reading of the "
        "record of loading; article 30 of Order 29 was not read."
    ),
    reasons={
        "photos_taken": Outcome.PASSED,
        "photos_missing": Outcome.UNKNOWN,
        "low_risk": Outcome.NOT_APPLICABLE,
    },
    check=check_photos,
    reads=(
        "goods.division",
        "goods.packing_group",
        "goods.highly_toxic",
        "evidence.photos",
        "evidence.loading",
    ),
)
RULES: Final[tuple[Rule, ...]] = (PHOTOS,)
