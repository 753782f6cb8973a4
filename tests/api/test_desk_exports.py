"""Exports: asked for, made by the worker, followed, cancelled, fetched, and proved by their key."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import SignIn
from tests.harness.bay import Bay
from tests.harness.registrations import ID_NUMBER
from tests.harness.sequenced_log import sequencer
from waybill.clock import FixedClock
from waybill.codec import b64_decode, b64url_decode, b64url_encode, canonical_json, sha256
from waybill.registry.access import Role
from waybill.services.desk import export_run
from waybill.services.desk.export_files import CsvWriter
from waybill.services.desk.export_run import ExportPlace, expire_exports, run_exports
from waybill.storage.desk import ExportJobRow, ExportStatus
from waybill.storage.event_lists import find_ids
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.session import write_session
from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.merkle import leaf_hash, verify_inclusion
from waybill.transparency.notes import parse_note

API = "/api/v1"
ALL_FORMATS = ["csv", "ndjson", "xlsx"]


@pytest.fixture
def place(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ExportPlace:
    """Where the worker makes exports: beside the application, in a folder of the test's own."""
    settings = replace(runtime.settings, exports_dir=tmp_path / "exports")
    monkeypatch.setattr(runtime, "settings", settings)
    return ExportPlace(
        sessions=runtime.sessions,
        clock=runtime.clock,
        folder=settings.exports_dir,
        key_dir=settings.key_dir,
        issuer=settings.issuer,
        kept_for=timedelta(days=7),
    )


def ask(client: FlaskClient, headers: dict[str, str], **body: object) -> dict[str, Any]:
    """Ask for an export and return it."""
    answer = client.post(f"{API}/exports", json={"formats": ["csv"]} | body, headers=headers)
    assert answer.status_code == 202, answer.get_json()
    export: dict[str, Any] = answer.get_json()
    return export


