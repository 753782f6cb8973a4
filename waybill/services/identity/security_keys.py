"""Security keys: WebAuthn credentials (W3C, Level 2), with the user verified by the key itself.

A challenge is an HMAC over what it is good for (a half sign-in, or a session that adds a key), so
nothing has to be kept of it: a half sign-in is over once it was used.
"""

import hmac
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from waybill.errors import DuplicateError, FieldProblem, InvalidFieldError
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.services.registry.validation import FieldCheck
from waybill.settings import Settings
from waybill.storage.factors import SecurityKeyRow
from waybill.storage.identity import UserRow

MAX_CREDENTIAL_CHARACTERS: Final = 16_384
MAX_KEYS: Final = 20
NAME_LENGTH: Final = 60
_VERIFIED: Final = UserVerificationRequirement.REQUIRED
MALFORMED: Final = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)
"""What the library raises of texts that no browser sends."""


def registration_options(
    session: Session, row: UserRow, binding: bytes, *, settings: Settings
) -> str:
    """Return what `navigator.credentials.create` is asked, as JSON.

    `binding` is what the challenge is good for: a half sign-in or a session.
    """
    options = generate_registration_options(
        rp_id=relying_party(settings),
        rp_name="Waybill 危险货物电子运单",
        user_name=row.username,
        user_id=row.id.bytes,
        challenge=_challenge(settings, b"register", binding),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=_VERIFIED
        ),
        exclude_credentials=_descriptors(session, row.id),
    )
    return options_to_json(options)


def add_security_key(
    session: Session,
    user_id: UUID,
    binding: bytes,
    name: str,
    credential: str,
    *,
    settings: Settings,
    now: datetime,
) -> UUID:
    """Keep a key that has just been made for an account, and return its id.

    Raises:
        InvalidFieldError: the name cannot be read, the credential does not hold, or there are
            twenty already.
        DuplicateError: the key is known already.
    """
    check = FieldCheck()
    settled = check.line("/name", name, longest=NAME_LENGTH)
    check.settle()
    if len(_descriptors(session, user_id)) >= MAX_KEYS:
        raise InvalidFieldError([_problem("too-many", "安全密钥过多。", "Too many keys.")])
    try:
        verified = verify_registration_response(
            credential=credential[:MAX_CREDENTIAL_CHARACTERS],
            expected_challenge=_challenge(settings, b"register", binding),
            expected_rp_id=relying_party(settings),
            expected_origin=origin(settings),
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise InvalidFieldError([WRONG_KEY]) from error
    row = SecurityKeyRow(
        user_id=user_id,
        name=settled,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise DuplicateError("该安全密钥已登记。", "This key is known already.") from error
    return row.id


def assertion_options(
    session: Session, user_id: UUID, binding: bytes, *, settings: Settings
) -> str:
    """Return what `navigator.credentials.get` is asked, as JSON."""
    options = generate_authentication_options(
        rp_id=relying_party(settings),
        challenge=_challenge(settings, b"sign-in", binding),
        allow_credentials=_descriptors(session, user_id),
        user_verification=_VERIFIED,
    )
    return options_to_json(options)


def use_security_key(
    session: Session,
    user_id: UUID,
    binding: bytes,
    credential: str,
    *,
    settings: Settings,
    now: datetime,
) -> SecurityKeyRow | None:
    """Return the account's key that signed, `None` where none did.

    A key that counts and whose count has not risen is a copy: it is refused too. The caller holds
    the account's lock.
    """
    try:
        parsed = parse_authentication_credential_json(credential[:MAX_CREDENTIAL_CHARACTERS])
        row = session.scalar(
            select(SecurityKeyRow).where(
                SecurityKeyRow.user_id == user_id, SecurityKeyRow.credential_id == parsed.raw_id
            )
        )
        if row is None:
            return None
        verified = verify_authentication_response(
            credential=parsed,
            expected_challenge=_challenge(settings, b"sign-in", binding),
            expected_rp_id=relying_party(settings),
            expected_origin=origin(settings),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except MALFORMED:
        return None
    row.sign_count, row.last_used_at = verified.new_sign_count, now
    session.flush()
    return row


def origin(settings: Settings) -> str:
    """Return the origin under which browsers reach the installation."""
    parts = urlsplit(settings.public_url)
    return f"{parts.scheme}://{parts.netloc}"


def relying_party(settings: Settings) -> str:
    """Return the host for which keys are made: a key never answers another."""
    return urlsplit(settings.public_url).hostname or ""


def _descriptors(session: Session, user_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    known = select(SecurityKeyRow.credential_id).where(SecurityKeyRow.user_id == user_id)
    return [
        PublicKeyCredentialDescriptor(id=found)
        for found in session.scalars(known.order_by(SecurityKeyRow.id))
    ]


def _challenge(settings: Settings, act: bytes, binding: bytes) -> bytes:
    key = derive_key(settings.secret_key, Purpose.CHALLENGE)
    return hmac.digest(key, act + b"\x00" + binding, "sha256")


def _problem(code: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer="/credential", code=code, message_zh=zh, message_en=en)


WRONG_KEY: Final = _problem(
    "wrong-credential",
    "安全密钥未能验证。请重试，并按提示完成指纹、面容或 PIN 验证。",
    "The key could not be verified. Try again, with fingerprint, face or PIN as it asks.",
)
