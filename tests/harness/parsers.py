"""Every reader of what comes from outside: what it is given, and how it may refuse.

One table for the short run of the suite and for `make fuzz`. A reader may return what it likes;
what it may raise is `refuses` and nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from PIL import Image
from typing_extensions import override  # typing's own needs Python 3.12
from webauthn import verify_authentication_response
from webauthn.helpers import parse_authentication_credential_json

from scanners.frames import FrameError, read_frame
from scanners.photos import keep_photo
from scanners.presenting import present
from scanners.readers import read_text
from tests.harness.parser_parts import Parser, json_of, text_of
from tests.harness.rule_trips import trip
from tests.harness.sealed_codes import (
    NOW,
    code_of_bytes,
    signing_key,
    trusted,
    vector_keys,
    vectors,
)
from tests.harness.signed_log import SignedLog, entries
from tests.unit.test_document import RECORD, WAYBILL
from waybill.codec import b64url_decode, b64url_encode, canonical_json, parse_json
from waybill.document import parse_loading_record, parse_waybill, to_bytes
from waybill.errors import WaybillError
from waybill.goods.small_quantities import parse_excepted_quantity, parse_limited_quantity
from waybill.goods.tank_codes import parse_tank_code
from waybill.identifiers import parse_plate
from waybill.outbound.oidc import LogIn, LogInError, OidcClient
from waybill.outbound.oidc_providers import Provider, parse_providers
from waybill.qr_payload import decode_qr_text, verify_qr
from waybill.registry.scope import parse_scope
from waybill.sealing import device_public_key, parse_jwks
from waybill.sealing.pem import parse_pem, to_pem
from waybill.services.given_facts import read_facts
from waybill.services.identity.access import AccessClaims, issue_access_token, read_access_token
from waybill.services.identity.security_keys import MALFORMED
from waybill.services.looking.codes import read_tag_code
from waybill.services.looking.seals import read_seal
from waybill.services.offline.format import read_envelope, read_record
from waybill.settings import Settings
from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.notes import open_note, parse_note, parse_verifier_key
from waybill.transparency.proof import parse_proof
from waybill.transparency.tiles import parse_tile_path, read_bundle
from waybill.units import parse_decimal
from waybill.verifier.bodies import body_line, parse_body_line
from waybill.verifier.frontier import read_frontier
from waybill.witness.submission import parse_submission, parse_told_size, read_cosignatures

VECTORS: Final = Path(__file__).parents[1] / "vectors"
KEY: Final = bytes(range(32))
LOG: Final = SignedLog.of(entries(300))
MOMENT: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
NOBODY: Final = UUID(int=7)
SETTINGS: Final = Settings(
    database_url="sqlite://",
    secret_key="only-for-tests-only-for-tests-only",
    pii_key=KEY,
    pii_index_key=KEY,
    key_dir=Path("/nowhere"),
    issuer="demo",
)


def _note(data: bytes) -> None:
    note = parse_note(data)
    open_note(note, (LOG.signer.verifier,))
    parse_checkpoint(note.text)


def _facts(found: object) -> object:
    return read_facts(found, "/facts") if isinstance(found, dict) else None


def _id_token(text: str) -> str:
    provider = Provider(
        id="p", name_zh="", name_en="", issuer="https://p", client_id="waybill",
        organisations=frozenset(), hosts=frozenset({"p"}),
    )  # fmt: skip
    client = _Offline(provider)
    log_in = LogIn(redirect_uri="", state="", nonce="n", verifier="")
    return client._subject(text, log_in, MOMENT)  # noqa: SLF001  what follows the provider's answer


class _Offline(OidcClient):
    """A client that knows one key and asks nobody."""

    @override
    def _fetch_keys(self, now: datetime) -> Mapping[str, Mapping[str, object]]:  # type: ignore[override]
        del now
        return {"k": {"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}}


def _credential(text: str) -> object:
    return verify_authentication_response(
        credential=parse_authentication_credential_json(text),
        expected_challenge=KEY,
        expected_rp_id="localhost",
        expected_origin="http://localhost",
        credential_public_key=KEY,
        credential_current_sign_count=0,
        require_user_verification=True,
    )


def _picture(kind: str) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, kind)
    return kept.getvalue()


def _vectors(name: str) -> Sequence[bytes]:
    cases = json.loads((VECTORS / name).read_text("utf-8"))
    texts = [case.get("text") or case.get("record") for case in _cases(cases)]
    return [text.encode() for text in texts if text]


def _cases(found: Mapping[str, object]) -> Sequence[Mapping[str, str]]:
    lists = [found[name] for name in ("cases", "accept", "refuse") if name in found]
    return [case for each in lists if isinstance(each, list) for case in each]


def _jws(header: object, payload: object) -> bytes:
    parts = [b64url_encode(json.dumps(each).encode()) for each in (header, payload)]
    return ".".join([*parts, b64url_encode(b"s" * 64)]).encode()


_PROVIDERS: Final = b"""[[provider]]
id = "p"
name_zh = "p"
name_en = "p"
issuer = "https://p"
client_id = "w"
organisations = ["1"]
"""


def parse_code(text: str) -> bytes:
    """Return the claims in a code, as bytes."""
    return decode_qr_text(text).claims


@cache
def parsers() -> Mapping[str, Parser]:
    """Return every reader by its name."""
    codes, records = _vectors("qr.json"), _vectors("tablet/offline_records.json")
    device = json.loads((VECTORS / "tablet/offline_records.json").read_text("utf-8"))
    device_key = device_public_key(device["public_key"])
    text = LOG.checkpoint().text()
    golden = json.loads((VECTORS / "transparency/note.json").read_text("utf-8"))
    claims = {"aud": "waybill", "iss": "https://p", "sub": "x", "exp": 1, "iat": 1, "nonce": "n"}
    credential = {
        "id": "AAAA", "rawId": "AAAA", "type": "public-key",
        "response": {"clientDataJSON": b64url_encode(b'{"type":"webauthn.get"}'), "signature": "AA",
                     "authenticatorData": b64url_encode(bytes(37))},
    }  # fmt: skip
    pictures = [_picture(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")]
    shown = partial(present, keys=trusted(), at=NOW, typed=False, expected=None)
    scopes = "道路危险货物运输（2类1项，3类，剧毒化学品除外）；Class 8 (PG II only)。"
    access = issue_access_token(
        AccessClaims(user_id=NOBODY, family=NOBODY, credentials_version=0),
        settings=SETTINGS,
        now=MOMENT,
    ).encode()
    return {
        "code of a waybill or card": Parser(
            read=text_of(lambda each: verify_qr(each, vector_keys(), NOW)), seeds=codes[:12]
        ),
        "what a genuine code says": Parser(
            read=lambda data: verify_qr(code_of_bytes(data), trusted(), NOW),
            seeds=[parse_code(codes[0].decode())],
        ),
        "any text at the bay": Parser(
            read=text_of(read_text), seeds=[*codes[:3], b"(01)06901234567892(10)A", b"S1#W-2026"],
            refuses=(),
        ),
        "any text as evidence": Parser(read=text_of(shown), seeds=codes[:4], refuses=()),
        "tag of a place": Parser(
            read=text_of(partial(read_tag_code, KEY)), seeds=[b"WBP1." + b"A" * 42], refuses=()
        ),
        "seal of what is asked": Parser(
            read=text_of(partial(read_seal, KEY, NOBODY, NOBODY)),
            seeds=[b"2026-01-01.12." + b"A" * 22], refuses=(),
        ),
        "record without network": Parser(
            read=text_of(lambda each: read_record(read_envelope(each), device_key)),
            seeds=[each for each in records if len(each) < 20_000][:6],
        ),
        "payload of a record": Parser(
            read=parse_json, seeds=[b64url_decode(records[0].decode().split(".")[1])]
        ),
        "scope": Parser(read=text_of(parse_scope), seeds=[scopes.encode()], refuses=()),
        "plate": Parser(read=text_of(parse_plate), seeds=["苏H·12345".encode()]),
        "tank code": Parser(read=text_of(parse_tank_code), seeds=[b"L1.5BN", b"P25BH"]),
        "limited quantity": Parser(read=text_of(parse_limited_quantity), seeds=[b"5 L", b"120 ml"]),
        "excepted quantity": Parser(read=text_of(parse_excepted_quantity), seeds=[b"E2"]),
        "decimal": Parser(read=text_of(partial(parse_decimal, places=3)), seeds=[b"28500.125"]),
        "picture": Parser(read=read_frame, seeds=pictures, refuses=(FrameError,)),
        "photo": Parser(read=keep_photo, seeds=pictures, refuses=(FrameError,)),
        "JSON": Parser(read=parse_json, seeds=[b'{"a":[1,2.5,"x",null,{"b":true}]}']),
        "facts": Parser(
            read=json_of(_facts), seeds=[msgspec.json.encode(trip())],
            refuses=(ValueError, WaybillError),
        ),
        "sealed waybill": Parser(read=parse_waybill, seeds=[to_bytes(WAYBILL.content)]),
        "loading record": Parser(read=parse_loading_record, seeds=[to_bytes(RECORD.content)]),
        "keys (JWKS)": Parser(
            read=json_of(parse_jwks),  # type: ignore[arg-type]  # whatever JSON says
            seeds=[canonical_json(vectors()["trusted_keys"])],
        ),
        "key (PEM)": Parser(
            read=parse_pem, seeds=[to_pem(signing_key())]
        ),
        "signed note": Parser(read=_note, seeds=[LOG.note()]),
        "verifier key": Parser(
            read=text_of(parse_verifier_key), seeds=[str(golden["vkey"]).encode()]
        ),
        "proof": Parser(
            read=parse_proof, seeds=[b"c2sp.org/tlog-proof@v1\nindex 3\n\n" + LOG.note()]
        ),
        "address of a tile": Parser(
            read=text_of(parse_tile_path), seeds=[b"0/x001/067.p/3", b"entries/000.p/255"]
        ),
        "bundle of entries": Parser(
            read=partial(read_bundle, parse_tile_path("entries/000.p/3")), seeds=[b"\x00\x01a" * 3]
        ),
        "submission to a witness": Parser(read=parse_submission, seeds=[LOG.submission(100)]),
        "size that a witness tells": Parser(read=parse_told_size, seeds=[b"300\n"]),
        "cosignatures": Parser(
            read=lambda data: read_cosignatures(text, data, (LOG.signer.verifier,)),
            seeds=[LOG.note().partition(b"\n\n")[2]],
        ),
        "line of bodies": Parser(
            read=parse_body_line, seeds=[body_line(0, NOBODY, b"{}", KEY)]
        ),
        "frontier": Parser(read=json_of(read_frontier), seeds=[b'{"size":0,"edges":[]}']),  # type: ignore[arg-type]
        "access token": Parser(
            read=text_of(partial(read_access_token, settings=SETTINGS, now=MOMENT)),
            seeds=[access], refuses=(WaybillError,),
        ),
        "ID token": Parser(
            read=text_of(_id_token), seeds=[_jws({"alg": "RS256", "kid": "k"}, claims)],
            refuses=(LogInError,),
        ),
        "security key": Parser(
            read=text_of(_credential), seeds=[json.dumps(credential).encode()], refuses=MALFORMED
        ),
        "list of providers": Parser(
            read=text_of(partial(parse_providers, environ={})), seeds=[_PROVIDERS],
            refuses=(ValueError, RecursionError),
        ),
    }  # fmt: skip
