"""Go's own library reads the product's `/log/` over HTTP while it grows through 100 checkpoints."""

import urllib.request
from pathlib import Path
from typing import Final

from flask import Flask

from api.runtime import EXTENSION, Runtime
from tests.harness.public_site import serving
from tests.harness.sequenced_log import sequencer, tell_quickly
from tests.harness.verifying import verify_go, verify_ours
from waybill.clock import FixedClock

CHECKPOINTS: Final = 100


def test_every_checkpoint_the_log_serves_holds_for_both(
    served_app: Flask, tmp_path: Path, clock: FixedClock
) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    sessions, key_dir = runtime.sessions, runtime.settings.key_dir
    log = sequencer(sessions, key_dir, clock)
    log.open()
    kept = tmp_path / "checkpoints"
    kept.mkdir()
    with serving(served_app) as address:
        for number in range(CHECKPOINTS):
            tell_quickly(sessions, 1 + number * 37 % 13, clock.now())
            log.all()
            (kept / f"{number:03d}").write_bytes(fetch(f"{address}/log/checkpoint"))
        key = fetch(f"{address}/log/key").decode().split()[0]

        go = verify_go(key, f"{address}/log", "-checkpoints", str(kept), "-records", "100")
        ours = verify_ours(tmp_path / "state", f"{address}/log", "--key", key)

    assert (go.told["holds"], go.told["checkpoints"]) == (True, CHECKPOINTS)
    assert (ours.exit_code, ours.told["size"]) == (0, go.told["size"])


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:  # noqa: S310  our own server
        content: bytes = answer.read()
    return content
