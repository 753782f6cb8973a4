"""Editions of the dangerous goods list for tests: small, whole, and changed where a test says."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from waybill.codec import sha256
from waybill.goods.catalogue import DATA

META: Final = "dangerous_goods_2027.meta.json"
LISTED: Final = ("key,", "0004,", "1005,", "1294,", "2448,")
LINES: Final = (
    (DATA / "dangerous_goods_2025.csv").read_text(encoding="utf-8").splitlines(keepends=True)
)
ROWS: Final = "".join(line for line in LINES if line.startswith(LISTED))
"""The columns and four rows of the package's own list: quick to read."""


def write_edition(
    folder: Path,
    name: str = "2027",
    changes: Mapping[str, object] | None = None,
    *,
    rows: str = ROWS,
) -> Path:
    """Write an edition with the package's tables, and return its description, changed."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = json.loads((DATA / "dangerous_goods_2025.meta.json").read_text(encoding="utf-8"))
    for entry in meta["tables"].values():
        shutil.copy(DATA / entry["file"], folder / entry["file"])
    (folder / meta["file"]).write_text(rows, encoding="utf-8")
    meta |= {
        "edition": name,
        "in_force_from": "2027-10-01",
        "row_count": rows.count("\n") - 1,
        "sha256": sha256(rows.encode()).hex(),
        **(changes or {}),
    }
    path = folder / f"dangerous_goods_{name}.meta.json"
    path.write_text(json.dumps(meta), encoding="utf-8")
    return path


def rewrite_table(path: Path, *, table_name: str, text: str) -> None:
    """Give a table of an edition other content, and the digest that fits it."""
    meta = json.loads(path.read_text(encoding="utf-8"))
    entry = meta["tables"][table_name]
    (path.parent / entry["file"]).write_text(text, encoding="utf-8")
    entry["sha256"] = sha256(text.encode()).hex()
    path.write_text(json.dumps(meta), encoding="utf-8")
