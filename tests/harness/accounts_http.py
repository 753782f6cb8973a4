"""An account as its holder uses it: signed in over HTTP, with every answer's status expected."""

from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final

from flask.testing import FlaskClient

API: Final = "/api/v1"
Answer = dict[str, Any]
"""The JSON of an answer; a test says what it expects in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who has signed in with name and password."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: str) -> Answer:
        """Read something."""
        return self.send("GET", path, query=query)

    def post(
        self,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        expect: HTTPStatus | None = None,
    ) -> Answer:
        """Do something; `expect` is the status that must come back."""
        return self.send("POST", path, body, version=version, expect=expect)

    def put(self, path: str, body: object, *, version: int | None = None) -> Answer:
        """Change a record as it was seen in a version."""
        return self.send("PUT", path, body, version=version)

    def post_picture(self, path: str, picture: bytes) -> None:
        """Hand in a picture, as a form does; what comes too early is refused, and that is all."""
        self.client.post(
            API + path,
            data={"picture": (BytesIO(picture), "photo.jpg")},
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        expect: HTTPStatus | None = None,
        version: int | None = None,
        query: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request and return the JSON it is answered with.

        Raises:
            AssertionError: the status is not `expect`; where nothing is expected, it is a refusal.
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer = self.client.open(
            API + path, method=method, json=body, headers=headers, query_string=query
        )
        wanted = answer.status_code < HTTPStatus.BAD_REQUEST if expect is None else expect
        if wanted not in (True, answer.status_code):
            raise AssertionError((method, path, answer.status, answer.get_data(as_text=True)))
        found: Answer = answer.get_json()
        return found


def sign_in(client: FlaskClient, username: str, password: str) -> SignedIn:
    """Sign in over HTTP.

    Raises:
        AssertionError: name and password were refused.
    """
    answer = client.post(f"{API}/tokens", json={"username": username, "password": password})
    if answer.status_code != HTTPStatus.OK:
        raise AssertionError(answer.get_data(as_text=True))
    return SignedIn(client=client, token=answer.get_json()["access_token"])
