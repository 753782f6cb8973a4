"""Two PostgreSQL servers: what the replica answers, what it never does, and a change of primary."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api import create_app
from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import PageUser
from tests.harness.replicated import Pair, wait_until
from waybill.clock import SystemClock
from waybill.storage import replica as replicas

EVENTS: Final = "/api/v1/events"
COUNTS: Final = "/api/v1/statistics/counts"
YEARS: Final = {"from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}
SEARCHED: Final = {"kind": "signed-in", "limit": "100"}
REPLICA: Final = "replica"
BEHIND: Final = "primary-replica-behind"
AWAY: Final = "primary-replica-away"
HAS_NOT: Final = "primary-replica-has-it-not"


class Desk:
    """An auditor at an application, and what its metrics say of who answered."""

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


@pytest.fixture(scope="module")
def plant(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The plant that is registered; its database is copied to the primary."""
    made = register_site(databases, "postgresql", tmp_path_factory.mktemp("replica") / "keys")
    yield made
    databases.drop(made.url)


@pytest.fixture(scope="module")
def kept(plant: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair.start(plant.url, tmp_path_factory.mktemp("copied"))
    yield made
    made.stop()


@pytest.fixture
def pair(kept: Pair) -> Pair:
    """Two servers, one following the other, whatever was done to them before."""
    kept.follow_again()
    return kept


@pytest.fixture
def app(pair: Pair, plant: DemoSite) -> Iterator[Flask]:
    """An application over both."""
    settings = plant.settings(pair.url(pair.primary))
    settings = replace(settings, replica_url=pair.url(pair.standby))
    made = create_app(settings)
    yield made
    close(made)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def close(app: Flask) -> None:
    runtime: Runtime = app.extensions[EXTENSION]
    runtime.engine.dispose()
    if runtime.replica is not None:
        runtime.replica.dispose()


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far the replica is, is asked each time and not once a second."""
    monkeypatch.setattr(replicas, "REMEMBERED_S", 0.0)


class TestReplica:
    def test_it_answers_with_what_the_primary_wrote_and_the_search_is_recorded(
        self, pair: Pair, desk: Desk
    ) -> None:
        before, _ = desk.sign_ins()
        desk.sign_in()
        pair.catch_up()

        found = desk.sign_ins()

        searches, _ = desk.ask(EVENTS, kind="events-searched", limit="1")
        assert found == (before + 1, REPLICA)
        assert searches.get_json()["items"][0]["body"]["data"]["shown"] == before + 1
        assert "Waybill-As-Of" not in searches.headers

    def test_one_that_is_behind_says_so_and_beyond_the_limit_is_not_asked(
        self, pair: Pair, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair.catch_up()
        before, _ = desk.sign_ins()
        pair.tell(pair.standby, "SELECT pg_wal_replay_pause()")
        wait_until(
            lambda: pair.tell(pair.standby, "SELECT pg_get_wal_replay_pause_state()") == "paused"
        )
        monkeypatch.setattr("api.desk.NOTED_S", 0.2)
        paused_at = SystemClock().now()
        desk.sign_in()
        time.sleep(0.3)

        answer, by = desk.ask(EVENTS, **SEARCHED)
        page = PageUser(client=desk.client).sign_in("auditor").open("/events")

        assert (len(answer.get_json()["items"]), by) == (before, REPLICA)
        as_of = datetime.fromisoformat(answer.headers["Waybill-As-Of"])
        assert as_of - timedelta(seconds=3) < paused_at < as_of + timedelta(seconds=3)
        assert "本页数据截至" in page.text
        assert desk.runtime.replica is not None
        desk.runtime.replica.limit = timedelta(seconds=0.1)
        assert desk.sign_ins() == (before + 2, BEHIND)
        pair.tell(pair.standby, "SELECT pg_wal_replay_resume()")
        pair.catch_up()
        desk.runtime.replica.limit = timedelta(seconds=30)
        assert desk.sign_ins() == (before + 2, REPLICA)

    def test_what_was_begun_or_counted_farther_than_it_has_is_the_primarys_to_answer(
        self, pair: Pair, desk: Desk
    ) -> None:
        pair.catch_up()
        first, _ = desk.ask(EVENTS, **(SEARCHED | {"limit": "1"}))

        _, goes_on = desk.ask(EVENTS, cursor=first.get_json()["next_cursor"])
        reached, by = desk.ask(COUNTS, **YEARS, size="0")
        counted, asked_for_more = desk.ask(COUNTS, **YEARS, size="9")

        assert (goes_on, by, asked_for_more) == (BEHIND, REPLICA, BEHIND)
        assert (reached.status_code, counted.status_code) == (200, 422)

    def test_that_it_lacks_something_is_not_taken_for_an_answer(
        self, pair: Pair, desk: Desk
    ) -> None:
        pair.catch_up()

        answer, by = desk.ask("/api/v1/waybills/01980000-0000-7000-8000-000000000000/story")

        assert (answer.status_code, by) == (404, f"{REPLICA} {HAS_NOT}")

    def test_one_that_is_away_costs_one_failure_and_is_asked_again_when_it_is_back(
        self, pair: Pair, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(replicas, "REST_S", 0.2)
        pair.catch_up()
        before = desk.sign_ins()
        pair.standby.process.kill()
        pair.standby.process.wait()

        answered = [desk.sign_ins() for _ in range(3)]
        began_s = time.monotonic()
        others = {desk.sign_ins()[1] for _ in range(5)}
        took_s = time.monotonic() - began_s
        pair.restart_standby()
        time.sleep(0.3)
        wait_until(lambda: desk.sign_ins()[1] == REPLICA)

        assert before[1] == REPLICA
        assert {many for many, _ in answered} == {before[0]}
        assert others == {AWAY}
        assert took_s < 5
