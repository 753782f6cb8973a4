"""A client as ours should be: what is not answered is sent again with the same key.

Everything it did stands in a ledger, with what it was answered, so that afterwards it can be
counted whether each acknowledged act is there once.
"""

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.harness.accounts_http import API, Answer

KINDS: Final = {
    "draft": r"/waybills",
    "issue": r"/waybills/[^/]+/issue",
    "open": r"/checks",
    "scan": r"/checks/[^/]+/scans",
    "look": r"/checks/[^/]+/(plates|presences|answers|photos\?.*)",
    "decide": r"/checks/[^/]+/decision",
    "release": r"/checks/[^/]+/release",
}
"""What is done by a POST to which path."""
REPEATED: Final = frozenset({429, 500, 502, 503, 504})
PATIENCE_S: Final = 60.0
ANSWER_WITHIN_S: Final = 15.0
LONGEST_REST_S: Final = 0.4
"""A test's clients come back sooner than `Retry-After` says: that is harder on the server."""
IMPATIENT: Final = 0.03
"""So often a client does not wait for the first answer but hangs up and asks again."""


class LoadEndedError(Exception):
    """The load is over; nothing new is begun."""


class RefusedError(Exception):
    """An act was refused for good (4xx)."""


@dataclass(slots=True, kw_only=True)
class Act:
    """One thing that a client did; `answer` is the first it got, none while it has none."""

    kind: str
    path: str
    body: bytes
    headers: dict[str, str]
    account: str
    tries: int = 0
    answer: tuple[int, bytes] | None = None

    @property
    def acknowledged(self) -> bool:
        """Whether it was answered that it is done."""
        return self.answer is not None and self.answer[0] < HTTPStatus.BAD_REQUEST


@dataclass(slots=True)
class Ledger:
    """What all clients of a load did and met."""

    acts: list[Act] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    """Everything that was no answer: statuses that ask to come back, and broken connections."""
    took_s: list[float] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    def add(self, other: "Ledger") -> None:
        """Add what the clients of another load did and met."""
        self.acts += other.acts
        self.met += other.met
        self.took_s += other.took_s
        self.failed += other.failed

    def acknowledged(self) -> list[Act]:
        """Return the acts that were answered to be done."""
        return [act for act in self.acts if act.kind and act.acknowledged]

    def unanswered(self) -> list[Act]:
        """Return the acts of which nobody knows."""
        return [act for act in self.acts if act.answer is None]


@dataclass(slots=True, kw_only=True)
class GoodClient:
    """An account in the hands of a program; it has the shape of `SignedIn`."""

    port: int
    username: str
    password: str
    ledger: Ledger
    stop: threading.Event
    chance: random.Random
    token: str = ""
    _connection: http.client.HTTPConnection | None = None

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
        """Do something, once, however often it has to be asked for."""
        return self.send("POST", path, body, version=version, expect=expect)

    def put(self, path: str, body: object, *, version: int | None = None) -> Answer:
        """Change a record as it was seen in a version."""
        return self.send("PUT", path, body, version=version)

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
        """Send a request until it is answered, and return what it is answered with.

        Raises:
            LoadEndedError: the load is over and the act was not begun.
            RefusedError: it was refused for good.
            TimeoutError: there was no answer for as long as anybody would try.
        """
        act = self._act(method, path, body, version)
        target = API + path + (f"?{urlencode(query)}" if query else "")
        return self._do(method, target, act, expect)

    def post_picture(self, path: str, picture: bytes) -> None:
        """Hand in a picture, as a form does; what comes too early is refused, and that is all."""
        boundary, form = encode_multipart({"picture": FileStorage(BytesIO(picture), "photo.jpg")})
        act = self._act("POST", path, form, None)
        act.headers["Content-Type"] = f'multipart/form-data; boundary="{boundary}"'
        with suppress(RefusedError):
            self._do("POST", API + path, act, None)

    def _do(self, method: str, target: str, act: Act, expect: HTTPStatus | None) -> Answer:
        path = act.path
        begun = time.monotonic()
        status, answered = self._until_answered(method, target, act)
        self.ledger.took_s.append(time.monotonic() - begun)
        if (status >= HTTPStatus.BAD_REQUEST) if expect is None else (status != expect):
            raise RefusedError(method, path, status, answered[:500])
        found: Answer = json.loads(answered)
        if found.get("opened") is False:  # a code that names nothing is told, and opens nothing
            act.kind = "scan"
            raise RefusedError(method, path, status)
        return found

    def repeat(self, act: Act) -> tuple[int, bytes]:
        """Do again what was done; a server that keeps its word answers what it answered."""
        again = Act(
            kind=act.kind,
            path=act.path,
            body=act.body,
            headers=act.headers,
            account=act.account,
            tries=1,
        )
        return self._until_answered("POST", API + act.path, again)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _act(self, method: str, path: str, body: object, version: int | None) -> Act:
        if self.stop.is_set():
            raise LoadEndedError
        headers = {"Accept-Language": "en"}
        if method != "GET":
            headers["Idempotency-Key"] = uuid4().hex
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        sent = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        if sent:
            headers["Content-Type"] = "application/json"
        act = Act(
            kind=kind_of(method, path),
            path=path,
            body=sent,
            headers=headers,
            account=self.username,
        )
        if act.kind:
            self.ledger.acts.append(act)
        return act

    def _until_answered(self, method: str, target: str, act: Act) -> tuple[int, bytes]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if not self.token:
                self._sign_in()
            act.tries += 1
            hurried = act.tries == 1 and self.chance.random() < IMPATIENT
            found = self._once(method, target, act, hurried=hurried)
            if found is None:
                pass
            elif found[0] == HTTPStatus.UNAUTHORIZED:
                self.token = ""
            elif found[0] in REPEATED:
                self.ledger.met[str(found[0])] += 1
            else:
                act.answer = found
                return found
            time.sleep(self.chance.uniform(0, LONGEST_REST_S))
        raise TimeoutError(method, target)

    def _once(
        self, method: str, target: str, act: Act, *, hurried: bool
    ) -> tuple[int, bytes] | None:
        headers = act.headers | {"Authorization": f"Bearer {self.token}"}
        within = self.chance.uniform(0.001, 0.03) if hurried else ANSWER_WITHIN_S
        try:
            return self._ask(method, target, act.body, headers, within)
        except (OSError, http.client.HTTPException) as error:
            self.ledger.met["hung up" if hurried else type(error).__name__] += 1
            self.close()
            return None

    def _ask(
        self, method: str, target: str, body: bytes, headers: dict[str, str], within_s: float
    ) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection = self._connection
        connection.timeout = within_s
        if connection.sock is not None:
            connection.sock.settimeout(within_s)
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def _sign_in(self) -> None:
        body = json.dumps({"username": self.username, "password": self.password}).encode()
        try:
            status, answered = self._ask(
                "POST",
                f"{API}/tokens",
                body,
                {"Content-Type": "application/json"},
                ANSWER_WITHIN_S,
            )
        except (OSError, http.client.HTTPException) as error:
            self.ledger.met[type(error).__name__] += 1
            self.close()
            return
        if status == HTTPStatus.OK:
            self.token = json.loads(answered)["access_token"]
        else:
            self.ledger.met[str(status)] += 1


def kind_of(method: str, path: str) -> str:
    """Return what an act is called, empty where it is not counted."""
    if method != "POST":
        return ""
    return next((kind for kind, shape in KINDS.items() if re.fullmatch(shape, path)), "")
