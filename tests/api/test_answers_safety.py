"""What every answer carries, whatever went wrong, and what no answer gives away."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api import create_app
from api.auth import accepts_uploads, find_actor, public
from api.problems import RequestRefusedError, plain_problem
from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import PASSWORD
from waybill.settings import Settings

PAGE = {"Accept": "text/html"}
SECRET_WORDS = "SELECT name FROM pii WHERE name = 张建国"


@pytest.fixture
def planted(settings: Settings, app: Flask) -> Iterator[Flask]:
    """An application over the same database, with views that go wrong."""
    made = create_app(settings)
    shared: Runtime = made.extensions[EXTENSION]
    shared.sessions = app.extensions[EXTENSION].sessions
    shared.clock = app.extensions[EXTENSION].clock
    errors: dict[str, Exception] = {
        "bug": KeyError(SECRET_WORDS),
        "away": OperationalError(SECRET_WORDS, {}, Exception("server closed the connection")),
        "lost": DBAPIError(
            SECRET_WORDS, {}, Exception("idle in transaction"), connection_invalidated=True
        ),
        "wrong": DBAPIError(SECRET_WORDS, {}, Exception("no such column")),
        "busy": PoolTimeoutError("QueuePool limit"),
        "refused": RequestRefusedError(plain_problem(415)),
    }

    @public("planted by a test")
    def fail(name: str) -> str:
        raise errors[name]

    @public("planted by a test")
    @accepts_uploads
    def swallow() -> str:
        return str(len(request.files) + len(request.form) + len(request.get_data()))

    @public("planted by a test")
    def who() -> str:
        return str(find_actor())

    made.add_url_rule("/planted/<name>", view_func=fail, endpoint="planted")
    made.add_url_rule("/api/v1/planted/<name>", view_func=fail, endpoint="planted_api")
    made.add_url_rule("/swallow", view_func=swallow, endpoint="swallow", methods=["POST"])
    made.add_url_rule("/who", view_func=who, endpoint="who", methods=["GET", "POST"])
    yield made
    shared.engine.dispose()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/healthz", 200, id="an answer"),
        pytest.param("GET", "/api/v1/users/me", 401, id="nobody"),
        pytest.param("GET", "/api/v1/nothing", 404, id="nothing there"),
        pytest.param("PUT", "/healthz", 405, id="another method"),
        pytest.param("GET", "/planted/refused", 415, id="a refusal"),
        pytest.param("GET", "/planted/bug", 500, id="a fault of ours"),
        pytest.param("GET", "/planted/away", 503, id="a database that is away"),
        pytest.param("GET", "/emergency//1203", 308, id="a redirect"),
    ],
)
@pytest.mark.parametrize("accepts", ["text/html", "application/json"])
def test_every_answer_carries_what_keeps_it_safe(
    planted: Flask, method: str, path: str, status: int, accepts: str
) -> None:
    answer = planted.test_client().open(path, method=method, headers={"Accept": accepts})

    carried = {
        name: answer.headers.get(name)
        for name in (
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Cache-Control",
            "Cross-Origin-Opener-Policy",
        )
    }
    assert answer.status_code == status
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert len(answer.headers["X-Request-ID"]) == 32
    assert carried == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


@pytest.mark.parametrize(
    ("name", "status"), [("bug", 500), ("wrong", 500), ("away", 503), ("lost", 503), ("busy", 503)]
)
@pytest.mark.parametrize("path", ["/planted", "/api/v1/planted"])
def test_what_goes_wrong_inside_stays_inside(
    planted: Flask, caplog: pytest.LogCaptureFixture, path: str, name: str, status: int
) -> None:
    answer = planted.test_client().get(f"{path}/{name}", headers=PAGE)

    told = answer.get_data(as_text=True) + caplog.text
    assert answer.status_code == status
    assert "SELECT" not in told
    assert "张建国" not in told


def test_a_page_of_a_problem_that_cannot_be_drawn_is_still_an_answer(
    planted: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr("api.problems.render_template", broken)

    answer = planted.test_client().get("/planted/away", headers=PAGE)

    assert answer.status_code == 503
    assert "<h1>" in answer.get_data(as_text=True)
    assert "nosniff" in answer.headers["X-Content-Type-Options"]


class TestHost:
    def test_a_redirect_does_not_name_the_host_that_the_client_made_up(
        self, planted: Flask
    ) -> None:
        answer = planted.test_client().get("/emergency//1203?x=1", headers={"Host": "evil.example"})

        assert (answer.status_code, answer.headers["Location"]) == (308, "/emergency/1203?x=1")

    def test_a_redirect_never_leads_to_another_site(self, planted: Flask) -> None:
        answer = planted.test_client().get("///evil.example//x")

        assert "evil.example" not in answer.headers.get("Location", "").split("/")[:3]

    @pytest.mark.parametrize("proxies", [0, 1])
    def test_who_passes_a_request_on_is_believed_only_if_trusted(
        self, settings: Settings, proxies: int
    ) -> None:
        made = create_app(replace(settings, trusted_proxies=proxies))

        @public("planted by a test")
        def tell() -> dict[str, str | None]:
            return {"from": request.remote_addr, "host": request.host}

        made.add_url_rule("/tell", view_func=tell)
        told = made.test_client().get(
            "/tell",
            headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Host": "a.b"},
        )

        expected = {"from": "203.0.113.7", "host": "a.b"}
        assert told.get_json() == (
            expected if proxies else {"from": "127.0.0.1", "host": "localhost"}
        )


class TestLimits:
    def test_an_upload_longer_than_allowed_is_refused(
        self, planted: Flask, settings: Settings
    ) -> None:
        body = b"x" * (settings.max_upload_bytes + 1)

        answer = planted.test_client().post(
            "/swallow", data=body, content_type="multipart/form-data; boundary=b"
        )

        assert answer.status_code == 413

    def test_a_body_without_a_length_is_cut_off_too(
        self, planted: Flask, settings: Settings
    ) -> None:
        answer = planted.test_client().post(
            "/api/v1/tokens",
            input_stream=BytesIO(b"x" * (settings.max_body_bytes + 10)),
            content_type="application/json",
            environ_overrides={"wsgi.input_terminated": True},
        )

        assert answer.status_code == 413

    def test_a_form_of_very_many_parts_is_refused(self, planted: Flask) -> None:
        body = {f"field-{number}": "x" for number in range(2000)}

        answer = planted.test_client().post(
            "/swallow", data=body, content_type="multipart/form-data"
        )

        assert answer.status_code == 413

    @pytest.mark.parametrize("body", ["[" * 5000, '{"a":' * 5000, "[" * 100 + "]" * 100])
    def test_json_that_is_nested_deeply_is_refused(self, client: FlaskClient, body: str) -> None:
        answer = client.post("/api/v1/tokens", data=body, content_type="application/json")

        assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed-json")

    @pytest.mark.parametrize("path", ["/q?x=%00", "/api/v1/events?%00=1", "/sign-in?next=%00"])
    def test_a_query_with_a_nul_is_refused(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 400

    @pytest.mark.usefixtures("accounts")
    def test_a_name_with_a_nul_is_nobodys(self, client: FlaskClient) -> None:
        body = {"username": "carrier\x00", "password": PASSWORD}

        assert client.post("/sign-in", data=body).status_code == 401


def test_invented_methods_are_counted_as_one(client: FlaskClient) -> None:
    for number in range(3):
        client.open("/healthz", method=f"INVENTED{number}")

    text = client.get("/metrics").get_data(as_text=True)

    assert "INVENTED" not in text
    assert 'method="other",status="405"} 3.0' in text


def test_metrics_and_readiness_name_no_address_of_anything(client: FlaskClient) -> None:
    told = client.get("/readyz").get_data() + client.get("/metrics").get_data()

    assert [
        word for word in (b"sqlite", b"postgresql", b"/tmp", b"127.0.0.1") if word in told
    ] == []


def test_the_folder_of_keys_is_never_served(client: FlaskClient, settings: Settings) -> None:
    key = next(iter(Path(settings.key_dir).glob("*")), Path("key.pem"))

    assert client.get(f"/static/../{key.name}").status_code == 404
