"""The demonstration's witness: prepared twice it stays the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.demo.witness import CONFIGURATION, DemoWitness
from waybill.clock import FixedClock
from waybill.outbound.witnesses import read_witnesses
from waybill.settings import Settings
from waybill.witness.configuration import read_configuration
from waybill.witness.key import load_key


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=fresh_database_url,
        secret_key="only-for-tests-only-for-tests-only",
        pii_key=bytes(32),
        pii_index_key=bytes(32),
        key_dir=tmp_path / "keys",
    )


def test_it_follows_the_log_and_is_listed_the_second_time_too(
    committing_engine: Engine, settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    found = []
    for port in (20_001, 20_002):
        witness = DemoWitness(tmp_path / "witness", port)
        url = "http://127.0.0.1:20000/log"
        prepared = witness.prepare(committing_engine, settings, log_url=url, clock=clock)
        followed = read_configuration(witness.folder / CONFIGURATION)
        (listed,) = read_witnesses(witness.listed).witnesses
        found.append((prepared, followed, listed.keys, listed.url))

    first, second = found
    assert first[:3] == second[:3]
    assert (first[0], first[3], second[3]) == (
        True,
        "http://127.0.0.1:20001",
        "http://127.0.0.1:20002",
    )
    assert first[2] == (load_key(tmp_path / "witness" / "witness.key").verifier,)
    (log,) = first[1].logs
    assert (log.origin, log.url) == ("127.0.0.1:8000/log", "http://127.0.0.1:20000/log")


def test_a_log_that_is_refused_is_left_unwitnessed(
    committing_engine: Engine, settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    url = "http://127.0.0.1:20000/log"
    DemoWitness(tmp_path / "first", 1).prepare(
        committing_engine, settings, log_url=url, clock=clock
    )
    other = DemoWitness(tmp_path / "other", 1)
    renamed = replace(settings, log_origin="other.example.org/log")

    prepared = other.prepare(committing_engine, renamed, log_url=url, clock=clock)

    assert (prepared, other.folder.exists()) == (False, False)
