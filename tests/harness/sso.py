"""An installation whose plant has a log-in of its own, and somebody's way through it."""

import re
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.harness.accounts import ORGANISATIONS, Accounts, SignIn

BEGIN = "/sign-in/sso/plant"
BACK = f"{BEGIN}/callback"
LIST = """
[[provider]]
id = "{id}"
name_zh = "淮安盐化"
name_en = "Huai'an Salt"
issuer = "{issuer}"
client_id = "waybill"
client_secret_env = "SECRET"
organisations = ["{uscc}"]
logout_url = "{issuer}/logout"
"""


def listed(folder: Path, *providers: tuple[str, str], more: str = "") -> Path:
    path = folder / "sso.toml"
    uscc = ORGANISATIONS["plant"][0]
    written = [LIST.format(id=name, issuer=issuer, uscc=uscc) for name, issuer in providers]
    path.write_text("".join(written) + more, encoding="utf-8")
    return path


def link(
    client: FlaskClient, sign_in: SignIn, accounts: Accounts, name: str, **given: str
) -> TestResponse:
    return client.post(
        f"/api/v1/users/{accounts.users[name].id}/identities",
        json={"provider": "plant", **given},
        headers=sign_in("admin"),
    )


def begin(client: FlaskClient, **form: str) -> str:
    """Begin to log in, and return where the browser is led."""
    page = client.post(BEGIN, data=form)
    assert page.status_code == 200
    found = re.search(r'url=([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    return unescape(found[1])
