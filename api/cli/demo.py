"""`waybill demo`: a plant, three carriers and their trips, served on 127.0.0.1."""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from api.cli.serve import serve
from api.cli.worker import start_beside
from api.demo.cases import CASES
from api.demo.history import write_history
from api.demo.seed import find_register, seed
from api.demo.staff import ACCOUNTS
from api.demo.witness import DemoWitness, free_port
from waybill.clock import SystemClock, local_date
from waybill.codec import b64url_encode
from waybill.settings import Settings
from waybill.storage.migrate import upgrade
from waybill.storage.personal import PersonalVault
from waybill.storage.session import make_engine, read_session, session_factory

FOLDER: Final = Path("var/demo")
SECRETS: Final = "secrets.env"
LIFETIME: Final = timedelta(days=120)
DEFAULT_PASSWORD: Final = "waybill-demo"  # noqa: S105  the demonstration's own, printed on start
DEFAULT_PORT: Final = "8000"
PAUSE_S: Final = 0.05
"""Between two steps of the past, while the demonstration is served."""


@click.command("demo")
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
@click.option("--seed-only", is_flag=True, help="Fill the database and stop.")
@click.option("--history", is_flag=True, help="Write the trips of past weeks and stop.")
def command(folder: Path, *, seed_only: bool, history: bool) -> None:
    """Fill an installation with demonstration data and serve it. Safe to repeat.

    Its database, keys and secrets lie in one folder; remove the folder to begin anew.
    """
    set_aside_when_old(folder, SystemClock().now())
    port = os.environ.get("PORT", DEFAULT_PORT)
    password = os.environ.get("WAYBILL_DEMO_PASSWORD") or DEFAULT_PASSWORD
    os.environ.update(demo_environment(folder, port, os.environ))
    settings = Settings.from_env(os.environ)
    upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    page = folder.resolve() / "codes.html"
    sessions = session_factory(engine)
    if history:
        with read_session(sessions) as session:
            register = find_register(session, vault)
        if register is not None:
            write_history(sessions, settings, register, clock=SystemClock(), pause_s=PAUSE_S)
        engine.dispose()
        return
    seed(
        sessions,
        settings,
        vault,
        clock=SystemClock(),
        password=password,
        page=page,
    )
    os.environ["WAYBILL_DEMO_PAGE"] = str(page)
    witness = DemoWitness(folder.resolve() / "witness", free_port())
    log_url = f"http://127.0.0.1:{port}/log"
    witnessed = witness.prepare(engine, settings, log_url=log_url, clock=SystemClock())
    engine.dispose()
    _say(settings.public_url, password, witness.url if witnessed else "-")
    if not seed_only:
        if witnessed:
            os.environ.setdefault("WAYBILL_WITNESSES", str(witness.listed))
            witness.start()
        start_history(folder)
        start_beside()
        serve(int(port))


def start_history(folder: Path) -> None:
    """Write the past in a process of its own: the demonstration is served without waiting for it.

    It takes some seconds once; on every later day it finds its trips there and ends.
    """
    program = "from api.cli import main; main()"
    arguments = [sys.executable, "-c", program, "demo", "--history", "--folder", str(folder)]
    subprocess.Popen(arguments, close_fds=True)  # noqa: S603  our own program, no shell


def set_aside_when_old(folder: Path, now: datetime) -> None:
    """Put a demonstration aside whose papers have run out, so that a new one can begin.

    Its dates count from the day it was filled: after some months its clean trips would be refused.
    """
    marker = folder / SECRETS
    if not marker.exists():
        return
    filled = datetime.fromtimestamp(marker.stat().st_mtime, UTC)
    if now - filled > LIFETIME:
        aside = folder.with_name(f"{folder.name}-{local_date(filled):%Y%m%d}")
        folder.rename(aside)
        click.echo(f"  旧的演示数据已移至 the old demonstration lies in {aside}")


def demo_environment(folder: Path, port: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables the demonstration runs with; secrets are made once and kept.

    What the caller's environment gives already is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = {
        "WAYBILL_DATABASE_URL": f"sqlite:///{folder.resolve() / 'waybill.sqlite3'}",
        "WAYBILL_KEY_DIR": str(folder.resolve() / "keys"),
        "WAYBILL_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WAYBILL_ISSUER": "demo",
        "WAYBILL_SECOND_FACTOR_ROLES": "none",
        **_secrets(folder / SECRETS),
    }
    return {name: value for name, value in wanted.items() if not given.get(name)}


def _secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        lines = [
            f"{name}={b64url_encode(secrets.token_bytes(32))}"
            for name in ("WAYBILL_SECRET_KEY", "WAYBILL_PII_KEY", "WAYBILL_PII_INDEX_KEY")
        ]
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def _say(url: str, password: str, witness_url: str) -> None:
    click.echo(f"\n  Waybill 危险货物电子运单 · 演示 demo: {url}\n")
    click.echo(f"  账号 accounts (密码 password: {password})")
    for account in ACCOUNTS:
        click.echo(f"    {account.username:<18} {account.role}")
    click.echo("\n  案例 cases")
    for case in CASES:
        click.echo(f"    {case.title_zh} / {case.title_en}")
    click.echo(
        f"\n  二维码 codes to scan or paste  {url}/demo\n"
        f"  装车台 bay                     {url}/bay\n"
        f"  平板 tablet                    {url}/tablet/\n"
        f"  留痕 events                    {url}/events\n"
        f"  接口 API                       {url}/api/docs\n"
        f"  见证 witness                   {witness_url}\n"
    )
