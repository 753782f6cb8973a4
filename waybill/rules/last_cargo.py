"""TNK-04: what a compartment held before, and whether it was cleaned since."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.registry.kinds import CertificateKind
from waybill.rules.approval import NEEDS_TECHNICAL_NAME
from waybill.rules.bases import BEFORE, ORDER_29_IN_FORCE, SECOND_EDITION, adr, jtt_617
from waybill.rules.classification import tank_lines
from waybill.rules.facts import (
    CargoFacts,
    CertificateFacts,
    Facts,
    GoodsFacts,
    LastCargoFacts,
    TankFacts,
)
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown, worst
from waybill.rules.shells import ABSENCE_REASONS, UNDIVIDED, find_shell, find_tank
from waybill.rules.subjects import find_bar, find_holding


def check_last_cargo(facts: Facts, at: datetime) -> Finding:
    """Refuse to fill a compartment that held other goods and was not cleaned since.

    The same row of the list may follow itself, and another row of one UN number; an entry that a
    technical name completes only where both names are known and equal, because one n.o.s. entry
    stands for many substances. All else asks for a tank cleaning certificate (清洗证明) that is
    valid and began on or after the day of the last loading.

    What the register knows goes before what the carrier declares; a declaration of other goods than
    the register has is a contradiction and refused. Where the register knows nothing the
    declaration counts. That a compartment held *nothing*, being new or cleaned, is a claim that
    clears goods of every kind, and nobody can see it on paper: without a cleaning certificate it
    stays unknown, though naming the same goods would be believed. A new tank has the certificate
    that its maker gives it for its first filling.

    Source: JT/T 617.6; ADR 2025, 4.3.2.1.5 (no dangerous reaction with what a shell held).
    """
    tank = find_tank(facts)
    if isinstance(tank, Judgement):
        return LAST_CARGO.finding(*tank)
    return LAST_CARGO.finding(*worst(_judge_all(facts, tank, at)))


def _judge_all(facts: Facts, tank: TankFacts, at: datetime) -> Iterator[Judgement]:
    certificate = _cleaning(tank.certificates, at)
    for line in tank_lines(facts):
        shell = find_shell(tank, line.compartment)
        if shell is None:
            yield unknown("compartment_unsettled", position=line.position)
            continue
        declared = [
            each
            for each in facts.waybill.last_cargoes
            if _same_shell(each.compartment, shell.number)
        ]
        held = _newest(tank.last_cargoes, shell.number)
        if not held and not declared:
            yield unknown("last_cargo_unknown", **_about(line, shell.number))
        for cargo in held:
            yield _judge_recorded(line, cargo, declared, certificate)
        if not held:
            for each in declared:
                yield _judge_declared(line, each, certificate)


def _cleaning(certificates: Sequence[CertificateFacts], at: datetime) -> CertificateFacts | None:
    """Return the cleaning certificate that holds; `None` also where a withdrawn one bars it."""
    kept = [c for c in certificates if c.kind is CertificateKind.TANK_CLEANING]
    on = local_date(at)
    return None if find_bar(kept, on) else find_holding(kept, on)


def _same_shell(compartment: int, number: int) -> bool:
    """Whether a cargo was in a shell; a tank that was recorded undivided was one shell."""
    return compartment == number or UNDIVIDED in {compartment, number}


def _newest(cargoes: Sequence[CargoFacts], number: int) -> list[CargoFacts]:
    """Return the last cargo of every compartment that is, or was, part of a shell."""
    newest: dict[int, datetime] = {}
    for cargo in cargoes:
        last = newest.get(cargo.compartment, cargo.loaded_at)
        newest[cargo.compartment] = max(last, cargo.loaded_at)
    return [
        cargo
        for cargo in cargoes
        if _same_shell(cargo.compartment, number) and cargo.loaded_at == newest[cargo.compartment]
    ]


def _judge_recorded(
    line: GoodsFacts,
    cargo: CargoFacts,
    declared: Sequence[LastCargoFacts],
    certificate: CertificateFacts | None,
) -> Judgement:
    seen = _about(line, cargo.compartment) | {
        "last_un_number": cargo.un_number,
        "loaded_at": cargo.loaded_at.isoformat(),
    }
    others = [
        each.un_number
        for each in declared
        if not each.nothing and each.entry_key != cargo.entry_key
    ]
    if others:
        return failed("declaration_contradicts", **seen, declared_un_number=others[0])
    if certificate is not None and _begins_after(certificate, cargo.loaded_at):
        return passed("cleaned", **_certified(seen, certificate))
    return _follow(line, cargo, seen)


def _begins_after(certificate: CertificateFacts, loaded_at: datetime) -> bool:
    begins = certificate.valid_from
    return begins is not None and begins >= local_date(loaded_at)


def _judge_declared(
    line: GoodsFacts, declared: LastCargoFacts, certificate: CertificateFacts | None
) -> Judgement:
    seen = _about(line, declared.compartment) | {"provenance": "typed"}
    if declared.nothing:
        if certificate is None:
            return unknown("declared_empty", **seen)
        return passed("cleaned", **_certified(seen, certificate))
    seen |= {"last_un_number": declared.un_number}
    held = _follow(line, declared, seen)
    if held.outcome is Outcome.FAILED and certificate is not None:
        # Whether it was cleaned after that cargo or before it, no date tells.
        return unknown("cleaning_unsettled", **_certified(seen, certificate))
    return held


def _follow(
    line: GoodsFacts, cargo: CargoFacts | LastCargoFacts, seen: dict[str, JsonValue]
) -> Judgement:
    if cargo.un_number != line.un_number:
        return failed("not_cleaned", **seen)
    if NEEDS_TECHNICAL_NAME.isdisjoint(line.special_provisions):
        same_row = cargo.entry_key == line.entry_key
        return passed("same_goods" if same_row else "same_number", **seen)
    held, planned = cargo.technical_name.strip(), line.technical_name.strip()
    if planned and held == planned and cargo.entry_key == line.entry_key:
        return passed("same_goods", **seen)
    return unknown("technical_name_unsettled", **seen)


def _about(line: GoodsFacts, compartment: int) -> dict[str, JsonValue]:
    return {"position": line.position, "un_number": line.un_number, "compartment": compartment}


def _certified(seen: dict[str, JsonValue], certificate: CertificateFacts) -> dict[str, JsonValue]:
    begins = certificate.valid_from
    return {
        **seen,
        "certificate_id": certificate.id,
        "valid_from": begins.isoformat() if begins else "",
    }


LAST_CARGO: Final = Rule(
    code="TNK-04.last_cargo",
    version=1,
    title_zh="上次所装货物相容或罐体已清洗",
    title_en="Last cargo compatible, or the tank cleaned",
    basis=(jtt_617("6"), adr("4.3.2.1.5")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=BEFORE,
    confirmed=False,
    confirmed_note="JT/T 617.6 was not read. No list of goods that may follow each other is used; "
    "that rows of one UN number may is believed.",
    reasons={
        **ABSENCE_REASONS,
        "same_goods": Outcome.PASSED,
        "same_number": Outcome.PASSED,
        "cleaned": Outcome.PASSED,
        "not_cleaned": Outcome.FAILED,
        "declaration_contradicts": Outcome.FAILED,
        "declared_empty": Outcome.UNKNOWN,
        "cleaning_unsettled": Outcome.UNKNOWN,
        "technical_name_unsettled": Outcome.UNKNOWN,
        "last_cargo_unknown": Outcome.UNKNOWN,
        "compartment_unsettled": Outcome.UNKNOWN,
    },
    check=check_last_cargo,
    reads=(
        "tank.last_cargoes",
        "tank.compartments",
        "tank.certificates",
        "waybill.last_cargoes",
        "waybill.tank_number",
        "goods.mode",
        "goods.compartment",
        "goods.entry_key",
        "goods.un_number",
        "goods.technical_name",
        "goods.special_provisions",
    ),
)
RULES: Final = (LAST_CARGO,)
