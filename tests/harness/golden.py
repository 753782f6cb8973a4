"""What every version of every rule says of its trips, kept: `python -m tests.harness.golden`.

The command adds what is missing and never replaces: an answer that differs from the one kept is a
new version of its rule, or a mistake. Files are by the first part of the code (`TNK.json`).
"""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from tests.harness.rule_facts import AT
from tests.harness.rule_scenarios import scenario
from waybill.codec import JsonValue
from waybill.rules.finding import Finding
from waybill.rules.register import REGISTER
from waybill.rules.rule import RELIEVED

FOLDER: Final = Path(__file__).parents[1] / "unit" / "findings"
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
    for path in sorted(FOLDER.glob("*.json")):
        kept |= _read(path)
    return kept


def _read(path: Path) -> dict[str, JsonValue]:
    kept: dict[str, JsonValue] = msgspec.json.decode(path.read_bytes()) if path.exists() else {}
    return kept


def add_missing() -> None:
    """Write the answers that are not kept yet into their files."""
    files: dict[Path, dict[str, JsonValue]] = {}
    for rule in REGISTER:
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
