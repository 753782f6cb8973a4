"""How gunicorn serves Waybill: `gunicorn --config deploy/gunicorn.conf.py wsgi:application`.

The environment says where and how much: `WAYBILL_BIND` (an address and port, or `unix:` and a
path; default 127.0.0.1 with the port in `PORT`, default 8000), `WAYBILL_WORKERS` and
`WAYBILL_THREADS`. TLS ends in the proxy in front; `FORWARDED_ALLOW_IPS` names it where it is not
on this machine.
"""

import fcntl
import os
import socket
import struct
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from typing_extensions import override

from waybill.journal import TOLD, formatter
from waybill.settings import ServerSettings, Settings, SettingsError

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
LOCK: Final = "folded.lock"
UNREAD_BYTES: Final = 8 << 20
"""As much as a request may have where the environment does not say."""
SUMMED: Final = ("counter", "histogram")


class PathLogger(Logger):
    """Logs the path as it came, without what stands behind the question mark.

    A query may carry a name or a number that belongs to a person. Gunicorn's own path is decoded,
    so that a line break in it would begin a forged line.
    """

    @override
    def setup(self, cfg: Any) -> None:
        """Write the lines of server and access in the style of the journal."""
        super().setup(cfg)
        if JSON:
            for handler in (*self.error_log.handlers, *self.access_log.handlers):
                handler.setFormatter(formatter("json"))

    @override
    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> Any:
        """Return the values a log line may use."""
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["U"] = environ["RAW_URI"].partition("?")[0]
        return atoms

    @override
    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """Log a request: as a line for people, or as members of a JSON object."""
        if not JSON:
            super().access(resp, req, environ, request_time)
            return
        atoms = self.atoms(resp, req, environ, request_time)
        told = {
            "method": atoms["m"],
            "path": atoms["U"],
            "status": int(atoms["s"]),
            "bytes": atoms["B"],
            "took_ms": atoms["M"],
            "request_id": atoms["{x-request-id}o"],
        }
        self.access_log.info(
            "%s %s %s", told["method"], told["path"], told["status"], extra={TOLD: told}
        )


def server_settings() -> ServerSettings:
    """Read where and how much; end with one line when that cannot be used."""
    try:
        return ServerSettings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(str(error))


SERVER: Final = server_settings()
JSON: Final = os.environ.get("WAYBILL_LOG_FORMAT") == "json"

bind = SERVER.bind

# Every process counts into files of one folder, so that whichever is asked answers for all. A new
# folder at each start, the same one after a reload.
if SHARED_FOLDER not in os.environ:
    os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="waybill-metrics-")


def on_starting(_: object) -> None:
    """Read the settings before anything is begun; end with one line when one cannot be used."""
    try:
        Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(str(error))


def child_exit(_: object, worker: Any) -> None:  # noqa: ANN401  gunicorn's worker
    """Move what a process counted that has ended into one file for all of them.

    Else each would leave its files for ever, and every look at the figures would take longer.
    """
    from prometheus_client.mmap_dict import MmapedDict  # noqa: PLC0415  only after the folder is named

    folder = Path(os.environ[SHARED_FOLDER])
    with (folder / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for file in folder.glob(f"*_{worker.pid}.db"):
            kind = file.name.partition("_")[0]
            if kind in SUMMED:
                sum_file = MmapedDict(str(folder / f"{kind}_ended.db"))
                for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
                    sum_file.write_value(key, sum_file.read_value(key)[0] + value, 0.0)
                sum_file.close()
            file.unlink()


def post_request(_: object, request: Any, __: object, ___: object) -> None:  # noqa: ANN401  gunicorn's
    """Read what a refused request still has to say.

    Gunicorn has announced that the connection stays open, and closes it all the same where more
    than 64 KiB were left unread: the proxy's next request on it would end in a 502.
    """
    left = int(os.environ.get("WAYBILL_MAX_UPLOAD_BYTES") or UNREAD_BYTES)
    with suppress(OSError, EOFError):
        while left > 0 and (read := request.body.read(min(left, 1 << 16))):
            left -= len(read)


# A request waits for the database more than it computes, so a few threads share each process. Each
# process holds its own copy of the goods list and the signing keys: nothing is loaded before the
# fork, because a connection or a random state opened there would be shared.
workers = SERVER.workers
worker_class = "gthread"
threads = SERVER.threads
preload_app = False
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  a heartbeat

# A worker that hangs is replaced; one that is told to stop finishes what it has begun. Renewing
# workers now and then bounds what a slow leak can take.
timeout = 30
graceful_timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000

# Nothing waits without bound. A process holds so many connections beside those that it answers, the
# system so many that no process has taken; what comes on top is refused, and the proxy says 503.
worker_connections = 64
backlog = 256

# Codes are scanned into bodies, never into addresses, so addresses and headers are short.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# Whoever sends nothing for so long in the middle of a request is hung up on: gunicorn itself would
# wait for ever, with one of the few threads. A proxy in front takes slow clients off our hands
# altogether. Accepted connections have this from the one that listens.
SILENCE_S = 5


def when_ready(server: Arbiter) -> None:
    """Limit how long a client may be silent."""
    limit = struct.pack("ll", SILENCE_S, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


# No address, user, referrer or browser: who did what stands in the log that can be proved.
logger_class = PathLogger
accesslog = "-"
errorlog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms %({x-request-id}o)s"

# Nobody steers the server through a socket: signals and the service manager are enough.
control_socket_disable = True
