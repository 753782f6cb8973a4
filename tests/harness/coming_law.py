"""A law that comes: later editions of the goods list and of the figures, changed in one place."""

import shutil
from datetime import date
from pathlib import Path
from typing import Final

from tests.harness.editions import LINES, write_edition
from waybill.goods.editions import add_editions, clear_editions
from waybill.rules import figures
from waybill.rules.figures import FIGURES, add_figure_source, forget_figure_sources

COMES_ON: Final = date(2031, 1, 1)
_STATUS_COLUMN: Final = LINES[0].rstrip("\n").split(",").index("status")


def prohibit(folder: Path, key: str) -> None:
    """Write and add a list that forbids one row from `COMES_ON` on and is otherwise today's."""
    rows = "".join(_prohibited(line) if line.startswith(f"{key},") else line for line in LINES)
    write_edition(folder, "2031", {"in_force_from": COMES_ON.isoformat()}, rows=rows)
    add_editions(folder)


def _prohibited(line: str) -> str:
    cells = line.split(",")
    cells[_STATUS_COLUMN] = "prohibited"
    return ",".join(cells)


def change_figure(folder: Path, key: str, value: str) -> None:
    """Write and add figures in which one is another from `COMES_ON` on."""
    newest = figures.figure_editions()[-1].name
    source = Path(figures.__file__).parent / newest
    made = folder / FIGURES / "2031-01-01"
    shutil.copytree(source, made)
    (made / "edition.toml").write_text(f"in_force_from = {COMES_ON.isoformat()}\n")
    for path in made.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(_changed(line, key, value) for line in lines), encoding="utf-8")
    add_figure_source(folder / FIGURES)


def _changed(line: str, key: str, value: str) -> str:
    name, _, rest = line.partition(",")
    return f"{name},{value},{rest.partition(',')[2]}" if name == key else line


def forget_law() -> None:
    """Let the package's own editions alone count again."""
    clear_editions()
    forget_figure_sources()
