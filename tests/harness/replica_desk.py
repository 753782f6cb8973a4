"""An auditor at an application that has a replica, exports that read one, and who answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from typing_extensions import override
from werkzeug.test import TestResponse

from api import create_app
from api.runtime import EXTENSION, Runtime
from api.soundness.database import look_replica
from api.soundness.look import Installation, Level
from tests.harness.demo_site import PASSWORD, DemoSite
from tests.harness.replicated import Pair
from waybill.clock import SystemClock
from waybill.services.desk.export_run import ExportPlace, run_exports
from waybill.services.desk.exports import Export, ExportFormat, get_export, request_export
from waybill.services.event_search import EventQuery
from waybill.settings import Settings
from waybill.storage.replica import AnswerT, Replica
from waybill.storage.session import make_engine, read_session, session_factory, write_session

EVENTS: Final = "/api/v1/events"
REPLICA: Final = "replica"
BEHIND: Final = "primary-replica-behind"
AWAY: Final = "primary-replica-away"
HAS_NOT: Final = "primary-replica-has-it-not"
SEARCHED: Final = {"kind": "signed-in", "limit": "100"}


class Desk:
    """An auditor's client; its metrics say who answered."""

    def __init__(self, app: Flask, username: str = "auditor") -> None:
        self.client: FlaskClient = app.test_client()
        self.runtime: Runtime = app.extensions[EXTENSION]
        self.username = username
        self.headers: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> None:
        body = {"username": self.username, "password": PASSWORD}
        answer = self.client.post("/api/v1/tokens", json=body)
        self.headers = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    def ask(self, path: str = EVENTS, **query: str) -> tuple[TestResponse, str]:
        """Return an answer, and by whom it was given."""
        before = self.answered()
        answer = self.client.get(path, query_string=query, headers=self.headers)
        after = self.answered()
        by = [name for name in after if after[name] != before.get(name, 0)]
        return answer, " ".join(by)

    def answered(self) -> dict[str, float]:
        return {
            sample.labels["answered_by"]: sample.value
            for metric in self.runtime.metrics.desk.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        }

    def sign_ins(self) -> tuple[int, str]:
        """Return how many sign-ins a search finds, and who answered."""
        answer, by = self.ask(EVENTS, **SEARCHED)
        assert answer.status_code == HTTPStatus.OK
        return len(answer.get_json()["items"]), by


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """Give an application, and let go of its databases at the end of the block."""
    made = create_app(settings)
    yield made
    runtime: Runtime = made.extensions[EXTENSION]
    runtime.engine.dispose()
    if runtime.replica is not None:
        runtime.replica.dispose()


class NotingReplica(Replica):
    """A replica that notes whether it could answer."""

    answered: list[bool]

    @override
    def answer(
        self, question: Callable[[Session], AnswerT], *, holds: Callable[[Session], bool]
    ) -> AnswerT | None:
        found = super().answer(question, holds=holds)
        self.answered.append(found is not None)
        return found


@contextmanager
def exporting(
    pair: Pair, plant: DemoSite, folder: Path
) -> Iterator[tuple[Callable[[], Export], NotingReplica]]:
    """Give what exports the whole log, as a worker with a replica does it, and that replica."""
    engine = make_engine(pair.url(pair.primary))
    sessions, clock = session_factory(engine), SystemClock()
    replica = NotingReplica(engine, pair.url(pair.standby), limit=timedelta(seconds=30))
    replica.answered = []
    place = ExportPlace(
        sessions=sessions,
        replica=replica,
        clock=clock,
        folder=folder,
        key_dir=plant.key_dir,
        issuer="demo",
        kept_for=timedelta(days=1),
    )
    auditor = plant.register.users["auditor"]

    def export() -> Export:
        formats = (ExportFormat.NDJSON,)
        with write_session(sessions) as session:
            asked = request_export(session, auditor, EventQuery(), formats, clock=clock)
        run_exports(place)
        with read_session(sessions) as session:
            return get_export(session, auditor, asked.id)

    yield export, replica
    replica.dispose()
    engine.dispose()


def look_at_replica(pair: Pair, plant: DemoSite, url: str) -> Level:
    """Return what `waybill check` says of a replica at a URL."""
    settings = plant.settings(pair.url(pair.primary))
    engine = make_engine(settings.database_url)
    at = Installation(
        settings=replace(settings, replica_url=url),
        environ={},
        engine=engine,
        sessions=session_factory(engine),
        clock=SystemClock(),
    )
    level = look_replica(at).level
    engine.dispose()
    return level
