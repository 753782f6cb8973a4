"""Passwords: Argon2id hashes, and the same work for an account that does not exist."""

import base64
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from waybill.errors import FieldProblem, InvalidFieldError

MIN_PASSWORD_CHARACTERS: Final = 10
MAX_PASSWORD_CHARACTERS: Final = 200
"""Longer ones are refused unread: hashing them would be work that anybody could order."""

# 19 MiB, two passes, one lane. Source: OWASP Password Storage Cheat Sheet, Argon2id.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


def hash_password(password: str) -> str:
    """Return the hash to store, in the PHC form that names its own parameters."""
    return _HASHER.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether a password is the account's.

    `None` stands for no account: the work is done against a hash that nobody has the password
    of, so that neither answer nor time tells which names exist.
    """
    if len(password) > MAX_PASSWORD_CHARACTERS:
        return False
    try:
        _HASHER.verify(password_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _hash_of_nobody() -> str:
    # Random bytes in place of a digest: making it costs nothing, checking it the usual work.
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode("ascii").rstrip("=")
        for size in (_HASHER.salt_len, _HASHER.hash_len)
    )
    costs = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


def check_new_password(password: str, username: str, *, pointer: str = "/password") -> None:
    """Refuse a password that is too easy to guess.

    Raises:
        InvalidFieldError: too short, too long, or the account's own name.
    """
    if not MIN_PASSWORD_CHARACTERS <= len(password) <= MAX_PASSWORD_CHARACTERS:
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer=pointer,
                    code="password-length",
                    message_zh=(
                        f"密码须为 {MIN_PASSWORD_CHARACTERS} 至 {MAX_PASSWORD_CHARACTERS} 个字符。"
                    ),
                    message_en=(
                        f"A password has {MIN_PASSWORD_CHARACTERS} to "
                        f"{MAX_PASSWORD_CHARACTERS} characters."
                    ),
                )
            ]
        )
    if username.casefold() in password.casefold():
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer=pointer,
                    code="password-holds-username",
                    message_zh="密码不能包含账号名。",
                    message_en="A password must not contain the account's name.",
                )
            ]
        )
