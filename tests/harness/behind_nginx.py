"""nginx as `deploy/nginx.conf` says, on free ports and with a certificate of a day."""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from waybill.clock import SystemClock

NAME: Final = "waybill.example.org"
SITE: Final = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
START_LIMIT_S: Final = 10.0
MAIN: Final = """
daemon off;
{user}
pid {folder}/nginx.pid;
worker_processes 1;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def find_nginx() -> str | None:
    """Return nginx's program, `None` where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def write_site(folder: Path, upstream_port: int) -> tuple[int, int]:
    """Write the site as it is shipped, but for places and ports; return those of http and TLS."""
    plain, tls = free_port(), free_port()
    _write_certificate(folder)
    site = SITE.read_text()
    for was, becomes in (
        (r"listen \[::\][^;]*;", ""),
        (r"listen 80\b", f"listen 127.0.0.1:{plain}"),
        (r"listen 443\b", f"listen 127.0.0.1:{tls}"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{upstream_port}"),
        (r"/etc/waybill/tls|/var/log/nginx|/var/cache/nginx", str(folder)),
    ):
        site, count = re.subn(was, becomes, site)
        assert count, was
    (folder / "site.conf").write_text(site)
    user = "user root;" if Path("/proc/self").owner() == "root" else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    return plain, tls


def verdict_of(program: str, folder: Path) -> str:
    """Return what `nginx -t` says of the site."""
    command = [program, "-t", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@contextmanager
def nginx(program: str, folder: Path, tls_port: int) -> Iterator[None]:
    """Run nginx to the end of the block."""
    command = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        _wait(tls_port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def trusting(folder: Path) -> ssl.SSLContext:
    """Return a client's context that trusts the site's certificate."""
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


def _write_certificate(folder: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
