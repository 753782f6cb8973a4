"""Receipts: complete, and verified with nothing but what lies in them."""

import io
import zipfile
from hashlib import sha256

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.runtime import Runtime
from tests.harness.accounts import SignIn
from tests.harness.bay import Bay
from tests.harness.sequenced_log import ORIGIN, sequencer
from waybill.clock import FixedClock
from waybill.codec import parse_json
from waybill.registry.access import Role
from waybill.sequencing import Sequencing
from waybill.storage.log import EventRow
from waybill.storage.session import read_session
from waybill.transparency.merkle import leaf_hash
from waybill.transparency.notes import parse_verifier_key
from waybill.transparency.policy import Policy
from waybill.transparency.proof import parse_proof, verify_proof

KINDS = ["1-waybill-issued", "2-check-decided", "3-load-released"]


@pytest.fixture
def log(runtime: Runtime, clock: FixedClock) -> Sequencing:
    return sequencer(runtime.sessions, runtime.settings.key_dir, clock)


@pytest.fixture
def released(bay: Bay, log: Sequencing) -> str:
    """The id of a waybill that was taken to its release and is in the log."""
    issued, check_id = bay.cleared()
    bay.release(check_id)
    log.all()
    waybill_id: str = issued["id"]
    return waybill_id


def files_of(answer: TestResponse) -> dict[str, bytes]:
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_receipt_is_verified_with_what_lies_in_it(
    client: FlaskClient, sign_in: SignIn, released: str
) -> None:
    answer = client.get(f"/api/v1/waybills/{released}/receipt", headers=sign_in(Role.CARRIER))

    files = files_of(answer)
    keys = tuple(map(parse_verifier_key, files["key"].decode().splitlines()))
    for kind in KINDS:
        body, salt = files[f"{kind}.body.json"], files[f"{kind}.salt"]
        entry = parse_json(files[f"{kind}.entry.json"])
        assert isinstance(entry, dict)
        assert entry["body"] == sha256(salt + body).hexdigest()
        proof = parse_proof(files[f"{kind}.tlog-proof"])
        policy = Policy(origin=ORIGIN, log_keys=keys)
        verify_proof(proof, leaf_hash(files[f"{kind}.entry.json"]), policy)
    issued, release = (
        msgspec.json.decode(files[f"{kind}.body.json"])["data"] for kind in (KINDS[0], KINDS[2])
    )
    assert issued["document"] == sha256(files["waybill-1.json"]).hexdigest()
    assert release["record"] == sha256(files["loading-record.json"]).hexdigest()
    assert set(files) == {
        "README.txt",
        "key",
        *(f"waybill-1.{kind}" for kind in ("json", "jws")),
        *(f"loading-record.{kind}" for kind in ("json", "jws")),
        *(
            f"{stem}.{kind}"
            for stem in KINDS
            for kind in ("body.json", "salt", "entry.json", "tlog-proof")
        ),
    }


def test_that_a_receipt_was_given_is_an_event(
    client: FlaskClient, sign_in: SignIn, released: str, log: Sequencing
) -> None:
    headers = {**sign_in(Role.LOADER), "Accept": "text/html"}
    page = client.get(f"/waybills/{released}", headers=headers).get_data(as_text=True)
    files = files_of(client.get(f"/waybills/{released}/receipt.zip", headers=headers))

    assert f'href="/waybills/{released}/receipt.zip"' in page
    assert "README.txt" in files
    with read_session(log.sessions) as session:
        kinds = session.scalars(select(EventRow.kind)).all()
    assert kinds.count("receipt-given") == 1


def test_a_stranger_gets_none_and_before_the_log_has_it_there_is_none(
    client: FlaskClient, sign_in: SignIn, released: str, bay: Bay
) -> None:
    waiting = bay.issued()["id"]

    strange = client.get(f"/api/v1/waybills/{released}/receipt", headers=sign_in("other-carrier"))
    early = client.get(f"/api/v1/waybills/{waiting}/receipt", headers=sign_in(Role.CARRIER))

    assert (strange.status_code, early.status_code) == (404, 409)
    assert early.get_json()["state"] == "pending"


def test_a_draft_has_no_receipt(client: FlaskClient, sign_in: SignIn, bay: Bay) -> None:
    draft = bay.drafted()["summary"]["id"]

    answer = client.get(f"/api/v1/waybills/{draft}/receipt", headers=sign_in(Role.CARRIER))

    assert answer.status_code == 404
