"""Whether a goods line is what it is declared as: a limited or an excepted quantity.

What is not declared, or contradicts itself, is unknown, and unknown never relieves.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias, TypeGuard

from waybill.codec import JsonValue
from waybill.goods.small_quantities import (
    LIMITED_QUANTITY_PACKAGE_KG,
    LIMITED_QUANTITY_TRAY_KG,
    ExceptedQuantity,
    LimitedQuantity,
    parse_excepted_quantity,
    parse_limited_quantity,
)
from waybill.rules.facts import CarriageMode, GoodsFacts, PhysicalState
from waybill.rules.finding import Outcome
from waybill.rules.mass import mass_text
from waybill.rules.rule import Judgement, Reasons, failed, passed, unknown, worst

_About: TypeAlias = Mapping[str, JsonValue]

LINE_REASONS: Final[Reasons] = {
    "within_limits": Outcome.PASSED,
    "not_in_packages": Outcome.FAILED,
    "empty_uncleaned": Outcome.FAILED,
    "not_allowed": Outcome.FAILED,
    "inner_exceeded": Outcome.FAILED,
    "package_exceeded": Outcome.FAILED,
    "quantities_contradict": Outcome.UNKNOWN,
    "asks_provision": Outcome.UNKNOWN,
    "state_unknown": Outcome.UNKNOWN,
    "quantities_not_declared": Outcome.UNKNOWN,
}

_NOTHING: Final = Decimal(0)
_MILLI: Final = Decimal(1000)


class _Bound(NamedTuple):
    """What is declared of an inner packaging or a package, and the most that is allowed."""

    declared: Decimal | None
    limit: Decimal
    unit: str


def judge_limited_line(line: GoodsFacts) -> Judgement:
    """Judge one line declared as limited quantities against the code of its list entry.

    Asked for are the most in one inner packaging, the gross mass of the heaviest package (30 kg,
    on a shrink-wrapped tray 20 kg; each limit itself is allowed), the number of packages and the
    gross mass of all of them. The packages must be able to weigh what all of them are said to,
    and all of them weigh at least what they hold. An empty packaging has no quantity, so it is
    never a limited one.

    Source: Order 29/2019, articles 17 and 19; ADR 2025, 3.4.2 and 3.4.3, 3.2 Table A column 7a.
    """
    about = _about(line, line.limited_quantity)
    if refusal := _refuse_packing(line):
        return failed(refusal, **about)
    allowed = _read_limited(line.limited_quantity)
    if allowed is None:
        return unknown("asks_provision", **about)
    if not allowed.allowed:
        return failed("not_allowed", **about)
    inner = _limited_inner(line, allowed)
    if inner is None:
        return unknown("state_unknown", **about)
    package_limit_kg = (
        LIMITED_QUANTITY_TRAY_KG if line.shrink_wrapped else LIMITED_QUANTITY_PACKAGE_KG
    )
    package = _Bound(line.package_gross_kg, package_limit_kg, "kg")
    return worst(
        (
            passed("within_limits"),
            *_exceeded(inner, package, about),
            *_undeclared(line, inner, package, {"gross_mass": line.gross_mass_kg}, about),
            *_contradictions(line, about),
        )
    )


def _read_limited(code: str) -> LimitedQuantity | None:
    """Return what the code allows, `None` where it refers elsewhere or cannot be read."""
    try:
        allowed = parse_limited_quantity(code)
    except ValueError:
        return None
    if allowed is None:
        return LimitedQuantity(allowed=False)
    return None if allowed.asks else allowed


def _limited_inner(line: GoodsFacts, allowed: LimitedQuantity) -> _Bound | None:
    """Return the bound of one inner packaging.

    Where the code has a volume and a mass, the state of the goods tells which of them counts.
    """
    limit_l, limit_kg, state = allowed.max_inner_l, allowed.max_inner_kg, line.physical_state
    if limit_l is not None and (limit_kg is None or state is PhysicalState.LIQUID):
        return _Bound(line.inner_l, limit_l, "L")
    if limit_kg is not None and (limit_l is None or state is PhysicalState.SOLID):
        return _Bound(line.inner_kg, limit_kg, "kg")
    return None


def _contradictions(line: GoodsFacts, about: _About) -> Iterator[Judgement]:
    gross_kg, package_kg, packages = line.gross_mass_kg, line.package_gross_kg, line.packages
    if not is_given(gross_kg):
        return
    too_light = not is_given(line.quantity_kg) or gross_kg < line.quantity_kg
    too_heavy = is_given(package_kg) and gross_kg > package_kg * (packages or 0)
    if too_light or too_heavy:
        yield unknown("quantities_contradict", **about)


def judge_excepted_line(line: GoodsFacts, *, heaviest_kg_l: Decimal) -> Judgement:
    """Judge one line declared as excepted quantities against the code of its list entry.

    Asked for are the most in one inner packaging and in one package, grams for solids and else
    millilitres, the number of packages, and of what is not solid the volume of all. The packages
    must be able to hold the line's quantity, and a litre of it weighs at most `heaviest_kg_l`: a
    load is not excepted because little is said of its litres. An empty packaging is never an
    excepted quantity.

    Source: Order 29/2019, articles 16 and 18; ADR 2025, 3.5.1.2, 3.2 Table A column 7b.
    """
    about = _about(line, line.excepted_quantity)
    if refusal := _refuse_packing(line):
        return failed(refusal, **about)
    try:
        allowed = parse_excepted_quantity(line.excepted_quantity)
    except ValueError:
        return unknown("asks_provision", **about)
    if allowed.asks:
        return unknown("asks_provision", **about)
    if not allowed.allowed:
        return failed("not_allowed", **about)
    if line.physical_state is PhysicalState.ASK:
        return unknown("state_unknown", **about)
    inner, package, whole = _excepted_amounts(line, allowed)
    return worst(
        (
            passed("within_limits"),
            *_exceeded(inner, package, about),
            *_undeclared(line, inner, package, {"quantity": whole}, about),
            *_not_held(line, package, whole, about),
            *_too_heavy(line, heaviest_kg_l, about),
        )
    )


def _excepted_amounts(
    line: GoodsFacts, allowed: ExceptedQuantity
) -> tuple[_Bound, _Bound, Decimal | None]:
    """Return the bounds of an inner packaging and of a package, and what the line is in all."""
    inner_limit, package_limit = allowed.inner_g_ml / _MILLI, allowed.outer_g_ml / _MILLI
    if line.physical_state is PhysicalState.SOLID:
        inner = _Bound(line.inner_kg, inner_limit, "kg")
        return inner, _Bound(line.package_net_kg, package_limit, "kg"), line.quantity_kg
    inner = _Bound(line.inner_l, inner_limit, "L")
    return inner, _Bound(line.package_net_l, package_limit, "L"), line.quantity_l


def _not_held(
    line: GoodsFacts, package: _Bound, whole: Decimal | None, about: _About
) -> Iterator[Judgement]:
    """Find a quantity that is more than its packages can hold."""
    held = package.declared
    if is_given(whole) and is_given(held) and whole > held * (line.packages or 0):
        yield unknown("quantities_contradict", **about)


def _too_heavy(line: GoodsFacts, heaviest_kg_l: Decimal, about: _About) -> Iterator[Judgement]:
    """Find a volume that cannot weigh what the line does; of solids the mass itself is judged."""
    if line.physical_state is PhysicalState.SOLID or not is_given(line.quantity_l):
        return
    if not is_given(line.quantity_kg) or line.quantity_kg > line.quantity_l * heaviest_kg_l:
        yield unknown("quantities_contradict", **about)


def _refuse_packing(line: GoodsFacts) -> str:
    """Return why goods carried like this cannot be small quantities, "" where they can."""
    if line.mode is not CarriageMode.PACKAGES:
        return "not_in_packages"
    return "empty_uncleaned" if line.empty_uncleaned else ""


def _exceeded(inner: _Bound, package: _Bound, about: _About) -> Iterator[Judgement]:
    for reason, bound in (("inner_exceeded", inner), ("package_exceeded", package)):
        if is_given(bound.declared) and bound.declared > bound.limit:
            yield failed(
                reason,
                **about,
                declared=f"{mass_text(bound.declared)} {bound.unit}",
                limit=f"{mass_text(bound.limit)} {bound.unit}",
            )


def _undeclared(
    line: GoodsFacts,
    inner: _Bound,
    package: _Bound,
    whole: Mapping[str, Decimal | None],
    about: _About,
) -> Iterator[Judgement]:
    packages = None if line.packages is None else Decimal(line.packages)
    asked = {
        "inner": inner.declared,
        "package": package.declared,
        "packages": packages,
        **whole,
    }
    missing: list[JsonValue] = [name for name, value in asked.items() if not is_given(value)]
    if missing:
        yield unknown("quantities_not_declared", **about, undeclared=missing)


def is_given(quantity: Decimal | None) -> TypeGuard[Decimal]:
    """Whether a quantity is declared, and a figure above zero."""
    return quantity is not None and quantity.is_finite() and quantity > _NOTHING


def _about(line: GoodsFacts, code: str) -> dict[str, JsonValue]:
    return {"un_number": line.un_number, "position": line.position, "list_code": code}
