"""Trips for the rules about mixed loading and small quantities; see `rule_scenarios`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from tests.harness.mixed_loads import (
    excepted,
    explosive,
    limited,
    load_of,
    nitrate,
    packages,
    rigid,
    toxic,
    with_food,
)
from tests.harness.rule_trips import trip
from waybill.registry.kinds import VehicleApproval
from waybill.rules.facts import Answer, CarriageMode, Facts, PhysicalState

_EMPTY: Final = load_of()
_FUSED: Final = explosive(2, "1.1B", "0029")
_LABELS: Final[Mapping[str, Facts]] = {
    "together": load_of(packages(), toxic(2)),
    "by_note": load_of(explosive(1, "1.4S", "0014"), packages(2)),
    "as_explosives": load_of(explosive(), nitrate()),
    "nothing_beside": load_of(packages()),
    "groups_decide": load_of(explosive(), explosive(2, "1.1D", "0241")),
    "prohibited": load_of(explosive(), packages(2)),
    "name_unsettled": load_of(explosive(), nitrate(un_number="1477")),
    "label_unknown": load_of(explosive(), packages(2, labels=())),
    "no_goods": _EMPTY,
}
_COMPATIBILITY: Final[Mapping[str, Facts]] = {
    "compatible": load_of(explosive(), explosive(2, "1.1D", "0241")),
    "by_note": load_of(explosive(), explosive(2, "1.6N", "0486")),
    "no_two_explosives": load_of(explosive()),
    "incompatible": load_of(explosive(), explosive(2, "1.1A", "0074")),
    "apart_only": load_of(explosive(), _FUSED),
    "group_unknown": load_of(explosive(), explosive(2, "1.2K", "0020")),
    "type_unsettled": load_of(explosive(1, "1.1L", "0354"), explosive(2, "1.1L", "0354")),
}
_LIMITED_BESIDE: Final[Mapping[str, Facts]] = {
    "no_explosives": load_of(limited(), packages(2)),
    "no_limited": load_of(packages()),
    "with_explosives": load_of(limited(), explosive(2, "1.4S", "0323")),
    "class_unknown": load_of(limited(), packages(2, division="")),
}
_MASS: Final[Mapping[str, Facts]] = {
    "within_limit": load_of(explosive()),
    "no_limit": load_of(explosive(1, "1.4S", "0323")),
    "no_explosives": load_of(packages()),
    "over_limit": load_of(explosive(net_explosive_mass_kg=Decimal(16001))),
    "not_approved": load_of(explosive(), tractor=rigid(approval=VehicleApproval.FL)),
    "mass_not_declared": load_of(explosive(net_explosive_mass_kg=None)),
    "code_unknown": load_of(explosive(1, "1", "0190")),
    "unit_not_registered": load_of(explosive(), tractor=None),
}
_FOOD: Final[Mapping[str, Facts]] = {
    "no_food": with_food(Answer.NO, toxic()),
    "none_to_keep_apart": with_food(Answer.YES, packages()),
    "food_aboard": with_food(Answer.YES, toxic()),
    "not_declared": with_food(Answer.ASK, toxic()),
}
_LIMITED: Final[Mapping[str, Facts]] = {
    "none_declared": load_of(packages()),
    "within_limits": load_of(limited()),
    "vehicle_exceeded": load_of(
        limited(packages=400, quantity_kg=Decimal(7000), gross_mass_kg=Decimal("8000.001"))
    ),
    "not_in_packages": load_of(limited(mode=CarriageMode.BULK)),
    "empty_uncleaned": load_of(limited(empty_uncleaned=True)),
    "not_allowed": load_of(limited(limited_quantity="0")),
    "inner_exceeded": load_of(limited(inner_l=Decimal("1.001"))),
    "package_exceeded": load_of(limited(package_gross_kg=Decimal("30.001"))),
    "quantities_contradict": load_of(limited(gross_mass_kg=Decimal("1000.001"))),
    "asks_provision": load_of(limited(limited_quantity="see SP251")),
    "state_unknown": load_of(
        limited(limited_quantity="1 L or 1 kg", physical_state=PhysicalState.ASK)
    ),
    "quantities_not_declared": load_of(limited(inner_l=None, packages=None)),
}
_EXCEPTED: Final[Mapping[str, Facts]] = {
    "none_declared": load_of(packages()),
    "within_limits": load_of(excepted()),
    "vehicle_exceeded": load_of(excepted(packages=1001)),
    "not_in_packages": load_of(excepted(mode=CarriageMode.BULK)),
    "empty_uncleaned": load_of(excepted(empty_uncleaned=True)),
    "not_allowed": load_of(excepted(excepted_quantity="E0")),
    "inner_exceeded": load_of(excepted(inner_l=Decimal("0.0301"))),
    "package_exceeded": load_of(excepted(package_net_l=Decimal("0.5001"))),
    "quantities_contradict": load_of(excepted(quantity_l=Decimal("50.001"))),
    "asks_provision": load_of(excepted(excepted_quantity="see SP340")),
    "state_unknown": load_of(excepted(physical_state=PhysicalState.ASK)),
    "quantities_not_declared": load_of(excepted(package_net_l=None, quantity_l=None)),
}
_POINTS: Final[Mapping[str, Facts]] = {
    "within_limit": load_of(packages(quantity_l=Decimal(333))),
    "above_limit": load_of(packages(quantity_l=Decimal(334))),
    "never_within": load_of(packages(), packages(2, transport_category="0")),
    "not_in_packages": trip(),
    "category_unknown": load_of(packages(transport_category="see SP671")),
    "quantity_unknown": load_of(packages(quantity_l=None)),
    "no_goods": _EMPTY,
}
_TUNNELS: Final[Mapping[str, Facts]] = {
    "closed": trip(),
    "none_closed": load_of(packages(tunnel_restriction_code="-")),
    "none_subject": load_of(packages(list_status="not_subject", not_subject_declared=Answer.YES)),
    "code_unknown": load_of(packages(tunnel_restriction_code="")),
    "no_goods": _EMPTY,
}

MIXING_SCENARIOS: Final[Mapping[tuple[str, str], Facts]] = {
    (code, reason): facts
    for code, trips in (
        ("MIX-01.labels", _LABELS),
        ("MIX-01.compatibility", _COMPATIBILITY),
        ("MIX-01.limited_with_explosives", _LIMITED_BESIDE),
        ("MIX-01.explosive_mass", _MASS),
        ("MIX-01.foodstuffs", _FOOD),
        ("MIX-02.limited", _LIMITED),
        ("MIX-02.excepted", _EXCEPTED),
        ("MIX-02.points", _POINTS),
        ("MIX-02.tunnels", _TUNNELS),
    )
    for reason, facts in trips.items()
}
MIXING_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
