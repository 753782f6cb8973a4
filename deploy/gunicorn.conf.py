"""How gunicorn serves Waybill: `gunicorn --config deploy/gunicorn.conf.py wsgi:application`.

The environment says where and how much: `WAYBILL_BIND` (an address and port, or `unix:` and a
path; default 127.0.0.1 with the port in `PORT`, default 8000), `WAYBILL_WORKERS` and
`WAYBILL_THREADS`. TLS ends in the proxy in front; `FORWARDED_ALLOW_IPS` names it where it is not
on this machine.
"""

import os
import socket
import struct
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from typing_extensions import override


class PathLogger(Logger):
    """Logs the path as it came, without what stands behind the question mark.

    A query may carry a name or a number that belongs to a person. Gunicorn's own path is decoded,
    so that a line break in it would begin a forged line.
    """

    @override
    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> Any:
        """Return the values a log line may use."""
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["U"] = environ["RAW_URI"].partition("?")[0]
        return atoms


bind = os.environ.get("WAYBILL_BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"

# A request waits for the database more than it computes, so a few threads share each process. Each
# process holds its own copy of the goods list and the signing keys: nothing is loaded before the
# fork, because a connection or a random state opened there would be shared.
workers = int(os.environ.get("WAYBILL_WORKERS") or min(4, os.cpu_count() or 1))
worker_class = "gthread"
threads = int(os.environ.get("WAYBILL_THREADS") or 4)
preload_app = False
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  a heartbeat

# A worker that hangs is replaced; one that is told to stop finishes what it has begun. Renewing
# workers now and then bounds what a slow leak can take.
timeout = 30
graceful_timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000

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
