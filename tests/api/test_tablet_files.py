"""The bay tablet's files: who may have them, how long they are kept, and under which policy."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.responses import CONTENT_SECURITY_POLICY

FILES = {
    "index.html": "<!doctype html>",
    "worker.js": "self",
    "manifest.webmanifest": "{}",
    "icon.svg": "<svg/>",
    "assets/app-Ab1_-xYz.js": "1",
    "assets/zxing_reader-Ab1c2xYz.wasm": "\x00asm",
}


@pytest.fixture
def built(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of an installation with a build that is easily told from any other."""
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    for name, text in FILES.items():
        file = tmp_path / "tablet" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return app.test_client()


def test_the_page_needs_no_account(built: FlaskClient) -> None:
    answer = built.get("/tablet/", buffered=True)

    assert (answer.status_code, answer.mimetype, answer.text) == (
        200,
        "text/html",
        FILES["index.html"],
    )


def test_the_address_without_its_slash_leads_there(built: FlaskClient) -> None:
    assert built.get("/tablet", buffered=True).location == "/tablet/"


@pytest.mark.parametrize("name", FILES)
def test_its_policy_adds_webassembly_and_workers_and_nothing_else(
    built: FlaskClient, name: str
) -> None:
    policy = built.get(f"/tablet/{name}", buffered=True).headers["Content-Security-Policy"]

    assert policy == (
        f"{CONTENT_SECURITY_POLICY}; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
        "connect-src 'self'; manifest-src 'self'"
    )


def test_no_other_page_has_that_policy(built: FlaskClient) -> None:
    answer = built.get("/q", headers={"Accept": "text/html"}, buffered=True)

    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param("assets/app-Ab1_-xYz.js", "public, max-age=31536000, immutable", id="hashed"),
        pytest.param("index.html", "no-cache", id="page"),
        pytest.param("worker.js", "no-cache", id="service worker"),
        pytest.param("manifest.webmanifest", "no-cache", id="manifest"),
    ],
)
def test_only_what_is_named_by_its_content_is_kept_for_ever(
    built: FlaskClient, name: str, kept: str
) -> None:
    assert built.get(f"/tablet/{name}", buffered=True).headers["Cache-Control"] == kept


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("worker.js", "text/javascript"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("assets/zxing_reader-Ab1c2xYz.wasm", "application/wasm"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_files_say_what_they_are(built: FlaskClient, name: str, mimetype: str) -> None:
    assert built.get(f"/tablet/{name}", buffered=True).mimetype == mimetype


def test_the_service_worker_reaches_the_tablet_alone(built: FlaskClient) -> None:
    # Without this header a worker reaches what lies beside and below it: /tablet/.
    assert "Service-Worker-Allowed" not in built.get("/tablet/worker.js", buffered=True).headers


@pytest.mark.parametrize(
    "name", ["missing.js", "../plain.css", "%2e%2e/plain.css", "assets/", "assets/../../x"]
)
def test_nothing_else_is_served(built: FlaskClient, name: str) -> None:
    assert built.get(f"/tablet/{name}", buffered=True).status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "请管理员在源码目录中运行 make tablet"),
        ("en", "Run `make tablet` where the source is"),
    ],
)
def test_without_a_build_the_page_says_how_to_make_one(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))

    answer = app.test_client().get(
        "/tablet/", headers={"Accept": "text/html", "Accept-Language": language}
    )

    assert (answer.status_code, said in answer.text) == (404, True)
