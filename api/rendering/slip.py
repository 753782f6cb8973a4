"""A check's slip on paper: short where it passed, every reason where it did not."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from api.rendering.pdf import PrintData, typeset
from api.rendering.wording import local_time, spaced_plate
from waybill.codec import JsonValue
from waybill.registry.labels import label_of
from waybill.rules.curing import CURED_BY_EN, CURED_BY_ZH, cured_by
from waybill.rules.explain import explain
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.lifecycle import CheckStatus
from waybill.services.checks.slip import Slip

_WORDS: Final = {
    "released": ("●", "放行", "RELEASED: may leave"),
    "cleared": ("●", "准装", "CLEARED: may be loaded, may not leave yet"),
    "refused": ("✕", "不准装", "REFUSED: must not be loaded"),
    "release_refused": ("✕", "不放行", "NOT RELEASED: must not leave"),
    "not_proven": ("?", "未能核实（不得装车）", "NOT PROVEN: must not be loaded"),
    "release_not_proven": ("?", "未能核实（不得放行）", "NOT PROVEN: must not leave"),
    "aborted": ("✕", "已中止", "ABORTED: nothing is released"),
}


def slip_pdf(slip: Slip) -> bytes:
    """Return the slip as a PDF."""
    codes = {"qr": slip.release_code} if slip.release_code else {}
    (paper,) = typeset("slip.typ", slip_data(slip), codes)
    return paper


def slip_data(slip: Slip) -> PrintData:
    """Return every text of a slip, ready to be set."""
    state = _state(slip)
    shape, zh, en = _WORDS[state]
    content = slip.content
    short = state in ("released", "cleared", "aborted")
    units = [unit for unit in (content.vehicle, content.trailer) if unit is not None]
    return {
        "short": short,
        "shape": shape,
        "word_zh": zh,
        "word_en": en,
        "number": content.number,
        "revision": content.revision,
        "plates": [
            {"plate": spaced_plate(unit.plate), "colour": label_of(unit.plate_colour).zh}
            for unit in units
        ],
        "goods": [f"UN {item.un_number} {item.name_zh} {item.name_en}" for item in content.goods],
        "place": f"{slip.facility} · {slip.bay}",
        "decided_at": local_time(slip.decided_at),
        "printed_at": local_time(slip.printed_at),
        "abort_reason": slip.abort_reason,
        "code": bool(slip.release_code),
        "reasons": [] if short else _reasons(_standing(slip)),
        "edition": slip.verdict.edition if slip.verdict else "",
        "digest": slip.verdict.digest if slip.verdict else "",
    }


def _standing(slip: Slip) -> Sequence[Finding]:
    """Return what stands, what stops the load first."""
    found = slip.verdict.findings if slip.verdict else ()
    return sorted(
        (finding for finding in found if finding.stands),
        key=lambda f: (not f.blocks, f.outcome is not Outcome.FAILED, f.code),
    )


def _state(slip: Slip) -> str:
    if slip.status is CheckStatus.ABORTED:
        return "aborted"
    if slip.status is CheckStatus.RELEASED:
        return "released"
    verdict = slip.verdict
    if verdict is None:
        raise ValueError("a slip is of a check that was decided or aborted")
    after = verdict.phase is Phase.AFTER_LOADING
    if verdict.clears and not after:
        return "cleared"
    failed = any(f.blocks and f.outcome is Outcome.FAILED for f in verdict.findings)
    if after:
        return "release_refused" if failed else "release_not_proven"
    return "refused" if failed else "not_proven"


def _reasons(findings: Sequence[Finding]) -> list[JsonValue]:
    return [_reason(finding) for finding in findings]


def _reason(finding: Finding) -> dict[str, JsonValue]:
    zh, en = explain(finding, "zh"), explain(finding, "en")
    by = cured_by(finding.code)
    return {
        "code": finding.code,
        "blocks": finding.blocks,
        "zh": {**asdict(zh), "by": CURED_BY_ZH[by]},
        "en": {**asdict(en), "by": CURED_BY_EN[by]},
    }
