"""The log over HTTP: checkpoint, tiles, bundles, keys, and proofs to those who may have them."""

import gzip
import json
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from sqlalchemy import select

from api.runtime import Runtime
from tests.harness.accounts import SignIn
from tests.harness.bay import Bay
from tests.harness.sequenced_log import ORIGIN, sequencer, tell, tell_quickly
from waybill.clock import FixedClock
from waybill.codec import b64_decode
from waybill.registry.access import Role
from waybill.sequencing import Sequencing
from waybill.services.log.succession import succeed_log
from waybill.storage.log import EventRow, LogCosignatureRow
from waybill.storage.session import read_session, write_session
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import leaf_hash, verify_consistency, verify_inclusion
from waybill.transparency.notes import Algorithm, NoteSigner, parse_verifier_key
from waybill.transparency.policy import Policy, Trusted, trust
from waybill.transparency.tiles import Tile, bundles_of, read_bundle, root_from_tiles


@pytest.fixture
def log(runtime: Runtime, clock: FixedClock) -> Sequencing:
    """A log of 301 entries."""
    made = sequencer(runtime.sessions, runtime.settings.key_dir, clock)
    made.open()
    tell_quickly(runtime.sessions, 300, clock.now())
    made.all()
    return made


def trusted(client: FlaskClient) -> Trusted:
    """Return what the log says of itself, to one who believes its key."""
    key = parse_verifier_key(client.get("/log/key").get_data(as_text=True).splitlines()[0])
    note = client.get("/log/checkpoint").get_data()
    return trust(note, Policy(origin=ORIGIN, log_keys=(key,)))


def hashes(answer: dict[str, list[str]]) -> tuple[bytes, ...]:
    return tuple(map(b64_decode, answer["hashes"]))


