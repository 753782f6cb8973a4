"""The site as it is shipped: nginx with TLS before gunicorn, asked as the outside asks."""

import http.client
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override  # typing's own needs Python 3.12

from tests.harness.behind_nginx import NAME, find_nginx, nginx, trusting, verdict_of, write_site
from tests.harness.databases import Databases
from tests.harness.installed import environment, installed
from tests.harness.served_by_gunicorn import listening, start
from waybill.clock import SystemClock

FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is asked: its port, its certificate, what nginx said of it, and where it logs."""

    port: int
    plain_port: int
    gunicorn_port: int
    trust: ssl.SSLContext
    folder: Path
    verdict: str

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask over TLS, as somebody who reached this machine by the site's name."""
        connection = NamedConnection("127.0.0.1", self.port, context=self.trust, timeout=30)
        sent = {"Host": NAME} | {name.replace("_", "-"): said for name, said in headers.items()}
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def line_of(self, request_id: str) -> dict[str, Any]:
        """What nginx logged of a request, which it does after the answer is on its way."""
        for _ in range(500):
            for line in map(json.loads, (self.folder / "waybill.json").read_text().splitlines()):
                if line["request_id"] == request_id:
                    return dict(line)
            time.sleep(0.02)
        pytest.fail(f"no line of request {request_id}")


class NamedConnection(http.client.HTTPSConnection):
    """A connection to this machine that asks for the site's certificate."""

    @override
    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]  # their own
        self.sock = context.wrap_socket(self.sock, server_hostname=NAME)


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx, gunicorn and a log of two entries."""
    program = find_nginx()
    if program is None:
        pytest.skip("nginx is not installed: deploy/system-packages proxy")
    folder = tmp_path_factory.mktemp("nginx")
    url = databases.fresh("sqlite")
    engine = databases.engine(url)
    settings = installed(engine, folder, SystemClock()).settings
    engine.dispose()
    environ = environment(replace(settings, public_url=f"https://{NAME}"))
    environ |= {"WAYBILL_WORKERS": "2", "WAYBILL_TRUSTED_PROXIES": "1"}
    with listening() as held:
        server = start(held, environ, folder / "gunicorn.log")
        plain, tls = write_site(folder, server.port)
        verdict = verdict_of(program, folder)
        with nginx(program, folder, tls):
            yield Site(
                port=tls,
                plain_port=plain,
                gunicorn_port=server.port,
                trust=trusting(folder),
                folder=folder,
                verdict=verdict,
            )
        server.stop()
    databases.drop(url)


def test_nginx_accepts_the_site(site: Site) -> None:
    assert "test is successful" in site.verdict
    assert "[warn]" not in site.verdict


def test_a_request_over_tls_is_answered_by_the_application(site: Site) -> None:
    answer, body = site.ask("/healthz")

    assert (answer.status, json.loads(body)) == (200, {"status": "alive"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert len(answer.headers.get_all("Content-Security-Policy") or []) == 1
    assert answer.headers["Server"] == "nginx"


def test_old_versions_of_tls_are_refused(site: Site) -> None:
    site.trust.maximum_version = ssl.TLSVersion.TLSv1_2
    assert site.ask("/healthz")[0].status == 200
    old = ssl.create_default_context(cafile=str(site.folder / "fullchain.pem"))
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises(ssl.SSLError):
        replace(site, trust=old).ask("/healthz")


def test_without_tls_one_is_led_to_it_by_name(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.plain_port, timeout=10)
    connection.request("GET", "/q", headers={"Host": "elsewhere.example"})
    answer = connection.getresponse()
    connection.close()

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/q")


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_figures_are_for_the_inside(site: Site, path: str) -> None:
    assert site.ask(path)[0].status == 404


def test_a_tile_is_kept_and_the_checkpoint_is_asked_for_anew(site: Site) -> None:
    seen = [site.ask("/log/tile/entries/000.p/2")[0].headers for _ in range(2)]
    checkpoint, _ = site.ask("/log/checkpoint")

    assert [each["X-Cache"] for each in seen] == ["MISS", "HIT"]
    assert seen[1]["Cache-Control"] == FOR_EVER
    assert (checkpoint.headers["X-Cache"], "no-cache" in checkpoint.headers["Cache-Control"]) == (
        None,
        True,
    )


def test_files_of_the_program_come_compressed(site: Site) -> None:
    answer, _ = site.ask("/static/plain.css", Accept_Encoding="gzip")

    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        pytest.param("/api/v1/tokens", 2 << 20, 413, id="an ordinary body"),
        pytest.param("/api/v1/pictures", 2 << 20, 401, id="a picture reaches the application"),
        pytest.param("/bay/checks/x/scans", 2 << 20, 404, id="a scan reaches the application"),
        pytest.param("/api/v1/pictures", 9 << 20, 413, id="too large a picture"),
    ],
)
def test_bodies_are_bounded_by_what_they_are_for(
    site: Site, path: str, size: int, status: int
) -> None:
    answer, body = site.ask(path, "POST", bytes(size), Content_Type="image/png")

    assert answer.status == status
    assert answer.headers["X-Request-ID"]
    if status == 413:
        assert json.loads(body)["code"] == "too-large"


def test_a_connection_outlives_a_picture_that_was_refused_unread(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.gunicorn_port, timeout=30)
    connection.request("POST", "/api/v1/pictures", bytes(2 << 20), {"Content-Type": "image/png"})
    refused = connection.getresponse()
    refused.read()
    held = connection.sock
    connection.request("GET", "/healthz")
    after = connection.getresponse()
    after.read()

    assert (refused.status, after.status) == (401, 200)
    assert held is connection.sock is not None
    connection.close()


def test_nothing_of_a_query_a_body_or_a_person_is_logged(site: Site) -> None:
    def sign_in() -> http.client.HTTPResponse:
        return site.ask(
            "/api/v1/tokens?name=zhang-jianguo",
            "POST",
            b'{"username":"zhang","password":"hidden"}',
            Content_Type="application/json",
            Referer="https://elsewhere.example/zhang",
            User_Agent="zhang's phone",
        )[0]

    answer = sign_in()
    while answer.status == 429:  # another test asked too often just before
        time.sleep(1)
        answer = sign_in()

    line = site.line_of(answer.headers["X-Request-ID"])
    assert (line["path"], line["status"], len(line["proxy_id"])) == ("/api/v1/tokens", 401, 32)
    assert "zhang" not in (site.folder / "waybill.json").read_text()
    assert "zhang" not in (site.folder / "gunicorn.log").read_text()


def test_who_asks_too_often_is_told_to_wait(site: Site) -> None:
    answers = [site.ask("/api/v1/tokens", "POST", b"{}") for _ in range(30)]

    throttled = [(answer, body) for answer, body in answers if answer.status == 429]
    assert throttled
    assert throttled[0][0].headers["Retry-After"] == "2"
    assert json.loads(throttled[0][1])["code"] == "throttled"
