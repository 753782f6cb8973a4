"""Access tokens that somebody else made: no header finds a key, and no other key counts."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import jwt
import pytest

from waybill.errors import AuthenticationError
from waybill.services.identity.access import AccessClaims, issue_access_token, read_access_token
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.settings import Settings

NOW: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
SOMEBODY: Final = AccessClaims(user_id=UUID(int=1), family=UUID(int=2), credentials_version=0)
SETTINGS: Final = Settings(
    database_url="sqlite://",
    secret_key="only-for-tests-only-for-tests-only",
    pii_key=bytes(32),
    pii_index_key=bytes(32),
    key_dir=Path("/nowhere"),
    issuer="demo",
)
OURS: Final = derive_key(SETTINGS.secret_key, Purpose.ACCESS_TOKEN)
THEIRS: Final = b"a key of whoever forges, 32 bytes"
GENUINE: Final = issue_access_token(SOMEBODY, settings=SETTINGS, now=NOW)
PAYLOAD: Final = jwt.decode(GENUINE, options={"verify_signature": False})


def forged(key: bytes, **header: object) -> str:
    return jwt.encode(PAYLOAD, key, algorithm="HS256", headers={"typ": "at+jwt", **header})


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(forged(THEIRS, jwk={"kty": "oct", "k": "YQ"}), id="a key in the header"),
        pytest.param(forged(THEIRS, jku="http://127.0.0.1/keys"), id="an address of keys"),
        pytest.param(forged(THEIRS, x5u="http://127.0.0.1/c"), id="an address of a certificate"),
        pytest.param(forged(b"\x00" * 32, kid="../../../dev/null"), id="a path as key id"),
        pytest.param(forged(THEIRS, kid="x' UNION SELECT 'k"), id="a question as key id"),
        pytest.param(forged(OURS, crit=["exp"]), id="a header that must be understood"),
        pytest.param(forged(OURS, b64=False, crit=["b64"]), id="a payload that is not encoded"),
        pytest.param(forged(SETTINGS.secret_key.encode()), id="the secret itself"),
        *(
            pytest.param(forged(derive_key(SETTINGS.secret_key, purpose)), id=f"key of {purpose}")
            for purpose in Purpose
            if purpose is not Purpose.ACCESS_TOKEN
        ),
        pytest.param(GENUINE[:-1], id="a shorter signature"),
        pytest.param(GENUINE + "A" * 2048, id="too long"),
    ],
)
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(AuthenticationError):
        read_access_token(token, settings=SETTINGS, now=NOW)


def test_a_genuine_one_is_read() -> None:
    assert read_access_token(GENUINE, settings=SETTINGS, now=NOW) == SOMEBODY