@pytest.mark.usefixtures("log")
class TestServed:
    """C2SP tlog-tiles, without an account."""

    def test_the_tiles_lead_to_the_signed_root(self, client: FlaskClient) -> None:
        checkpoint = trusted(client).checkpoint

        def read(tile: Tile) -> bytes:
            answer = client.get(f"/log/tile/{tile.path}")
            assert answer.status_code == 200
            return answer.get_data()

        assert (checkpoint.size, root_from_tiles(301, read)) == (301, checkpoint.root)
        entries = [e for tile in bundles_of(301) for e in read_bundle(tile, read(tile))]
        assert b"".join(map(leaf_hash, entries[:256])) == read(Tile(0, 0, 256))

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("0/000", 200),
            pytest.param("0/000.p/17", 200, id="narrower than what is kept"),
            pytest.param("0/001.p/45", 200, id="the edge"),
            pytest.param("0/001.p/46", 404, id="wider than what was signed"),
            pytest.param("0/001", 404, id="not full yet"),
            ("1/000.p/1", 200),
            ("1/000", 404),
            ("2/000", 404),
            ("entries/001.p/3", 200),
            ("entries/0", 404),
            ("x/../../key", 404),
        ],
    )
    def test_what_there_is_and_what_not(self, client: FlaskClient, path: str, status: int) -> None:
        assert client.get(f"/log/tile/{path}").status_code == status

    def test_a_narrower_tile_is_the_beginning_of_the_wider(self, client: FlaskClient) -> None:
        whole = client.get("/log/tile/0/000").get_data()
        bundle = client.get("/log/tile/entries/000").get_data()

        assert client.get("/log/tile/0/000.p/17").get_data() == whole[: 17 * 32]
        assert bundle.startswith(client.get("/log/tile/entries/000.p/17").get_data())

    def test_tiles_are_kept_and_the_checkpoint_is_asked_for_anew(self, client: FlaskClient) -> None:
        tile, checkpoint = client.get("/log/tile/0/000"), client.get("/log/checkpoint")

        assert tile.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert checkpoint.headers["Cache-Control"] == "public, no-cache"
        again = client.get("/log/checkpoint", headers={"If-None-Match": checkpoint.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")

    def test_bundles_come_zipped_to_those_who_ask(self, client: FlaskClient) -> None:
        plain = client.get("/log/tile/entries/000")
        zipped = client.get("/log/tile/entries/000", headers={"Accept-Encoding": "gzip"})

        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.get_data()) == plain.get_data()
        assert plain.headers["ETag"] != zipped.headers["ETag"]
        assert {a.headers["Vary"] for a in (plain, zipped)} == {"Accept-Encoding"}

    def test_what_witnesses_sign_stands_in_the_note(
        self, client: FlaskClient, log: Sequencing, clock: FixedClock
    ) -> None:
        before = trusted(client)
        witness = NoteSigner(
            name="witness.example",
            private_key=Ed25519PrivateKey.generate(),
            algorithm=Algorithm.COSIGNATURE,
        )
        signed = witness.cosign(before.note.text, clock.now())
        with write_session(log.sessions) as session:
            row = LogCosignatureRow(
                epoch=0,
                size=301,
                name=signed.name,
                key_id=signed.key_id,
                at=clock.now(),
                blob=signed.blob,
            )
            session.add(row)

        note = client.get("/log/checkpoint").get_data()

        own = parse_verifier_key(client.get("/log/key").get_data(as_text=True).strip())
        policy = Policy(origin=ORIGIN, log_keys=(own,), witnesses=(witness.verifier,), quorum=1)
        assert trust(note, policy).seen_at == {"witness.example": clock.now()}

    def test_keys_and_origins_are_told(self, client: FlaskClient) -> None:
        (key,) = client.get("/log/keys.json").get_json()["keys"]

        assert f"{key['key']}\n" == client.get("/log/key").get_data(as_text=True)
        assert (key["above_size"], key["up_to_size"]) == (0, None)
        assert client.get("/log/origins.json").get_json() == {
            "origins": [{"epoch": 0, "origin": ORIGIN}]
        }
        assert client.get("/log/succession").status_code == 404

    def test_a_succession_is_told_and_is_the_first_entry(
        self, client: FlaskClient, log: Sequencing, clock: FixedClock
    ) -> None:
        with write_session(log.sessions) as session:
            succeed_log(session, None, log.terms.key_dir, reason="恢复自备份", clock=clock)

        told = client.get("/log/succession").get_json()

        entry = event_entry(UUID(told["id"]), b64_decode(told["body"]), bytes.fromhex(told["salt"]))
        assert client.get("/log/tile/entries/000.p/1").get_data()[2:] == entry
        assert client.get("/log/checkpoint").get_data().startswith(f"{ORIGIN}/1\n1\n".encode())
        assert client.get("/log/0/checkpoint").get_data().startswith(f"{ORIGIN}\n301\n".encode())

    def test_an_origin_that_there_is_not_is_not_found(self, client: FlaskClient) -> None:
        answer = client.get("/log/1/checkpoint")

        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert client.get("/log/0/checkpoint").get_data() == trusted(client).note.to_bytes()


def test_before_the_first_checkpoint_there_is_nothing(client: FlaskClient) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/key").status_code == 404
    assert client.get("/api/v1/log/proofs/inclusion?index=0").status_code == 404


@pytest.mark.usefixtures("log")
class TestOpenProofs:
    """Proofs of hashes, open as the tiles are."""

    def test_inclusion(self, client: FlaskClient) -> None:
        told = client.get("/api/v1/log/proofs/inclusion?index=298").get_json()

        verify_inclusion(
            b64_decode(told["leaf"]),
            index=told["index"],
            size=told["size"],
            proof=hashes(told),
            root=trusted(client).checkpoint.root,
        )
        assert (told["index"], told["size"]) == (298, 301)

    def test_consistency(self, client: FlaskClient, log: Sequencing, clock: FixedClock) -> None:
        before = trusted(client).checkpoint
        tell_quickly(log.sessions, 400, clock.now())
        log.all()
        after = trusted(client).checkpoint

        told = client.get("/api/v1/log/proofs/consistency?from=301").get_json()

        verify_consistency(
            old=told["from"],
            new=told["to"],
            proof=hashes(told),
            old_root=before.root,
            new_root=after.root,
        )
        assert (told["from"], told["to"]) == (301, 701)

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("inclusion?index=301", 404),
            ("inclusion?index=3&size=3", 404),
            ("inclusion?index=3&size=302", 404),
            ("inclusion?index=-1", 422),
            ("inclusion", 422),
            ("consistency?from=302", 404),
            ("consistency?from=5&to=4", 404),
            ("consistency?from=0", 422),
        ],
    )
    def test_what_cannot_be_proven(self, client: FlaskClient, query: str, status: int) -> None:
        assert client.get(f"/api/v1/log/proofs/{query}").status_code == status


