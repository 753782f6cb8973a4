"""The keys whose signatures count, for everybody who verifies without us."""

from http import HTTPStatus
from typing import Final

from flask import Response, jsonify

from api.auth import public
from api.blueprint import Blueprint
from api.runtime import runtime
from api.signing import key_ring
from waybill.sealing import jwks_document

MAX_AGE_S: Final = 60
"""How long a verifier may go on believing a key that was revoked meanwhile."""
KEY_SET: Final[dict[str, object]] = {
    "type": "object",
    "required": ["keys"],
    "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
}

blueprint = Blueprint(
    "keys", __name__, url_prefix="/.well-known", description="Signing keys (签名公钥)"
)


@blueprint.get("/jwks.json")
@public("whoever verifies a signature needs the keys")
@blueprint.response(HTTPStatus.OK, KEY_SET)
def get_jwks() -> Response:
    """Return the JSON Web Key Set (RFC 7517): every key that is not revoked."""
    now = runtime().clock.now()
    standing = [
        key for key in key_ring().table.keys if key.revoked_at is None or key.revoked_at > now
    ]
    response = jsonify(jwks_document(standing))
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
