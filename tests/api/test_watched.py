"""What an operator sees: slow statements, refusals, outcomes, taken connections."""

import logging
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from api import create_app
from api.runtime import EXTENSION, Runtime
from tests.harness.bay import Bay
from waybill.settings import Settings
from waybill.storage.session import make_engine
from waybill.storage.slow import watch_statements


def figures(client: FlaskClient) -> list[str]:
    return client.get("/metrics").get_data(as_text=True).splitlines()


@pytest.mark.parametrize(
    ("proxies", "networks", "headers", "status"),
    [
        pytest.param(0, "127.0.0.0/8", {}, 200, id="this machine"),
        pytest.param(0, "127.0.0.0/8", {"X-Forwarded-For": "::1"}, 404, id="a proxy nobody named"),
        pytest.param(1, "127.0.0.0/8", {"X-Forwarded-For": "1.2.3.4"}, 404, id="from outside"),
        pytest.param(1, "10.0.0.0/8", {"X-Forwarded-For": "10.2.3.4"}, 200, id="a network inside"),
        pytest.param(1, "10.0.0.0/8", {"X-Forwarded-For": "unknown"}, 404, id="from nowhere"),
    ],
)
def test_figures_are_told_to_the_networks_that_are_named(
    settings: Settings, proxies: int, networks: str, headers: dict[str, str], status: int
) -> None:
    told = replace(settings, trusted_proxies=proxies, metrics_from=(ip_network(networks),))
    made = create_app(told)

    answer = made.test_client().get("/metrics", headers=headers)

    runtime: Runtime = made.extensions[EXTENSION]
    runtime.engine.dispose()
    assert answer.status_code == status


def test_refusals_are_counted_by_their_code(client: FlaskClient) -> None:
    client.get("/api/v1/users")

    counted = 'waybill_problems_total{code="authentication-failed"}'
    assert any(line.startswith(counted) for line in figures(client))


def test_a_refused_check_is_counted_with_the_rules_that_stood(
    client: FlaskClient, bay: Bay
) -> None:
    before = set(figures(client))
    check_id = bay.opened(bay.issued()["qr_text"])
    bay.decide(check_id)

    after = {line.rsplit(" ", 1)[0] for line in set(figures(client)) - before}
    assert 'waybill_outcomes_total{outcome="refused"}' in after
    assert 'waybill_events_total{kind="check-decided"}' in after
    assert any(line.startswith("waybill_rules_standing_total{rule=") for line in after)


class TestSlowStatements:
    @pytest.fixture
    def engine(self, database_url: str) -> Engine:
        """An engine that finds everything slow."""
        made = make_engine(database_url)
        watch_statements(made, 1)
        return made

    def test_they_are_written_down_without_their_values(
        self, engine: Engine, dialect: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        slow = "SELECT :name, pg_sleep(0.01)" if dialect == "postgresql" else SLOW_ON_SQLITE
        with caplog.at_level(logging.WARNING, "waybill.sql"), engine.connect() as connection:
            connection.execute(text(slow), {"name": "张建国"})
        engine.dispose()

        (line,) = [r for r in caplog.records if r.name == "waybill.sql"]
        told: dict[str, object] = line.__dict__["told"]
        assert isinstance(told["took_ms"], int)
        assert str(told["statement"]).startswith(slow[:6])
        assert "张建国" not in line.getMessage()

    def test_without_a_bound_none_is(
        self, database_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        made = make_engine(database_url)
        watch_statements(made, 0)
        with caplog.at_level(logging.WARNING, "waybill.sql"), made.connect() as connection:
            connection.execute(text("SELECT 1"))
        made.dispose()

        assert caplog.records == []


SLOW_ON_SQLITE = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
SELECT max(i), :name FROM n"""


def test_when_every_connection_is_taken_one_is_asked_to_come_back(
    fresh_database_url: str, settings: Settings
) -> None:
    made = create_app(replace(settings, database_url=fresh_database_url))
    runtime: Runtime = made.extensions[EXTENSION]
    pool = runtime.engine.pool
    pool._timeout = 0.1  # type: ignore[attr-defined]  # noqa: SLF001  SQLAlchemy's own
    held = [runtime.engine.connect() for _ in range(15)]

    refused = made.test_client().get("/log/checkpoint")

    in_use = runtime.metrics.connections._value.get()  # noqa: SLF001  its only reader
    for connection in held:
        connection.close()
    again = made.test_client().get("/log/checkpoint")
    runtime.engine.dispose()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert refused.get_json()["code"] == "unavailable"
    assert (in_use, again.status_code) == (15, 404)
