"""`make security`: the product's code, and known holes of what is locked, as scanners see them.

Bandit reads the code and asks nobody. pip-audit and npm ask a database of advisories; where it
cannot be reached that is said and fails, because nothing was audited. What is argued stands in
`argued_findings.toml`.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
BIN: Final = Path(sys.executable).parent
ARGUED: Final = Path(__file__).with_name("argued_findings.toml")
CODE: Final = ("waybill", "api", "scanners", "migrations", "deploy", "wsgi.py")
LOCKS: Final = ("deploy/requirements.lock", "requirements.lock")
TABLET: Final = ROOT / "scanners" / "tablet"
UNREACHABLE: Final = "the database of advisories cannot be reached from here: NOTHING WAS AUDITED"
LONGEST_WAIT_S: Final = 600

Found = set[tuple[str, str]]


def judge(found: Found, argued: Found) -> list[str]:
    """Return what is wrong: findings that nobody argued, and arguments about nothing."""
    new = [f"not argued: {' in '.join(each)}" for each in sorted(found - argued)]
    return new + [f"argued, but gone: {' in '.join(each)}" for each in sorted(argued - found)]


def argued_code() -> Found:
    """Return what is argued of the product's code: test and file."""
    return {(each["test"], file) for each in _argued("code") for file in each["files"]}


def argued_advisories() -> Found:
    """Return what is argued of packages: advisory and package."""
    return {(each["id"], each["package"]) for each in _argued("advisory")}


def code_faults() -> list[str]:
    """Let bandit read the code."""
    answer = _run(
        [str(BIN / "bandit"), "-q", "-f", "json", "-x", "*/node_modules/*", "-r", *CODE], ROOT
    )
    try:
        report = json.loads(answer.stdout)
    except ValueError:
        return [f"bandit does not answer: {answer.stderr[-500:]}"]
    found = {(each["test_id"], each["filename"]) for each in report["results"]}
    broken = [f"bandit cannot read {each['filename']}" for each in report["errors"]]
    return broken + judge(found, argued_code())


def python_faults(lock: str) -> list[str]:
    """Ask for known holes of what a lock file names."""
    answer = _run(
        [
            *(str(BIN / "pip-audit"), "--requirement", lock, "--require-hashes", "--disable-pip"),
            *("--format", "json", "--progress-spinner", "off", "--desc", "off"),
        ],
        ROOT,
    )
    try:
        return python_answer(json.loads(answer.stdout))
    except ValueError:
        return [UNREACHABLE]


def python_answer(report: Mapping[str, Any]) -> list[str]:
    """Return what is wrong by pip-audit's report; a package that was skipped was not audited."""
    packages: Sequence[Mapping[str, Any]] = report["dependencies"]
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    if not packages or len(skipped) == len(packages):
        return [UNREACHABLE]
    found = {(hole["id"], each["name"]) for each in packages for hole in each.get("vulns", ())}
    unknown = [f"not audited, the database does not know it: {name}" for name in skipped]
    return unknown + [f"not argued: {' in '.join(each)}" for each in found - argued_advisories()]


def tablet_faults() -> list[str]:
    """Ask for known holes of what the tablet's build brings into the browser."""
    answer = _run([str(BIN / "npm"), "audit", "--omit=dev", "--json"], TABLET)
    try:
        return tablet_answer(json.loads(answer.stdout))
    except ValueError:
        return [UNREACHABLE]


def tablet_answer(report: Mapping[str, Any]) -> list[str]:
    """Return what is wrong by npm's report."""
    if "vulnerabilities" not in report:
        return [UNREACHABLE]
    holes: Mapping[str, Mapping[str, Any]] = report["vulnerabilities"]
    found = {
        (str(via["url"]).rpartition("/")[2], name)
        for name, hole in holes.items()
        for via in hole["via"]
        if isinstance(via, dict)
    }
    return [f"not argued: {' in '.join(each)}" for each in found - argued_advisories()]


def main() -> int:
    """Run all scanners, say what each found, and return whether one found something."""
    scans: Mapping[str, Callable[[], list[str]]] = {
        "bandit": code_faults,
        **{f"pip-audit {lock}": partial(python_faults, lock) for lock in LOCKS},
        "npm audit": tablet_faults,
    }
    failed = False
    for name, scan in scans.items():
        faults = scan()
        failed = failed or bool(faults)
        sys.stdout.write(f"{name}: {'clean, or argued' if not faults else ''}\n")
        sys.stdout.writelines(f"  {fault}\n" for fault in faults)
        sys.stdout.flush()
    return int(failed)


def _argued(kind: str) -> Sequence[Mapping[str, Any]]:
    entries: Sequence[Mapping[str, Any]] = tomllib.loads(ARGUED.read_text("utf-8")).get(kind, ())
    return entries


def _run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_WAIT_S,
    )


if __name__ == "__main__":
    sys.exit(main())
