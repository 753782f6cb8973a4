"""What every version of every rule says of its trips and of itself.

`python -m tests.harness.golden` adds what is missing and never replaces: an answer that differs
from the one kept is a new version of its rule, or a mistake. Files are by the first part of the
code (`TNK.json`); what a rule says of itself, basis and dates among it, is in `register.json`.
"""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from tests.harness.rule_facts import AT
from tests.harness.rule_scenarios import scenario
from waybill.codec import JsonValue
from waybill.rules.finding import Finding
from waybill.rules.register import REGISTER
from waybill.rules.rule import RELIEVED, Rule

FOLDER: Final = Path(__file__).parents[1] / "unit" / "findings"
OF_RULES: Final = FOLDER / "register.json"
EVERY: Final = sorted(
    (rule.code, rule.version, reason)
    for rule in REGISTER
    for reason in rule.reasons
    if reason != RELIEVED
)
"""Every answer of every version but `relieved`, which `assess` gives and no check."""


def written(finding: Finding) -> JsonValue:
    """Return a finding as plain JSON."""
    plain: JsonValue = msgspec.to_builtins(finding)
    return plain


@cache
def golden() -> dict[str, JsonValue]:
    """Return every answer that is kept, by code, version and reason."""
    kept: dict[str, JsonValue] = {}
    for path in sorted({*FOLDER.glob("*.json")} - {OF_RULES}):
        kept |= _read(path)
    return kept


@cache
def golden_rules() -> dict[str, JsonValue]:
    """Return what every version of a rule is kept to say of itself, by code and version."""
    return _read(OF_RULES)


def written_rule(rule: Rule) -> JsonValue:
    """Return everything a rule says of itself as plain JSON."""
    said = {
        field.name: sorted(value) if isinstance(value, frozenset) else value
        for field in fields(rule)
        if field.name != "check" and (value := getattr(rule, field.name)) is not None
    }
    plain: JsonValue = msgspec.json.decode(msgspec.json.encode(said))
    return plain


def _read(path: Path) -> dict[str, JsonValue]:
    kept: dict[str, JsonValue] = msgspec.json.decode(path.read_bytes()) if path.exists() else {}
    return kept


def add_missing() -> None:
    """Write the answers that are not kept yet into their files."""
    files: dict[Path, dict[str, JsonValue]] = {OF_RULES: _read(OF_RULES)}
    for rule in REGISTER:
        files[OF_RULES].setdefault(f"{rule.code} v{rule.version}", written_rule(rule))
        path = FOLDER / f"{rule.code.partition('-')[0]}.json"
        if path not in files:
            files[path] = _read(path)
        for reason in sorted({*rule.reasons} - {RELIEVED}):
            key = f"{rule.code} v{rule.version} {reason}"
            if key not in files[path]:
                facts = scenario(rule.code, rule.version, reason)
                files[path][key] = written(rule.check(facts, AT))
    for path, kept in files.items():
        content = msgspec.json.encode(dict(sorted(kept.items())))
        path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")


if __name__ == "__main__":
    add_missing()
