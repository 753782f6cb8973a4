"""A disk on which what must be safe takes long, for every process that is started meanwhile."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("slow_disk.c")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowDisk:
    """A library that is loaded before the others, and the file by which it is told how slow."""

    library: Path
    told: Path

    @classmethod
    def built(cls, folder: Path) -> "SlowDisk | None":
        """Compile the library into a folder that everybody may read; `None` without a compiler."""
        compiler = shutil.which("cc")
        if compiler is None:
            return None
        library = folder / "slow_disk.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        return cls(library=library, told=folder / "slow")

    @property
    def environment(self) -> dict[str, str]:
        """What a process is started with, whose disk may become slow."""
        return {"LD_PRELOAD": str(self.library), "SLOW_DISK": str(self.told)}

    @contextmanager
    def slow(self, ms: int) -> Iterator[None]:
        """Let each fsync and fdatasync wait so long, to the end of the block."""
        self.told.touch()
        self.told.chmod(0o666)  # the server of the database is another user
        self.told.write_text(f"{ms} ")
        try:
            yield
        finally:
            self.told.rename(self.told.with_suffix(".waited"))

    def waited(self) -> int:
        """Return how often it was waited, last time."""
        return self.told.with_suffix(".waited").read_text().count(".")
