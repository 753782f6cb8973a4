"""Make the data file of one edition of the dangerous goods list from its merged source table.

Run once per edition: `python -m waybill.goods.build SOURCE EDITION OUT [PREVIOUS]`. What the source
table looks like, and what each correction is for, stands in `data/README.md`.
"""

import csv
import hashlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from pypinyin import Style, lazy_pinyin

from waybill.goods.search import terms_of

Record: TypeAlias = dict[str, str]

DATA: Final = Path(__file__).parent / "data"
IDENTITY: Final = (
    "un_number",
    "packing_group",
    "classification_code",
    "labels",
    "name_en",
    "tank_codes",
    "portable_tank_instruction",
    "hazard_identification_number",
    "limited_quantity",
    "packing_instructions",
)
"""What makes a row the same row in another edition, or another row in this one."""

_RENAMED: Final = {
    "class": "hazard_class",
    "subsidiary": "subsidiary_hazards",
    "packing_instruction": "packing_instructions",
    "packing_sp": "packing_special_provisions",
    "tank_code": "tank_codes",
}
_TOXIC_DIVISIONS: Final = frozenset({"2.3", "6.1"})
_KEY_DIGEST_DIGITS: Final = 4


def read_table(path: Path) -> list[Record]:
    """Read a CSV file with a header line."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def build(
    source: Sequence[Record],
    *,
    corrections: Sequence[Record],
    matches: Sequence[Record],
    variants: Sequence[Record],
    trade_names: Sequence[Record] = (),
    previous: Sequence[Record] = (),
) -> list[Record]:
    """Turn source rows into rows of our own schema, in the source's order.

    Raises:
        ValueError: a correction that touches nothing, or two rows that cannot be told apart.
    """
    rows = [_own_columns(row) for row in source]
    _correct(rows, corrections)
    _add_keys(rows, previous)
    _add_variants(rows, variants)
    known = {match["un_number"]: match for match in matches}
    for row in rows:
        match = known.get(row["un_number"])
        row["highly_toxic"] = _highly_toxic(row, match)
        row["highly_toxic_entry"] = match["catalogue_no"] if match else ""
        aliases = [t["alias_zh"] for t in trade_names if t["un_number"] == row["un_number"]]
        row["aliases_zh"] = " ".join(aliases)
        terms = dict.fromkeys([row["name_zh"], *terms_of(row["name_zh"]), *aliases])
        row["pinyin"] = " ".join(dict.fromkeys(pinyin_of(term)[0] for term in terms))
        row["pinyin_initials"] = " ".join(dict.fromkeys(pinyin_of(term)[1] for term in terms))
    return rows


def _own_columns(source: Record) -> Record:
    row = {_RENAMED.get(column, column): text.strip() for column, text in source.items()}
    row["division"] = "" if row["division"] == "-" else row["division"]
    row["labels"] = row["labels"].replace("+", " ")
    # The scanned table lost two decimal points and set two bracketed plus signs without brackets.
    tank_codes = re.sub(r"\b([LS]2) (65)", r"\1.\2", row["tank_codes"])
    row["tank_codes"] = re.sub(r"(?<=[A-Z])\+", "(+)", tank_codes)
    row["packing_instructions"] = _spell_out(row["packing_instructions"])
    return row


def _spell_out(instructions: str) -> str:
    """Repeat the instruction before each of its letters: `P112 (a)(b)` is `P112(a) P112(b)`."""
    spelt: list[str] = []
    instruction = ""
    for token in re.findall(r"[A-Z]+[0-9]+|\(?[a-c]\)", instructions):
        if token[0].isupper():
            instruction = token
            spelt.append(token)
            continue
        if spelt[-1] == instruction:
            spelt.pop()
        spelt.append(f"{instruction}({token.strip('()')})")
    return " ".join(spelt)


def _correct(rows: Sequence[Record], corrections: Sequence[Record]) -> None:
    for change in corrections:
        column, wrong = change["column"], change["wrong"]
        hit = [
            row
            for row in rows
            if row["un_number"] == change["un_number"]
            and row["packing_group"] == change["packing_group"]
            and row["packing_instructions"].startswith(change["packing_instructions"])
            and row["tank_codes"].startswith(change["tank_codes"])
            and wrong in row[column]
        ]
        if len(hit) != 1:
            raise ValueError(f"the correction of UN {change['un_number']} fits {len(hit)} rows")
        hit[0][column] = hit[0][column].replace(wrong, change["right"])


def _add_keys(rows: Sequence[Record], previous: Sequence[Record]) -> None:
    """Give each row its key; a row known from the previous edition keeps the one it had."""
    earlier = {_identity(row): row["key"] for row in previous}
    per_number = Counter(row["un_number"] for row in rows)
    per_group = Counter((row["un_number"], row["packing_group"]) for row in rows)
    for row in rows:
        row["key"] = earlier.get(_identity(row)) or _new_key(row, per_number, per_group)
    doubled = [key for key, count in Counter(row["key"] for row in rows).items() if count > 1]
    if doubled:
        raise ValueError(f"rows share a key: {doubled}")


def _new_key(
    row: Record, per_number: Mapping[str, int], per_group: Mapping[tuple[str, str], int]
) -> str:
    number, group = row["un_number"], row["packing_group"]
    if per_number[number] == 1:
        return number
    parts = [number, group.lower()] if group else [number]
    if not group or per_group[number, group] > 1:
        digest = hashlib.sha256("|".join(_identity(row)).encode()).hexdigest()
        parts.append(digest[:_KEY_DIGEST_DIGITS])
    return "-".join(parts)


def _identity(row: Record) -> tuple[str, ...]:
    return tuple(row[column] for column in IDENTITY)


def _add_variants(rows: Sequence[Record], variants: Sequence[Record]) -> None:
    """Say in Chinese what tells rows apart that share number, group and Chinese name."""
    groups: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
    for row in rows:
        row["variant_zh"] = ""
        groups[row["un_number"], row["packing_group"], row["name_zh"]].append(row)
    for group in groups.values():
        if len(group) > 1:
            for row in group:
                said = [v["phrase_zh"] for v in variants if v["phrase_en"] in row["name_en"]]
                row["variant_zh"] = "，".join(said) or _by_code(row, group)


def _by_code(row: Record, group: Sequence[Record]) -> str:
    if len({other["classification_code"] for other in group}) > 1:
        return f"分类代码 {row['classification_code']}"
    return f"罐体代码 {row['tank_codes']}" if row["tank_codes"] else ""


def _highly_toxic(row: Record, match: Record | None) -> str:
    """Answer yes or no only for a match that somebody confirmed; else ask, where it could be."""
    if match:
        return match["highly_toxic"]
    hazards = {row["division"], *row["subsidiary_hazards"].split()}
    return "no" if hazards.isdisjoint(_TOXIC_DIVISIONS) else "ask"


def pinyin_of(name_zh: str) -> tuple[str, str]:
    """Return full pinyin and initials of a Chinese name, without tones, spaces and signs."""
    full = "".join(lazy_pinyin(name_zh, style=Style.NORMAL))
    initials = "".join(lazy_pinyin(name_zh, style=Style.FIRST_LETTER))
    return _letters(full), _letters(initials)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def write_table(rows: Sequence[Record], path: Path) -> None:
    """Write rows as CSV, the key first."""
    columns = ["key", *(column for column in rows[0] if column != "key")]
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: Sequence[str]) -> None:
    """Build the file named on the command line."""
    source, edition, out, *previous = arguments
    rows = build(
        read_table(Path(source)),
        corrections=read_table(DATA / f"corrections_{edition}.csv"),
        matches=read_table(DATA / "highly_toxic_matches.csv"),
        variants=read_table(DATA / "variants_zh.csv"),
        trade_names=read_table(DATA / "trade_names_zh.csv"),
        previous=read_table(Path(previous[0])) if previous else (),
    )
    write_table(rows, Path(out))


if __name__ == "__main__":
    main(sys.argv[1:])
