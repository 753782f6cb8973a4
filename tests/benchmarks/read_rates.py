"""How surely codes are read when they are seen badly: `make read-rates`.

Codes as the project renders them are degraded (`tests/harness/degraded.py`) and read twice: in a
real Chromium by the very worker that ships, look after look as the camera takes them, and on the
server as an uploaded picture. Printed are shares of pictures read, and what a look and a picture
cost in milliseconds of this machine. The tables belong in `docs/reading-codes.md`.
"""

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import click
from PIL import Image
from playwright.sync_api import Page

from scanners.frames import read_frame
from tests.harness.code_samples import Sample, samples
from tests.harness.degraded import FAMILIES, Conditions, seen
from tests.harness.eyes_site import PAGE, build_eyes, eyes_site
from tests.harness.fake_camera import FakeCamera, seeing

MODULE_PX: Final = (3.0, 4.0, 5.0)
RESOLUTIONS: Final = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
STRENGTHS: Final = ("light", "medium", "heavy")
USUAL: Final = Conditions(turned_deg=8, tilted_deg=10, blur_modules=0.15, light=0.7, quality=80)
"""A hand that holds a card before a tablet: what the pixels a module are tried under."""

Print = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What became of the pictures of one cell."""

    pictures: int = 0
    by_tablet: int = 0
    by_server: int = 0

    def add(self, *, tablet: bool, server: bool) -> None:
        """Count a picture."""
        self.pictures += 1
        self.by_tablet += tablet
        self.by_server += server

    @property
    def shares(self) -> str:
        """Both shares in per cent, the tablet's first."""
        tablet, server = (
            round(100 * read / self.pictures) for read in (self.by_tablet, self.by_server)
        )
        return f"{tablet} / {server}"


@dataclass(slots=True)
class Bench:
    """The browser's page, and what everything cost."""

    page: Page
    folder: Path
    look_ms: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    picture_ms: list[float] = field(default_factory=list)

    def read(self, sample: Sample, conditions: Conditions, *, seed: int, into: Tally) -> None:
        """Let both read one picture."""
        frame = seen(sample.picture, conditions, seed=seed)
        into.add(tablet=sample.text in self.tablet(frame), server=sample.text in self.server(frame))

    def tablet(self, frame: Image.Image) -> list[str]:
        """Return what one round of the camera's looks finds."""
        frame.save(self.folder / "frame.png", compress_level=1)
        turns: list[dict[str, Any]] = self.page.evaluate("eyes.takeTurns('/frame.png')")
        for turn in turns:
            self.look_ms[turn["look"]].append(turn["tookMs"])
        return [text for turn in turns for text in turn["texts"]]

    def server(self, frame: Image.Image) -> tuple[str, ...]:
        """Return what the server finds in it as an uploaded picture."""
        buffer = BytesIO()
        frame.save(buffer, "PNG", compress_level=1)
        began = time.perf_counter()
        texts = read_frame(buffer.getvalue())
        self.picture_ms.append((time.perf_counter() - began) * 1000)
        return texts


def by_family(bench: Bench, seeds: int) -> Iterator[str]:
    """Yield a table: families and strengths down, camera pixels a module across."""
    yield row("seen with", *(f"{size:g} px" for size in MODULE_PX))
    yield row("---", *("---:" for _ in MODULE_PX))
    for family, strengths in FAMILIES.items():
        for name, conditions in zip(STRENGTHS, strengths, strict=True):
            cells = []
            for module_px in MODULE_PX:
                tally = Tally()
                for seed, sample in every(seeds):
                    seen_so = replace(conditions, module_px=module_px)
                    bench.read(sample, seen_so, seed=seed, into=tally)
                cells.append(tally.shares)
            yield row(f"{family}, {name}", *cells)


def by_resolution(bench: Bench, seeds: int) -> Iterator[str]:
    """Yield a table: each kind of code down, camera pixels a module across."""
    yield row("code", "modules", *(f"{size:g} px" for size in RESOLUTIONS))
    yield row("---", "---:", *("---:" for _ in RESOLUTIONS))
    for sample in samples():
        cells = []
        for module_px in RESOLUTIONS:
            tally = Tally()
            for seed in range(seeds * len(samples())):
                usual = replace(USUAL, module_px=module_px)
                bench.read(sample, usual, seed=seed, into=tally)
            cells.append(tally.shares)
        yield row(sample.name, str(sample.modules), *cells)


def costs(bench: Bench) -> Iterator[str]:
    """Yield what each look and a server's picture cost."""
    yield row("look", "median ms", "90 % under, ms")
    yield row("---", "---:", "---:")
    named = {f"{number + 1}": taken for number, taken in sorted(bench.look_ms.items())}
    for name, taken in (named | {"server, a picture": bench.picture_ms}).items():
        slow = statistics.quantiles(taken, n=10)[-1] if len(taken) > 1 else taken[0]
        yield row(name, f"{statistics.median(taken):.0f}", f"{slow:.0f}")


def every(seeds: int) -> Iterator[tuple[int, Sample]]:
    """Yield each kind of code with seeds that no other has."""
    for index, sample in enumerate(samples()):
        for seed in range(seeds):
            yield seed * len(samples()) + index, sample


def row(*cells: str) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Pictures of each kind and condition.")
def main(seeds: int) -> None:
    """Measure and print."""
    say = partial(print, flush=True, file=sys.stdout)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        build_eyes(folder)
        camera = FakeCamera(folder / "camera.y4m")
        with seeing(camera) as browser, eyes_site(folder) as address:
            page = browser.new_page()
            page.goto(address + PAGE)
            bench = Bench(page=page, folder=folder)
            say("Read by the tablet / by the server, % of pictures.\n")
            for table in (by_resolution, by_family):
                for line in table(bench, seeds):
                    say(line)
                say("")
            for line in costs(bench):
                say(line)


if __name__ == "__main__":
    main()
