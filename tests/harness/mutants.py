"""What `make mutation` needs beside mutmut: properties laid open to it, and its result read.

Run by `tests/harness/mutation`, inside the copy that it makes of the project.
"""

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, TypeAlias

RULES: Final = Path("waybill/rules")
EQUIVALENTS: Final = Path("tests/harness/mutation_equivalents.txt")

ExitCodes: TypeAlias = dict[str, int | None]

# What pins tables that are made at import; all tests are run only where these notice nothing.
_LIKELY: Final = tuple(
    f"tests/unit/test_rule{name}.py" for name in ("s_register", "s_findings", "_book")
)
_COLUMNS: Final = ("mutants", "killed", "endless", "equal", "living")
_KILLED: Final = frozenset({1, 3})
_ENDLESS: Final = frozenset({-24, 24, 36, 152, 255})  # stopped: the change made it run on and on


def lay_open_properties(source: str) -> str:
    """Return a module whose properties are methods that are made properties afterwards.

    mutmut leaves alone whatever is decorated, and `Assessment.clears` is a property.
    """
    lines = source.splitlines(keepends=True)
    found = [
        method
        for holder in ast.walk(ast.parse(source))
        if isinstance(holder, ast.ClassDef)
        for method in holder.body
        if isinstance(method, ast.FunctionDef)
        and [ast.unparse(decorator) for decorator in method.decorator_list] == ["property"]
    ]
    for method in sorted(found, key=lambda method: method.lineno, reverse=True):
        lines.insert(method.end_lineno or 0, f"\n    {method.name} = property({method.name})\n")
        del lines[method.lineno - 2]
    return "".join(lines)


def prepare() -> None:
    """Lay open every property of the rules, in this copy."""
    for path in sorted(RULES.rglob("*.py")):
        before = path.read_text(encoding="utf-8")
        after = lay_open_properties(before)
        if after != before:
            path.write_text(after, encoding="utf-8")


def report(patterns: Sequence[str]) -> bool:
    """Print what became of the mutants a run was about; say whether none lives unaccounted for."""
    accepted = dict(_equivalents())
    living: list[str] = []
    sys.stdout.write(f"{'module':<28}" + "".join(f"{column:>8}" for column in _COLUMNS) + "\n")
    total: Counter[str] = Counter()
    for module, codes in _modules(patterns):
        lives = [key for key, code in codes.items() if code not in _KILLED | _ENDLESS]
        equal = [key for key in lives if key in accepted]
        doubtful = [key for key in lives if key not in accepted]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            afresh = pool.map(_lives_afresh, doubtful)
            unseen = [key for key, alive in zip(doubtful, afresh, strict=True) if alive]
        living += unseen
        counts = Counter(
            mutants=len(codes),
            killed=len(codes) - len(equal) - len(unseen),
            endless=sum(code in _ENDLESS for code in codes.values()),
            equal=len(equal),
            living=len(unseen),
        )
        _print_row(module, counts)
        total.update(counts)
    _print_row("all", total)
    for key in living:
        sys.stdout.write(f"\n{_shown(key)}\n")
    return not living


def _print_row(name: str, counts: Counter[str]) -> None:
    sys.stdout.write(f"{name:<28}" + "".join(f"{counts[column]:>8}" for column in _COLUMNS) + "\n")


def _modules(patterns: Sequence[str]) -> Iterator[tuple[str, ExitCodes]]:
    """Yield each module that has mutants a run was about, and how the tests ended with each."""
    for path in sorted(Path("mutants", RULES).rglob("*.meta")):
        codes: ExitCodes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        asked = {
            key: code
            for key, code in codes.items()
            if not patterns or any(fnmatch(key, pattern) for pattern in patterns)
        }
        if asked:
            name = path.relative_to(Path("mutants", RULES)).as_posix()
            yield name.removesuffix(".py.meta").removesuffix("/__init__"), asked


def _equivalents() -> Iterator[tuple[str, str]]:
    """Yield the mutants that are accepted, and why: nobody could see a difference."""
    for line in EQUIVALENTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, reason = line.partition(" ")
            yield key, reason.strip()


def _lives_afresh(key: str) -> bool:
    """Whether no test notices a mutant that is there from the start of a process.

    mutmut forks after all is imported, so what runs at import is never changed in its processes:
    a rule made from another, a table's entry, a value that is kept.
    """
    environment = os.environ | {
        "MUTANT_UNDER_TEST": key,
        "PYTHONPATH": str(Path("mutants").resolve()),
    }
    return all(
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", *tests],
            check=False,
            capture_output=True,
            cwd="mutants",
            env=environment,
        ).returncode
        == 0
        for tests in (_LIKELY, ("tests/unit",))
    )


def _shown(key: str) -> str:
    command = [sys.executable, "-m", "mutmut", "show", key]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        prepare()
    else:
        sys.exit(not report(sys.argv[2:]))
