"""Log-in at somebody else's: an OpenID Connect provider (OpenID Connect Core 1.0, code flow)."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import jwt

from waybill.codec import JsonValue, b64url_encode, sha256
from waybill.outbound.oidc_providers import Provider, allowed
from waybill.witness.web import WebError, ask

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""With public keys only: a shared secret, or none, signs nothing here."""

MAX_ANSWER_BYTES: Final = 262_144
TIMEOUT_S: Final = 5.0
DEADLINE_S: Final = 10.0
SKEW: Final = timedelta(seconds=60)
MAX_AGE: Final = timedelta(minutes=10)
METADATA_LIFETIME: Final = timedelta(hours=1)
KEYS_REST: Final = timedelta(minutes=1)
"""How long the keys are not fetched again, however many unknown ones are named."""
FAILED_REST: Final = timedelta(seconds=15)
"""How long a provider that did not answer is not asked what it published: each question would hold
a thread until its time is over, and anybody may begin a log-in."""
MAX_SUBJECT: Final = 255


Claims: TypeAlias = Mapping[str, JsonValue]


class LogInError(Exception):
    """The provider cannot be asked, or what it says does not hold; the message is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """A log-in on its way: what the provider must give back, and what redeems its code."""

    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class OidcClient:
    """Asks one provider; what it published is kept for an hour. Shared by threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = Lock()
        self._metadata: Claims = {}
        self._metadata_at: datetime | None = None
        self._keys: Mapping[str, Claims] = {}
        self._keys_at: datetime | None = None
        self._failed_at: datetime | None = None

    def authorization_url(self, log_in: LogIn, *, now: datetime) -> str:
        """Return where the browser goes.

        Raises:
            LogInError: the provider cannot be asked, or does not say it rightly.
        """
        endpoint = self._endpoint("authorization_endpoint", now)
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": log_in.redirect_uri,
            "scope": "openid",
            "state": log_in.state,
            "nonce": log_in.nonce,
            "code_challenge": b64url_encode(sha256(log_in.verifier.encode())),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"

    def check_issuer(self, given: str | None, *, now: datetime) -> None:
        """Refuse an answer that another provider gave (RFC 9207).

        Raises:
            LogInError: it names another issuer, or none where this one always does.
        """
        says = self._discover(now).get("authorization_response_iss_parameter_supported") is True
        if given != self.provider.issuer and (given is not None or says):
            raise LogInError("the answer is of another issuer")

    def redeem(self, code: str, log_in: LogIn, *, now: datetime) -> str:
        """Exchange a code, and return who has logged in: the subject, the issuer's own name of it.

        Raises:
            LogInError: the provider refuses, or its ID token does not hold.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": log_in.redirect_uri,
            "client_id": self.provider.client_id,
            "code_verifier": log_in.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.provider.client_secret:
            pair = f"{quote(self.provider.client_id)}:{quote(self.provider.client_secret)}"
            basic = base64.b64encode(pair.encode()).decode()
            headers["Authorization"] = f"Basic {basic}"
        endpoint = self._endpoint("token_endpoint", now)
        answer = _ask_json(endpoint, body=urlencode(form).encode(), headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > MAX_ANSWER_BYTES:
            raise LogInError("there is no ID token")
        return self._subject(token, log_in, now)

    def _subject(self, token: str, log_in: LogIn, now: datetime) -> str:
        """Verify an ID token: algorithm, key, signature, issuer, audience, dates, nonce."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise LogInError("the ID token is signed by no algorithm that is believed")
            claims = jwt.decode(
                token,
                self._key(header, now),
                algorithms=[str(header["alg"])],
                audience=self.provider.client_id,
                issuer=self.provider.issuer,
                options={
                    "require": ["iss", "aud", "sub", "exp", "iat", "nonce"],
                    # The dates are judged by `now`: PyJWT would ask the machine's clock.
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError as error:
            raise LogInError(f"the ID token does not hold: {type(error).__name__}") from error
        if isinstance(claims["aud"], list) and claims.get("azp") != self.provider.client_id:
            raise LogInError("the ID token is for several, and not made for us")
        nonce, subject = claims["nonce"], claims["sub"]
        if not isinstance(nonce, str) or not hmac.compare_digest(
            nonce.encode(), log_in.nonce.encode()
        ):
            raise LogInError("the ID token is of another log-in")
        _check_dates(claims, now)
        if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT:
            raise LogInError("the ID token names nobody")
        return subject

    def _key(self, header: Claims, now: datetime) -> jwt.PyJWK:
        kid = header.get("kid")
        with self._lock:
            known = self._keys.get(str(kid))
            rested = self._keys_at is None or not timedelta(0) <= now - self._keys_at < KEYS_REST
        if known is None and rested:
            fetched = self._fetch_keys(now)
            with self._lock:
                self._keys, self._keys_at = fetched, now
            known = fetched.get(str(kid))
        algorithm = str(header["alg"])
        if known is None or known.get("alg", algorithm) != algorithm:
            raise LogInError("the ID token names no key of the provider")
        return jwt.PyJWK(dict(known), algorithm=algorithm)

    def _fetch_keys(self, now: datetime) -> Mapping[str, Claims]:
        listed = self._published(self._endpoint("jwks_uri", now), now).get("keys")
        if not isinstance(listed, list):
            raise LogInError("the provider's keys are no list")
        return {
            str(each["kid"]): each
            for each in listed
            if isinstance(each, dict)
            and each.get("kty") in {"RSA", "EC"}
            and each.get("use", "sig") == "sig"
            and "kid" in each
        }

    def _endpoint(self, name: str, now: datetime) -> str:
        url = self._discover(now).get(name)
        if not isinstance(url, str) or not allowed(url, self.provider):
            raise LogInError(f"{name} is missing, or leads to a host that was not named")
        return url

    def _discover(self, now: datetime) -> Claims:
        with self._lock:
            kept = self._metadata_at
            if kept is not None and timedelta(0) <= now - kept < METADATA_LIFETIME:
                return self._metadata
        url = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._published(url, now)
        if found.get("issuer") != self.provider.issuer:
            raise LogInError("the provider calls itself otherwise")
        with self._lock:
            self._metadata, self._metadata_at = found, now
        return found

    def _published(self, url: str, now: datetime) -> Claims:
        with self._lock:
            failed_at = self._failed_at
        if failed_at is not None and timedelta(0) <= now - failed_at < FAILED_REST:
            raise LogInError("the provider did not answer a moment ago")
        try:
            return _ask_json(url)
        except LogInError:
            with self._lock:
                self._failed_at = now
            raise


def _ask_json(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Claims:
    try:
        answer = ask(
            url,
            max_bytes=MAX_ANSWER_BYTES,
            body=body,
            headers={"Accept": "application/json", "User-Agent": "waybill", **(headers or {})},
            timeout_s=TIMEOUT_S,
            deadline_s=DEADLINE_S,
        )
        found = json.loads(answer.body) if answer.status == HTTPStatus.OK else None
    except (WebError, ValueError, RecursionError) as error:
        raise LogInError(f"{urlsplit(url).hostname}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise LogInError(f"{urlsplit(url).hostname} answers {answer.status}")
    return found


def _check_dates(claims: Claims, now: datetime) -> None:
    issued_s, expires_s = _seconds(claims["iat"]), _seconds(claims["exp"])
    now_s = now.timestamp()
    if not now_s - MAX_AGE.total_seconds() <= issued_s <= now_s + SKEW.total_seconds():
        raise LogInError("the ID token was not made now")
    if expires_s + SKEW.total_seconds() <= now_s:
        raise LogInError("the ID token has expired")


def _seconds(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LogInError("the ID token's dates are no numbers")
    return value
