"""What was judged in stories and by the demonstration is recomputed and comes out the same."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from api.cli import main
from api.demo.case import Twist
from api.demo.cases import CASES
from api.demo.seed import seed
from tests.harness.bay_steps import look_at_everything
from tests.harness.demo_site import DemoSite
from tests.harness.page_user import PageUser
from tests.harness.stories import Town, gross_mass_kg
from waybill.clock import FixedClock
from waybill.codec import b64url_encode
from waybill.services.replay import Fault, ReplayRange, replay_all, replay_page
from waybill.settings import Settings
from waybill.storage.personal import PersonalVault
from waybill.storage.session import session_factory
from waybill.storage.waybills import VerdictRow

TAMPERED = b'[{"code":"GDS-01.carriage"}]'


def play(town: Town, key: str) -> str:
    """Play a case to its release, or as far as it goes, and return its waybill."""
    trip = town.issue(key)
    check = look_at_everything(trip)
    if check.decide().clears:
        loaded_kg = trip.case.quantity_kg
        check.release(str(loaded_kg), gross_mass_kg=gross_mass_kg(trip.case, loaded_kg))
    return trip.id


def forge(engine: Engine, verdict_id: UUID, **changes: object) -> None:
    """Change a stored verdict behind the triggers that keep it, as only a thief could."""
    shown = ", ".join(f"{name} = :{name}" for name in changes)
    wanted = verdict_id.hex if engine.dialect.name == "sqlite" else str(verdict_id)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER verdict_append_only_update"))
        else:
            connection.execute(text("ALTER TABLE verdict DISABLE TRIGGER ALL"))
        connection.execute(
            text(f"UPDATE verdict SET {shown} WHERE id = :id"),  # noqa: S608  our own names
            {"id": wanted, **changes},
        )


@pytest.fixture
def kept_true() -> bool:
    """Verdicts are forged here."""
    return False


@pytest.fixture
def played(town: Town) -> str:
    """A petrol trip that was issued, cleared and released."""
    return play(town, "petrol")


def enter_installation(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Set the environment as the server of an installation has it."""
    monkeypatch.setenv("WAYBILL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("WAYBILL_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("WAYBILL_PII_KEY", b64url_encode(settings.pii_key))
    monkeypatch.setenv("WAYBILL_PII_INDEX_KEY", b64url_encode(settings.pii_index_key))
    monkeypatch.setenv("WAYBILL_KEY_DIR", str(settings.key_dir))


def verdicts(engine: Engine) -> list[VerdictRow]:
    with Session(engine) as session:
        return list(session.scalars(select(VerdictRow).order_by(VerdictRow.id)))


def test_pages_recompute_everything_once(town: Town, site_engine: Engine, played: str) -> None:
    play(town, "methanol")
    sessions = session_factory(site_engine)

    pages = list(replay_all(sessions, ReplayRange(), limit=2))

    kept = verdicts(site_engine)
    assert sum(page.replayed for page in pages) == len(kept) >= 5
    assert all(page.replayed <= 2 for page in pages)
    assert [page.differing for page in pages] == [()] * len(pages)
    own = list(replay_all(sessions, ReplayRange(waybill_id=UUID(played))))
    assert [page.replayed for page in own] == [3]


@pytest.mark.usefixtures("played")
def test_a_range_takes_its_first_moment_and_not_its_last(site_engine: Engine) -> None:
    first, second, _ = verdicts(site_engine)

    with Session(site_engine) as session:
        page = replay_page(session, ReplayRange(since=first.judged_at, until=second.judged_at))

    assert (page.replayed, page.next_after) == (1, None)


@pytest.mark.parametrize(
    ("changes", "faults", "parts"),
    [
        pytest.param({"clears": False}, (Fault.CLEARS,), [], id="the flag"),
        pytest.param({"digest": "0" * 64}, (Fault.DIGEST, Fault.EVENT), [], id="the digest"),
        pytest.param(
            {"findings": TAMPERED}, (Fault.DIGEST, Fault.UNREADABLE), [], id="no findings at all"
        ),
        pytest.param({"edition": "1999"}, (Fault.UNREADABLE,), [], id="no such edition"),
    ],
)
@pytest.mark.usefixtures("played")
def test_whatever_was_tampered_with_is_told(
    site_engine: Engine,
    changes: dict[str, object],
    faults: tuple[Fault, ...],
    parts: list[object],
) -> None:
    forged = verdicts(site_engine)[1]
    forge(site_engine, forged.id, **changes)

    with Session(site_engine) as session:
        page = replay_page(session, ReplayRange())

    assert [
        (found.verdict_id, found.faults, [d.parts for d in found.differences])
        for found in page.differing
    ] == [(forged.id, faults, parts)]


@pytest.mark.usefixtures("played")
def test_a_finding_that_was_turned_is_named_with_its_parts(site_engine: Engine) -> None:
    forged = verdicts(site_engine)[0]
    findings = json.loads(forged.findings)
    findings[0] |= {"outcome": "failed", "reason": "prohibited"}
    content = json.dumps([*findings[:-1], findings[1]], ensure_ascii=False).encode()
    forge(site_engine, forged.id, findings=content)

    with Session(site_engine) as session:
        (found,) = replay_page(session, ReplayRange()).differing

    assert found.faults == (Fault.DIGEST,)
    assert sorted((d.code, d.parts) for d in found.differences) == sorted(
        [
            (findings[0]["code"], ("outcome", "reason")),
            (findings[-1]["code"], ("finding",)),
            (findings[1]["code"], ("finding",)),
        ]
    )


def test_the_auditor_recomputes_by_the_api_and_it_is_recorded(
    town: Town, site_engine: Engine, played: str
) -> None:
    auditor = town.account("auditor")
    forged = verdicts(site_engine)[1]
    first = auditor.post("/replays", {"waybill_id": played, "limit": 1})
    forge(site_engine, forged.id, clears=False)

    rest = auditor.post("/replays", {"waybill_id": played, "after": first["next_after"]})

    assert (first["replayed"], first["differing"]) == (1, [])
    assert (rest["replayed"], rest["next_after"]) == (2, None)
    assert [(d["verdict_id"], d["faults"]) for d in rest["differing"]] == [
        (str(forged.id), ["clears"])
    ]
    told = auditor.get("/events", kind="verdicts-replayed")["items"]
    assert [event["body"]["data"] for event in told] == [
        {
            "filters": {"waybill_id": played},
            "replayed": 2,
            "differing": [str(forged.id)],
        },
        {"filters": {"waybill_id": played}, "replayed": 1, "differing": []},
    ]


@pytest.mark.usefixtures("played")
def test_an_event_is_recomputed_on_its_page(town: Town, site_engine: Engine) -> None:
    issued, decided, _ = verdicts(site_engine)
    forge(site_engine, decided.id, clears=False)
    auditor = PageUser(client=town.client).sign_in("auditor")
    shown = []

    for verdict in (issued, decided):
        auditor.open(f"/events/{verdict.event_id}")
        auditor.send(f"/events/{verdict.event_id}/replay", {})
        shown.append(auditor.text)

    assert "重算结果与留存的判定完全一致" in shown[0]
    assert "重算结果与留存的判定不一致" in shown[1]
    assert "留存的“可放行”标记与重算不符。" in shown[1]


def test_the_command_line_recomputes_all_and_fails_on_a_difference(
    site: DemoSite,
    site_url: str,
    site_engine: Engine,
    played: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enter_installation(monkeypatch, site.settings(site_url))
    with Session(site_engine) as session:
        number = session.scalar(text("SELECT number FROM waybill"))
    run = CliRunner().invoke
    clean = run(main, ["rules", "replay", "--waybill", str(number)])
    none = run(main, ["rules", "replay", "--until", "2026-11-21"])
    unknown = run(main, ["rules", "replay", "--waybill", "HA-1"])
    forged = verdicts(site_engine)[0]
    forge(site_engine, forged.id, digest="0" * 64)

    told = run(main, ["rules", "replay", "--since", "2026-11-22"])
    as_json = run(main, ["rules", "replay", "--waybill", played, "--json"])

    assert (clean.exit_code, clean.stderr) == (0, "3 recomputed, 0 differ\n")
    assert (none.exit_code, none.stderr) == (0, "0 recomputed, 0 differ\n")
    assert unknown.exit_code == 1
    assert (told.exit_code, "digest\n    event" in told.stdout) == (1, True)
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["faults"] == ["digest", "event"]


def test_the_history_of_the_demonstration_comes_out_the_same(
    site: DemoSite, site_url: str, site_engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    settings = site.settings(site_url)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    sessions = session_factory(site_engine)
    seed(
        sessions,
        settings,
        vault,
        clock=clock,
        password="waybill-demo",
        page=tmp_path / "codes.html",
    )

    pages = list(replay_all(sessions, ReplayRange()))

    issued = [case for case in CASES if case.twist is not Twist.NOT_ISSUED]
    assert sum(page.replayed for page in pages) >= len(issued)
    assert [page.differing for page in pages] == [()]
