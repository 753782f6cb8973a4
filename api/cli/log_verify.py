"""`waybill log verify`: whether a log holds, asked by whoever does not trust its operator.

Exit 0: it holds. Exit 1: it does not, and what is wrong is said. Exit 2: it could not be read.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Final

import click

from api.cli import log_words as words
from api.cli.progress_line import ProgressLine
from waybill.codec import JsonValue
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import Algorithm, VerifierKey, parse_verifier_key
from waybill.verifier.faults import LogFaultError, UnreadableError
from waybill.verifier.sources import FolderSource, open_source
from waybill.verifier.state import load_memory
from waybill.verifier.trusting import KeyTrust, WitnessPolicy
from waybill.verifier.verify import Verified, Wish, verify_log

DOES_NOT_HOLD: Final = 1
NOT_READ: Final = 2


def default_state() -> Path:
    """Return where this user's verifier remembers, by the custom of the system."""
    folder = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(folder) if folder else Path.home() / ".local/state") / "waybill/log-verify.json"


@click.command("verify")
@click.argument("address", metavar="URL_OR_FOLDER")
@click.option("--key", "keys", multiple=True, help="The log's public key, name+id+key.")
@click.option("--witness", "witnesses", multiple=True, help="The public key of a witness.")
@click.option(
    "--quorum", type=click.IntRange(0), help="How many witnesses must have signed (all of them)."
)
@click.option(
    "--bodies",
    type=click.Path(path_type=Path),
    help="An export with bodies and salts: each entry is made from them too.",
)
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="What is remembered."
)
@click.option("--only-new", is_flag=True, help="Do not read again what held the last time.")
@click.option("--accept-loss", is_flag=True, help="Accept what a successor says was lost.")
@click.option("--progress/--no-progress", default=None, help="By default on a terminal only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def verify(
    *,
    address: str,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    quorum: int | None,
    bodies: Path | None,
    state: Path | None,
    only_new: bool,
    accept_loss: bool,
    progress: bool | None,
    as_json: bool,
) -> None:
    """Verify a log from its checkpoint to its last entry, and remember it (验证透明日志).

    URL_OR_FOLDER is a server's log, such as https://example.org/log, or a folder that `waybill log
    export` wrote. Every entry, tile and the root are recomputed; the result is compared with the
    checkpoint remembered from the last time. A run that was interrupted goes on where it stopped.
    """
    policy = WitnessPolicy(
        keys=tuple(_key(text, Algorithm.COSIGNATURE) for text in witnesses),
        quorum=_quorum(quorum, witnesses),
    )
    log_keys = tuple(_key(text, Algorithm.ED25519) for text in keys)
    line = ProgressLine(shown=sys.stderr.isatty() if progress is None else progress)
    _end_on_termination()
    try:
        source = open_source(address)
        wish = Wish(
            keys=log_keys,
            witnesses=policy,
            only_new=only_new,
            bodies=FolderSource(bodies) if bodies else None,
            accept_loss=accept_loss,
        )
        try:
            found = verify_log(
                source, load_memory(state or default_state()), wish, progress=line.show
            )
        finally:
            line.end()
            source.close()
    except LogFaultError as error:
        _say(words.fault_in_words(error.fault), words.fault_as_json(address, error.fault), as_json)
        raise SystemExit(DOES_NOT_HOLD) from error
    except KeyboardInterrupt as error:
        stopped = UnreadableError("已中断。", "interrupted.")
        _say_unread(address, stopped, as_json)
        raise SystemExit(NOT_READ) from error
    except UnreadableError as error:
        _say_unread(address, error, as_json)
        raise SystemExit(NOT_READ) from error
    _say_verified(found, as_json)


def _key(text: str, algorithm: Algorithm) -> VerifierKey:
    try:
        key = parse_verifier_key(text)
    except NoteError as error:
        raise click.UsageError(f"公钥无法读取 this is not a verifier key: {error}") from error
    if key.algorithm is not algorithm:
        raise click.UsageError(
            f"公钥类别不符 {key.name}: this is a key for {key.algorithm.name},"
            f" one for {algorithm.name} is expected"
        )
    return key


def _quorum(given: int | None, witnesses: tuple[str, ...]) -> int:
    if given is None:
        return len(witnesses)
    if given > len(witnesses):
        raise click.UsageError(
            "--quorum 多于所列见证方 more witnesses must have signed than are named"
        )
    return given


def _end_on_termination() -> None:
    """Let the signal that ends a service be an interruption, so that what was done is kept."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _say_verified(found: Verified, as_json: bool) -> None:  # noqa: FBT001  passed on
    if found.believed.key_trust is KeyTrust.FIRST_USE:
        click.echo(words.FIRST_USE_WARNING.encode(), err=True)
    _say(words.verified_in_words(found), words.verified_as_json(found), as_json)


def _say_unread(address: str, error: UnreadableError, as_json: bool) -> None:  # noqa: FBT001
    _say(words.unreadable_in_words(error), words.unreadable_as_json(address, error), as_json)


def _say(text: str, value: JsonValue, as_json: bool) -> None:  # noqa: FBT001  passed on
    # As bytes, because a terminal's own encoding may not know Chinese.
    click.echo((json.dumps(value, ensure_ascii=False) if as_json else text).encode())