class TestEventProof:
    """An event's proof, by right of the log or of the waybill."""

    @pytest.fixture
    def events(self, bay: Bay, log: Sequencing) -> dict[str, str]:
        """Events of an issued waybill, and one of none, by their kind."""
        bay.issued()
        log.all()
        with read_session(log.sessions) as session:
            rows = session.execute(select(EventRow.kind, EventRow.id).order_by(EventRow.id))
            return {row.kind: str(row.id) for row in rows}

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.CARRIER, Role.LOADER])
    def test_an_issue_is_proven_to_whoever_sees_the_waybill(
        self, client: FlaskClient, sign_in: SignIn, events: dict[str, str], role: Role
    ) -> None:
        address = f"/api/v1/events/{events['waybill-issued']}/proof"

        told = client.get(address, headers=sign_in(role)).get_json()

        entry = event_entry(UUID(told["event_id"]), told["body"].encode(), b64_decode(told["salt"]))
        verify_inclusion(
            leaf_hash(entry),
            index=told["inclusion"]["index"],
            size=told["inclusion"]["size"],
            proof=hashes(told["inclusion"]),
            root=trusted(client).checkpoint.root,
        )
        assert (told["entry"], told["kind"]) == (entry.decode(), "waybill-issued")

    def test_a_draft_is_proven_to_its_carrier_without_its_body(
        self, client: FlaskClient, sign_in: SignIn, events: dict[str, str]
    ) -> None:
        address = f"/api/v1/events/{events['waybill-drafted']}/proof"

        told = client.get(address, headers=sign_in(Role.CARRIER)).get_json()

        assert (told["body"], told["salt"], told["kind"]) == (None, None, "waybill-drafted")

    @pytest.mark.parametrize(
        ("kind", "name"), [("waybill-issued", "other-carrier"), ("log-key-added", "carrier")]
    )
    def test_a_stranger_learns_nothing(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        events: dict[str, str],
        kind: str,
        name: str,
    ) -> None:
        address = f"/api/v1/events/{events[kind]}/proof"

        assert client.get(address, headers=sign_in(name)).status_code == 404

    def test_what_waits_has_no_proof_yet(
        self, client: FlaskClient, sign_in: SignIn, log: Sequencing, clock: FixedClock
    ) -> None:
        (event_id,) = tell(log.sessions, clock)

        answer = client.get(f"/api/v1/events/{event_id}/proof", headers=sign_in(Role.AUDITOR))

        assert (answer.status_code, answer.get_json()["state"]) == (409, "pending")

    def test_reading_a_body_by_right_of_the_log_is_an_event(
        self, client: FlaskClient, sign_in: SignIn, log: Sequencing, events: dict[str, str]
    ) -> None:
        client.get(f"/api/v1/events/{events['log-key-added']}/proof", headers=sign_in("auditor"))

        with read_session(log.sessions) as session:
            body = session.scalars(
                select(EventRow.body).where(EventRow.kind == "events-searched")
            ).one()
        assert json.loads(body)["data"]["filters"] == {"event": events["log-key-added"]}
