"""Log-in at somebody else's: an OpenID Connect provider (OpenID Connect Core 1.0, code flow).

The providers are a TOML file:

    [[provider]]
    id = "plant"
    name_zh = "淮安盐化"
    name_en = "Huai'an Salt Chemicals"
    issuer = "https://login.example.com/realms/plant"
    client_id = "waybill"
    client_secret_env = "WAYBILL_SSO_PLANT"
    organisations = ["91320800MA1AAAAA05"]
    hosts = ["keys.example.com"]

`organisations` are those whose accounts may come in so (统一社会信用代码). Without a secret the
client is a public one. The issuer's discovery names the other addresses; they must lie on the
issuer's own host or on one of `hosts`, and no redirect is followed, so that an answer leads the
server nowhere it was not told of.
"""

import base64
import hmac
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import jwt

from waybill.codec import b64url_encode, sha256
from waybill.witness.web import WebError, ask

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""With public keys only: a shared secret, or none, signs nothing here."""
MAX_FILE_BYTES: Final = 65_536
MAX_ANSWER_BYTES: Final = 262_144
TIMEOUT_S: Final = 5.0
DEADLINE_S: Final = 10.0
SKEW: Final = timedelta(seconds=60)
MAX_AGE: Final = timedelta(minutes=10)
METADATA_LIFETIME: Final = timedelta(hours=1)
KEYS_REST: Final = timedelta(minutes=1)
"""How long the keys are not fetched again, however many unknown ones are named."""
MAX_SUBJECT: Final = 255
_ID: Final = re.compile("[a-z0-9][a-z0-9-]{0,39}")
_REQUIRED: Final = ("id", "name_zh", "name_en", "issuer", "client_id", "organisations")
_OPTIONAL: Final = ("client_secret_env", "hosts", "logout_url")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderListError(ValueError):
    """The list of providers cannot be used; the message says why, and no secret."""


class LogInError(Exception):
    """The provider cannot be asked, or what it says does not hold; the message is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Whose log-in is believed, and for whose accounts."""

    id: str
    name_zh: str
    name_en: str
    issuer: str
    client_id: str
    organisations: frozenset[str]
    hosts: frozenset[str]
    logout_url: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """A log-in on its way: what the provider must give back, and what redeems its code."""

    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def read_providers(path: Path | None, environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Read the list of providers; without a file there are none.

    Raises:
        ProviderListError: it cannot be read, or something in it cannot be used.
    """
    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            found = tomllib.loads(file.read(MAX_FILE_BYTES).decode())
        _check_entries(found, ("provider",), ())
        providers = tuple(_provider(table, environ) for table in found.get("provider", []))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ProviderListError(f"{path}: {error}") from error
    for name in ("id", "issuer"):
        if len({getattr(each, name) for each in providers}) != len(providers):
            raise ProviderListError(f"{path}: two providers have one {name}")
    return providers


class OidcClient:
    """Asks one provider; what it published is kept for an hour. Shared by threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = Lock()
        self._metadata: Mapping[str, Any] = {}
        self._metadata_at: datetime | None = None
        self._keys: Mapping[str, Mapping[str, Any]] = {}
        self._keys_at: datetime | None = None

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

    def _key(self, header: Mapping[str, Any], now: datetime) -> jwt.PyJWK:
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

    def _fetch_keys(self, now: datetime) -> Mapping[str, Mapping[str, Any]]:
        listed = _ask_json(self._endpoint("jwks_uri", now)).get("keys")
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
        if not isinstance(url, str) or not _allowed(url, self.provider):
            raise LogInError(f"{name} is missing, or leads to a host that was not named")
        return url

    def _discover(self, now: datetime) -> Mapping[str, Any]:
        with self._lock:
            kept = self._metadata_at
            if kept is not None and timedelta(0) <= now - kept < METADATA_LIFETIME:
                return self._metadata
        url = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _ask_json(url)
        if found.get("issuer") != self.provider.issuer:
            raise LogInError("the provider calls itself otherwise")
        with self._lock:
            self._metadata, self._metadata_at = found, now
        return found


def _ask_json(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
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


def _check_dates(claims: Mapping[str, Any], now: datetime) -> None:
    issued_s, expires_s = claims["iat"], claims["exp"]
    if any(type(each) not in {int, float} for each in (issued_s, expires_s)):
        raise LogInError("the ID token's dates are no numbers")
    now_s = now.timestamp()
    if not now_s - MAX_AGE.total_seconds() <= issued_s <= now_s + SKEW.total_seconds():
        raise LogInError("the ID token was not made now")
    if expires_s + SKEW.total_seconds() <= now_s:
        raise LogInError("the ID token has expired")


def _check_entries(
    table: Mapping[str, Any], known: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    if wrong := sorted(table.keys() - set(known)):
        raise ValueError(f"entries that mean nothing: {', '.join(wrong)}")
    if missing := [name for name in needed if not table.get(name)]:
        raise ValueError(f"a provider lacks {missing[0]}")


def _provider(table: Mapping[str, Any], environ: Mapping[str, str]) -> Provider:
    given = dict(table)
    _check_entries(given, (*_REQUIRED, *_OPTIONAL), _REQUIRED)
    if not _ID.fullmatch(given["id"]):
        raise ValueError("an id is small letters, digits and -")
    issuer = urlsplit(given["issuer"])
    if not _secure(given["issuer"]) or issuer.query or issuer.fragment:
        raise ValueError("an issuer is an https address")
    secret = ""
    if variable := given.pop("client_secret_env", ""):
        secret = environ.get(variable, "")
        if not secret:
            raise ValueError(f"{variable} is empty")
    hosts = {urlsplit(given["issuer"]).netloc, *given.pop("hosts", [])}
    organisations = frozenset(given.pop("organisations"))
    return Provider(
        **given, organisations=organisations, hosts=frozenset(hosts), client_secret=secret
    )


def _allowed(url: str, provider: Provider) -> bool:
    return _secure(url) and urlsplit(url).netloc in provider.hosts


def _secure(url: str) -> bool:
    """Return whether nobody on the way reads along; on this machine itself nobody is."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or plain) and "@" not in parts.netloc