def shown(client: FlaskClient, headers: dict[str, str], export_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{API}/exports/{export_id}", headers=headers).get_json()
    return found


def kinds(database: Session) -> list[str]:
    """Return what the log tells of exports."""
    rows = database.scalars(select(EventRow.kind).order_by(EventRow.id))
    return [kind for kind in rows if kind.startswith("export-")]


def test_an_export_is_every_event_that_was_found_with_a_manifest_that_verifies(
    bay: Bay, place: ExportPlace
) -> None:
    bay.released()
    headers = bay.headers(Role.AUDITOR)
    export = ask(bay.client, headers, un="1203", formats=ALL_FORMATS)

    assert run_exports(place) == 1

    done = shown(bay.client, headers, export["id"])
    answer = bay.client.get(f"{API}/exports/{export['id']}/file", headers=headers)
    assert (done["status"], done["rows_done"], done["rows_estimated"]) == ("done", 3, 3)
    assert answer.content_type == "application/zip"
    assert hashlib.sha256(answer.data).hexdigest() == done["sha256"]
    assert len(answer.data) == done["size"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert {f["name"]: (f["size"], f["sha256"]) for f in manifest["files"]} == {
        name: (len(files[name]), hashlib.sha256(files[name]).hexdigest())
        for name in ("events.csv", "events.ndjson", "events.xlsx")
    }
    assert (manifest["search"], manifest["rows"]) == ({"un_number": "1203"}, 3)
    rows = [json.loads(line) for line in files["events.ndjson"].splitlines()]
    assert [row["kind"] for row in rows] == ["load-released", "check-decided", "waybill-issued"]
    assert (manifest["newest"], manifest["oldest"]) == (rows[0]["id"], rows[-1]["id"])
    assert signed_by(bay.client, files["manifest.json"], files["manifest.jws"].decode())


def signed_by(client: FlaskClient, document: bytes, detached: str) -> bool:
    """Verify with a library that did not sign, by the key that the installation publishes."""
    header, _, signature = detached.split(".")
    keys = client.get("/.well-known/jwks.json").get_json()["keys"]
    kid = json.loads(b64url_decode(header))["kid"]
    key = ECKey.import_key(next(each for each in keys if each["kid"] == kid))
    payload = b64url_encode(document)
    found = jws.deserialize_compact(f"{header}.{payload}.{signature}", key, algorithms=["ES256"])
    return bool(found.headers()["typ"] == "wb-exp+jws")


def test_rows_tell_their_place_in_the_log_and_the_leaf_can_be_recomputed(
    bay: Bay, place: ExportPlace, runtime: Runtime, database: Session, tmp_path: Path
) -> None:
    bay.issued()
    sequencer(runtime.sessions, tmp_path, bay.line.clock).all()
    headers = bay.headers(Role.AUDITOR)
    export = ask(bay.client, headers, kind="waybill-issued", formats=["ndjson"])
    run_exports(place)

    data = bay.client.get(f"{API}/exports/{export['id']}/file", headers=headers).data

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        row = json.loads(package.read("events.ndjson"))
        checkpoint = parse_checkpoint(parse_note(package.read("checkpoint")).text)
        manifest = json.loads(package.read("manifest.json"))
        proof = json.loads(package.read("proofs.ndjson"))
    assert {file["name"] for file in manifest["files"]} == {"events.ndjson", "proofs.ndjson"}
    assert manifest["log"] == {"size": checkpoint.size, "root": b64url_encode(checkpoint.root)}
    place_of = select(LogEntryRow.event_id).where(LogEntryRow.index == row["index"])
    kept = database.get_one(EventRow, database.scalars(place_of).one())
    salt = b64url_decode(row["salt"])
    assert (str(kept.id), kept.salt) == (row["id"], salt)
    leaf = {"v": 1, "id": row["id"], "body": sha256(salt + row["body"].encode()).hex()}
    assert (proof["id"], proof["index"]) == (row["id"], row["index"])
    verify_inclusion(
        leaf_hash(canonical_json(leaf)),
        index=proof["index"],
        size=checkpoint.size,
        proof=[b64_decode(found) for found in proof["hashes"]],
        root=checkpoint.root,
    )


def test_what_is_recorded_while_it_runs_is_not_part_of_it(
    client: FlaskClient, sign_in: SignIn, place: ExportPlace, clock: FixedClock
) -> None:
    headers = sign_in(Role.AUDITOR)
    export = ask(client, headers, kind="events-searched")
    clock.advance(timedelta(seconds=1))
    client.get(f"{API}/events", headers=headers)

    run_exports(place)

    assert shown(client, headers, export["id"])["rows_done"] == 0


@pytest.mark.parametrize("page_rows", [1, 2, 1000])
def test_however_it_is_read_every_row_is_written_once(
    bay: Bay, place: ExportPlace, monkeypatch: pytest.MonkeyPatch, page_rows: int
) -> None:
    monkeypatch.setattr(export_run, "PAGE_ROWS", page_rows)
    monkeypatch.setattr(export_run, "PROGRESS_PAGES", 1)
    bay.cleared()
    headers = bay.headers(Role.AUDITOR)
    export = ask(bay.client, headers)
    run_exports(place)

    data = bay.client.get(f"{API}/exports/{export['id']}/file", headers=headers).data

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = package.read("events.csv").decode("utf-8-sig")
    ids = [row["event_id"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert len(ids) == len(set(ids)) == shown(bay.client, headers, export["id"])["rows_done"]
    assert ids == sorted(ids, reverse=True)


def test_an_export_that_waits_is_cancelled_and_never_made(
    client: FlaskClient, sign_in: SignIn, place: ExportPlace, database: Session
) -> None:
    headers = sign_in(Role.AUDITOR)
    export = ask(client, headers)
    path = f"{API}/exports/{export['id']}"

    cancelled = client.post(f"{path}/cancellation", headers=headers)

    assert (cancelled.status_code, cancelled.get_json()["status"]) == (200, "cancelled")
    assert run_exports(place) == 0
    assert client.post(f"{path}/cancellation", headers=headers).status_code == 409
    assert client.get(f"{path}/file", headers=headers).status_code == 409
    assert kinds(database) == ["export-requested", "export-cancelled"]


def test_an_export_that_runs_is_cancelled_and_leaves_nothing(
    bay: Bay, place: ExportPlace, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bay.issued()
    headers = bay.headers(Role.AUDITOR)
    export = ask(bay.client, headers)
    monkeypatch.setattr(export_run, "PAGE_ROWS", 1)
    monkeypatch.setattr(export_run, "PROGRESS_PAGES", 1)

    def cancel_meanwhile(*arguments: Any) -> object:  # noqa: ANN401  whatever is handed on
        with write_session(runtime.sessions) as session:
            session.execute(update(ExportJobRow).values(status=ExportStatus.CANCELLED))
        return find_ids(*arguments)

    monkeypatch.setattr("waybill.services.desk.export_run.find_ids", cancel_meanwhile)

    assert run_exports(place) == 0
    assert list(place.folder.iterdir()) == []
    assert shown(bay.client, headers, export["id"])["status"] == "cancelled"


def fail(*_: object) -> None:
    """Stand in for a disk that is full."""
    raise OSError(28, "no space left")


def test_one_that_cannot_be_made_says_so_and_the_next_is_made(
    bay: Bay, place: ExportPlace, database: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bay.headers(Role.AUDITOR)
    broken, whole = ask(bay.client, headers), ask(bay.client, headers, formats=["ndjson"])
    monkeypatch.setattr(CsvWriter, "__init__", fail)

    assert run_exports(place) == 1

    assert shown(bay.client, headers, broken["id"])["status"] == "failed"
    assert shown(bay.client, headers, whole["id"])["status"] == "done"
    assert kinds(database)[2:] == ["export-failed", "export-finished"]


def test_an_export_whose_worker_died_is_begun_again(
    bay: Bay, place: ExportPlace, runtime: Runtime, clock: FixedClock
) -> None:
    headers = bay.headers(Role.AUDITOR)
    export = ask(bay.client, headers)
    with write_session(runtime.sessions) as session:
        session.execute(
            update(ExportJobRow).values(
                status=ExportStatus.RUNNING, started_at=clock.now(), rows_done=5
            )
        )
    clock.advance(timedelta(minutes=1))

    assert run_exports(place) == 1
    assert shown(bay.client, headers, export["id"])["status"] == "done"


def test_a_file_is_kept_for_its_days(
    bay: Bay, place: ExportPlace, database: Session, clock: FixedClock
) -> None:
    export = ask(bay.client, bay.headers(Role.AUDITOR))
    run_exports(place)
    clock.advance(timedelta(days=7))
    kept = expire_exports(place)
    clock.advance(timedelta(seconds=1))

    assert (kept, expire_exports(place)) == (0, 1)
    assert list(place.folder.iterdir()) == []
    row = database.scalars(select(ExportJobRow)).one()
    assert (str(row.id), row.status) == (export["id"], ExportStatus.EXPIRED)
    assert kinds(database)[-1] == "export-expired"


def test_only_whoever_asked_sees_and_fetches_it(
    bay: Bay, place: ExportPlace, database: Session
) -> None:
    owner, other = bay.headers(Role.AUDITOR), bay.headers(Role.SENIOR_AUDITOR)
    path = f"{API}/exports/{ask(bay.client, owner)['id']}"
    run_exports(place)

    seen = [bay.client.get(f"{path}{end}", headers=other).status_code for end in ("", "/file")]

    assert seen == [404, 404]
    assert bay.client.get(f"{API}/exports", headers=other).get_json()["items"] == []
    assert bay.client.get(f"{path}/file", headers=owner).status_code == 200
    assert kinds(database) == ["export-requested", "export-finished", "export-downloaded"]


def test_an_export_about_a_person_holds_no_number(bay: Bay, place: ExportPlace) -> None:
    headers = bay.headers(Role.SENIOR_AUDITOR)
    body = {"name": "欧阳张建国", "id_number": ID_NUMBER, "roles": ["driver"]}
    bay.client.post(f"{API}/people", json=body, headers=bay.headers(Role.CARRIER))
    export = ask(bay.client, headers, id_number=ID_NUMBER, formats=["ndjson"])
    run_exports(place)

    data = bay.client.get(f"{API}/exports/{export['id']}/file", headers=headers).data

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = b"".join(package.read(name) for name in package.namelist())
    assert export["for_person"] is True
    assert b"person-registered" in content
    assert ID_NUMBER.encode() not in content


def test_an_account_has_only_so_many_under_way(client: FlaskClient, sign_in: SignIn) -> None:
    headers = sign_in(Role.AUDITOR)
    for _ in range(3):
        ask(client, headers)

    refused = client.post(f"{API}/exports", json={"formats": ["csv"]}, headers=headers)

    assert refused.status_code == 409
    assert len(client.get(f"{API}/exports?limit=2", headers=headers).get_json()["items"]) == 2


@pytest.mark.parametrize("formats", [[], ["pdf"], None])
def test_an_export_has_formats_that_there_are(
    client: FlaskClient, sign_in: SignIn, formats: object
) -> None:
    answer = client.post(f"{API}/exports", json={"formats": formats}, headers=sign_in(Role.AUDITOR))

    assert answer.status_code == 422
