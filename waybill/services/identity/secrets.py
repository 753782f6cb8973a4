"""Keys derived from the installation's one secret, and random tokens known by their hash."""

import hmac
import secrets
from enum import StrEnum
from typing import Final

from waybill.codec import b64url_encode, sha256

TOKEN_BYTES: Final = 32


class Purpose(StrEnum):
    """What a derived key or a random token is for; one is never good for another."""

    ACCESS_TOKEN = "access-token"  # noqa: S105  a purpose, not a secret
    REFRESH_TOKEN = "refresh-token"  # noqa: S105  a purpose, not a secret
    PAGE_SESSION = "page-session"
    PAGE_FORM = "page-form"
    API_KEY = "api-key"
    THROTTLE = "throttle"
    KNOWN_BROWSER = "known-browser"
    HALF_SIGN_IN = "half-sign-in"
    RECOVERY_CODE = "recovery-code"
    CHALLENGE = "challenge"
    SSO = "sso"
    KEPT_ANSWER = "kept-answer"
    TABLET_BUNDLE = "tablet-bundle"
    DEVICE_CODE = "device-code"
    BADGE = "badge"
    BAY_SESSION = "bay-session"


def derive_key(secret_key: str, purpose: Purpose) -> bytes:
    """Return the 32-byte key for one purpose."""
    return hmac.digest(secret_key.encode(), f"waybill/{purpose.value}".encode(), "sha256")


def new_token() -> str:
    """Return a random token of 256 bits, as base64url."""
    return b64url_encode(secrets.token_bytes(TOKEN_BYTES))


def token_hash(purpose: Purpose, token: str) -> bytes:
    """Return what is stored of a token: enough to recognise it, not to use it."""
    return sha256(f"{purpose.value}\x00{token}".encode())


def keyed_hash(secret_key: str, purpose: Purpose, text: str) -> bytes:
    """Return what is stored of a secret that is short enough to be guessed from its plain hash."""
    return hmac.digest(derive_key(secret_key, purpose), text.encode(), "sha256")
