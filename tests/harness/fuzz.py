"""`make fuzz`: every reader of `parsers`, each for some seconds, with texts nobody has thought of.

Where Atheris (libFuzzer for Python) is installed it looks for texts that reach new lines of ours;
elsewhere known texts are changed at random, other ones each time. A fault prints the text in
base64 and ends the run.
"""

import base64
import os
import random
import subprocess
import sys
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

SECONDS: Final = float(os.environ.get("FUZZ_SECONDS", "20"))
GUIDED: Final = find_spec("atheris") is not None
LONGEST_TEXT: Final = 65_536


def guided(name: str) -> None:
    """Look for faults of one reader until the time is over; the process ends with it."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415

    with atheris.instrument_imports(include=["waybill", "scanners", "api"]):
        from tests.harness.parsers import parsers  # noqa: PLC0415  they are read line by line

    parser = parsers()[name]
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(parser.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = (f"-max_total_time={SECONDS:.0f}", f"-max_len={LONGEST_TEXT}", "-verbosity=0")
        atheris.Setup([sys.argv[0], *limits, corpus], parser.survives)
        atheris.Fuzz()


def changed(name: str) -> None:
    """Change known texts at random until the time is over."""
    from tests.harness.parser_parts import mutated  # noqa: PLC0415
    from tests.harness.parsers import parsers  # noqa: PLC0415

    parser, chance, tries = parsers()[name], random.Random(), 0  # noqa: S311  made up
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        text = mutated(chance.choice(parser.seeds), chance)
        tries += 1
        try:
            parser.survives(text)
        except BaseException:
            sys.stderr.write(f"{name}: {base64.b64encode(text).decode()}\n")
            raise
    sys.stdout.write(f"  {tries} texts\n")


def main(arguments: list[str]) -> int:
    """Try the named reader, or each in a process of its own."""
    warnings.simplefilter("error")
    if arguments:
        (guided if GUIDED else changed)(arguments[0])
        return 0
    from tests.harness.parsers import parsers  # noqa: PLC0415

    failed = []
    for name in parsers():
        sys.stdout.write(f"{name} ({'guided' if GUIDED else 'at random'}, {SECONDS:.0f} s)\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", "tests.harness.fuzz", name], check=False)
        failed += [name] if done.returncode else []
    sys.stdout.write(f"broken: {', '.join(failed)}\n" if failed else "no reader broke\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
