"""Somebody whose browser knows no scripts: follows redirects, sends forms with their token."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Final

from flask import Flask
from flask.testing import FlaskClient

from tests.harness.applications import application_over
from tests.harness.demo_site import PASSWORD, DemoSite
from tests.harness.stories import Town
from waybill.clock import FixedClock

HTML: Final = {"Accept": "text/html"}
_TOKEN: Final = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')
_VERSION: Final = re.compile(r'name="version" value="([0-9]+)"')
_LINK: Final = re.compile(r'href="([^"]+)"')
_QUESTION: Final = re.compile(r'name="(answer-[^"]+)" value="yes"')
_TAGS: Final = re.compile(r"<[^>]+>")

FormData = Mapping[str, str | list[str] | tuple[BytesIO, str]]


@dataclass(slots=True, kw_only=True)
class PageUser:
    """A browser's session. `status`, `address` and `html` are those of the last page."""

    client: FlaskClient
    status: int = 0
    address: str = ""
    html: str = ""
    token: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """What a reader sees of the page, without its markup."""
        return " ".join(unescape(_TAGS.sub(" ", self.html)).split())

    @property
    def version(self) -> str:
        """The version that the page's form holds."""
        found = _VERSION.search(self.html)
        return found[1] if found else ""

    def open(self, address: str) -> "PageUser":
        """Go to an address."""
        return self._see(self.client.get(address, headers=HTML, follow_redirects=True))

    def send(self, address: str, data: FormData) -> "PageUser":
        """Send a form of the present page, with its token."""
        body = {"csrf_token": self.token, **data}
        return self._see(self.client.post(address, data=body, headers=HTML, follow_redirects=True))

    def link(self, ending: str) -> str:
        """Return the first address that the present page leads to and that ends so."""
        addresses: list[str] = _LINK.findall(self.html)
        return next(found for found in addresses if found.endswith(ending))

    @property
    def yes_to_all(self) -> dict[str, str | list[str] | tuple[BytesIO, str]]:
        """Yes to every question of the present page."""
        return dict.fromkeys(_QUESTION.findall(self.html), "yes")

    def sign_in(self, username: str, password: str = PASSWORD) -> "PageUser":
        """Sign in through the page."""
        self.open("/sign-in")
        return self.send("/sign-in", {"username": username, "password": password})

    def _see(self, response: object) -> "PageUser":
        answer = response
        assert hasattr(answer, "status_code")
        assert hasattr(answer, "request")
        assert hasattr(answer, "get_data")
        self.status, self.address = answer.status_code, answer.request.path
        self.html = answer.get_data(as_text=True)
        found = _TOKEN.search(self.html)
        self.token = found[1] if found else self.token
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTown:
    """The demonstration's installation, by its API and by its pages."""

    app: Flask
    town: Town

    def user(self, username: str, *, english: bool = False) -> PageUser:
        """Return somebody who has just signed in."""
        user = PageUser(client=self.app.test_client())
        if english:
            user.client.set_cookie("lang", "en")
        return user.sign_in(username)


@contextmanager
def page_town(site: DemoSite, url: str, clock: FixedClock) -> Iterator[PageTown]:
    """Give the demonstration's installation over a copy of its database."""
    with application_over(site.settings(url), clock) as app:
        town = Town(client=app.test_client(), register=site.register, clock=clock)
        yield PageTown(app=app, town=town)
