"""Two PostgreSQL servers: what the replica answers, what it never does, and a change of primary."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from api.soundness.look import Level
from tests.harness.bay_steps import look_at_everything
from tests.harness.breaking import LONG, tell
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.fault_count import Counting
from tests.harness.fault_load import load, town_of
from tests.harness.fault_site import SEED, FaultSite, fault_site
from tests.harness.good_client import Ledger
from tests.harness.page_user import PageUser
from tests.harness.registry_api import MEASURE
from tests.harness.replica_desk import (
    AWAY,
    BEHIND,
    EVENTS,
    HAS_NOT,
    REPLICA,
    SEARCHED,
    Desk,
    application,
    exporting,
    look_at_replica,
)
from tests.harness.replicated import Pair, wait_until
from waybill.clock import SystemClock, local_date
from waybill.storage import replica as replicas
from waybill.storage.desk import ExportStatus

SECONDS: Final = 40.0 if LONG else 1.0
CLIENTS: Final = 2 if LONG else 1
"""Of each of two hosts."""
COUNTS: Final = "/api/v1/statistics/counts"
YEARS: Final = {"from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}


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
def desk(pair: Pair, plant: DemoSite) -> Iterator[Desk]:
    """An auditor at an application over both."""
    settings = plant.settings(pair.url(pair.primary))
    with application(replace(settings, replica_url=pair.url(pair.standby))) as made:
        yield Desk(made)


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
        pair.pause()
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
        pair.lose_standby()

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

    def test_one_that_hangs_is_not_waited_for(self, pair: Pair, desk: Desk) -> None:
        pair.catch_up()
        before = desk.sign_ins()
        with pair.hanging_standby():
            began_s = time.monotonic()
            meanwhile = [desk.sign_ins() for _ in range(3)]
            took_s = time.monotonic() - began_s
        wait_until(lambda: desk.sign_ins()[1] == REPLICA)

        assert before[1] == REPLICA
        assert meanwhile == [(before[0], AWAY)] * 3
        assert took_s < 5


def test_of_what_is_named_as_replica_only_a_standby_of_ours_is_sound(
    pair: Pair, plant: DemoSite
) -> None:
    pair.catch_up()
    nobody = make_url(pair.url(pair.standby)).set(port=1).render_as_string(hide_password=False)

    found = [
        look_at_replica(pair, plant, url) for url in (pair.url(pair.standby), plant.url, nobody)
    ]

    assert found == [Level.SOUND, Level.BROKEN, Level.DOUBTFUL]


class TestExports:
    def test_pages_are_read_from_a_replica_that_knows_of_the_export_and_from_no_other(
        self, pair: Pair, plant: DemoSite, tmp_path: Path
    ) -> None:
        pair.replicate_synchronously()
        with exporting(pair, plant, tmp_path) as (export, replica):
            first = export()
            pair.replicate_freely()
            pair.pause()
            second = export()
            pair.tell(pair.standby, "SELECT pg_wal_replay_resume()")

        assert replica.answered == [True, False]
        assert [each.status for each in (first, second)] == [ExportStatus.DONE] * 2
        assert 0 < first.rows_done < second.rows_done


class TestReadOnly:
    """A database that takes no writes: the answer says so, and nothing is half done."""

    def test_an_application_at_a_standby_refuses_writes_and_goes_on_reading(
        self, pair: Pair, plant: DemoSite, desk: Desk
    ) -> None:
        pair.catch_up()
        before, _ = desk.sign_ins()

        with application(plant.settings(pair.url(pair.standby))) as at_standby:
            refused, read, ready = self.acts(at_standby.test_client(), desk)

        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert "takes no writes" in refused.get_json()["detail_en"]
        assert read.status_code == HTTPStatus.OK
        assert (ready.status_code, ready.get_json()["writable"]) == (503, False)
        assert desk.sign_ins()[0] == before

    def test_a_primary_that_was_told_so_does_the_same_until_it_is_told_otherwise(
        self, pair: Pair, desk: Desk
    ) -> None:
        before, _ = desk.sign_ins()
        with pair.read_only():
            refused, read, ready = self.acts(desk.client, desk)

        assert [each.status_code for each in (refused, read, ready)] == [503, 200, 503]
        assert [each.status_code for each in self.acts(desk.client, desk)] == [200, 200, 200]
        pair.catch_up()
        assert desk.sign_ins()[0] == before + 1

    @staticmethod
    def acts(client: FlaskClient, desk: Desk) -> list[TestResponse]:
        """Sign in, which writes; read; and ask whether it is ready."""
        body = {"username": "loader", "password": PASSWORD}
        return [
            client.post("/api/v1/tokens", json=body),
            client.get("/api/v1/statistics/expiring-certificates", headers=desk.headers),
            client.get("/readyz"),
        ]


@pytest.fixture(scope="module")
def hosts(
    kept: Pair, plant: DemoSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FaultSite, FaultSite]]:
    """Two hosts of the application, each a gunicorn of its own, told of both servers."""
    one, other = (tmp_path_factory.mktemp(name) for name in ("one", "other"))
    url = kept.url_of_both
    with (
        fault_site(plant, url, one, workers=1) as here,
        fault_site(plant, url, other, workers=1) as there,
    ):
        yield here, there


class TestTwoHosts:
    def test_what_one_has_suspended_the_other_refuses_at_once(
        self, hosts: tuple[FaultSite, FaultSite]
    ) -> None:
        bay, bureau = (town_of(host, Ledger(), threading.Event(), SEED) for host in hosts)
        trip = bay.issue("methanol")
        check = look_at_everything(trip)
        decided = MEASURE | {
            "subject_kind": "vehicle",
            "subject_id": str(bay.register.vehicles[trip.case.tractor]),
            "valid_from": str(local_date(SystemClock().now())),
            "at_once": True,
        }

        bureau.account("senior-auditor").post("/measures", decided)
        verdict = check.decide()

        for account in (*bay.accounts.values(), *bureau.accounts.values()):
            account.close()
        assert not verdict.clears

    def test_both_go_on_with_the_standby_and_nothing_acknowledged_is_lost_or_doubled(
        self, kept: Pair, hosts: tuple[FaultSite, FaultSite], tmp_path: Path
    ) -> None:
        kept.replicate_synchronously()
        counting = Counting(site=hosts[0], folder=tmp_path)
        counting.begin()
        with load(hosts[0], clients=CLIENTS) as here, load(hosts[1], clients=CLIENTS) as there:
            wait_until(lambda: bool(here.acknowledged() and there.acknowledged()))
            time.sleep(SECONDS / 2)
            kept.fail_over()
            begun = [len(each.acts) for each in (here, there)]
            time.sleep(SECONDS / 2)
            wait_until(
                lambda: all(
                    any(act.acknowledged for act in each.acts[before:])
                    for each, before in zip((here, there), begun, strict=True)
                )
            )
        here.add(there)
        counts = counting.after(here)

        if LONG:
            tell("the primary is lost under two hosts, the standby promoted", here, counts)
        assert (here.failed, here.unanswered()) == ([], [])
        assert "500" not in here.met
        assert counts.wrong() == {}
