"""The tables of `docs/rules.md`, made from the register: `python -m tests.harness.rule_tables`."""

from pathlib import Path
from typing import Final

from waybill.rules.explain import cite
from waybill.rules.finding import Phase
from waybill.rules.limits import LIMITS
from waybill.rules.register import REGISTER

PAGE: Final = Path(__file__).parents[2] / "docs" / "rules.md"
_PHASES: Final = {
    Phase.ISSUE: "issue",
    Phase.DAY_BEFORE: "day before",
    Phase.BEFORE_LOADING: "bay",
    Phase.AFTER_LOADING: "after",
    Phase.ROADSIDE: "roadside",
}


def tables() -> dict[str, str]:
    """Return each table by the name it has in the page."""
    rules = [
        f"| {rule.code} | {rule.version} | {rule.title_zh} | {rule.title_en} "
        f"| {'; '.join(cite(basis, 'zh') for basis in rule.basis)} "
        f"| {', '.join(word for phase, word in _PHASES.items() if phase in rule.phases)} "
        f"| {rule.severity.value} | {rule.edition} | {rule.in_force_from} "
        f"| {'yes' if rule.confirmed else 'no'} |"
        for rule in REGISTER
    ]
    limits = [
        f"| {limit.key} | {limit.value} {limit.unit} | {cite(limit.basis, 'zh')} | {limit.edition} "
        f"| {'yes' if limit.confirmed else 'no'} |"
        for limit in LIMITS
    ]
    notes: dict[str, list[str]] = {}
    for name, note in [(r.code, r.confirmed_note) for r in REGISTER] + [
        (limit.key, limit.confirmed_note) for limit in LIMITS
    ]:
        if note:
            notes.setdefault(note, []).append(name)
    return {
        "register": "\n".join(
            (
                (
                    "| code | version | 名称 | title | basis "
                    "| phases | severity | edition | from | read |"
                ),
                "|---|---|---|---|---|---|---|---|---|---|",
                *rules,
            )
        ),
        "limits": "\n".join(
            ("| key | value | basis | edition | read |", "|---|---|---|---|---|", *limits)
        ),
        "unconfirmed": "\n".join(f"- {note} ({', '.join(codes)})" for note, codes in notes.items()),
    }


def render(page: str) -> str:
    """Return the page with its tables as the register has them now."""
    for name, table in tables().items():
        before, opening, rest = page.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition(f"<!-- /{name} -->")
        page = before + opening + table + "\n" + closing + after
    return page


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text()))
