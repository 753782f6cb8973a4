"""The API as a web scanner sees it; `tests/browser/test_every_page.py` scans the pages."""

from itertools import product
from typing import Final
from urllib.parse import unquote

from flask import Flask
from flask.testing import FlaskClient

from tests.api.test_permissions_matrix import address
from tests.harness.accounts import SignIn
from tests.harness.web_scan import header_faults
from waybill.registry.access import Role

FOR_PROGRAMS: Final = ("/api/", "/log/", "/.well-known/", "/healthz", "/readyz", "/metrics")
PATHS: Final = (
    "../../pyproject.toml",
    "..%2f..%2fpyproject.toml",
    "%2e%2e/%2e%2e/pyproject.toml",
    "/etc/passwd",
    "....//....//etc/passwd",
    "..\\..\\pyproject.toml",
    "css/../../auth.py",
)


def test_every_answer_of_the_api_carries_what_keeps_it_safe(
    application: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    headers = sign_in(Role.SENIOR_AUDITOR)
    found = {
        path: list(header_faults(client.get(path, headers=headers)))
        for rule in application.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and (path := address(rule)).startswith(FOR_PROGRAMS)
    }

    assert len(found) > 80
    assert {path: said for path, said in found.items() if said} == {}


def test_a_line_break_in_a_wish_begins_no_header(client: FlaskClient) -> None:
    for line in ("%0d%0aX-Forged:%201", "%0aSet-Cookie:%20a=b", "\u560d\u560a"):
        answers = [
            client.get(f"/sign-in?next=/{line}"),
            client.get(f"/emergency//{line}"),
            client.post("/language", data={"language": line, "next": f"/{unquote(line)}"}),
            client.get(f"/static/{line}.css"),
            client.get(f"/log/tile/{line}"),
        ]

        told = [str(answer.headers) for answer in answers]
        assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
        assert [each for each in told if "\nX-Forged" in each or "\nSet-Cookie: a=" in each] == []


def test_no_path_leads_out_of_what_is_served(client: FlaskClient) -> None:
    found = {}
    for root, path in product(("/static/", "/tablet/", "/log/tile/", "/log/1/tile/"), PATHS):
        answer = client.get(f"{root}{path}")
        found[f"{root}{path}"] = answer.status_code in {302, 308, 404}

    assert [path for path, refused in found.items() if not refused] == []
