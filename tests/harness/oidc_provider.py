"""A small OpenID provider on this machine: it signs with joserfc, and lies when it is told to."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from typing_extensions import override

from waybill.clock import Clock

Claims = dict[str, Any]
Sign = Callable[["OidcProvider", Claims], str]


def signed(provider: "OidcProvider", claims: Claims) -> str:
    """Sign as a provider does."""
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, provider.key)


def unsigned(provider: "OidcProvider", claims: Claims) -> str:
    """Leave the signature out."""
    return (
        signed(provider, claims)
        .rpartition(".")[0]
        .replace(signed(provider, claims).split(".")[0], _part({"alg": "none", "kid": "k1"}))
        + "."
    )


def signed_with_the_public_key(provider: "OidcProvider", claims: Claims) -> str:
    """Take the public key for a shared secret."""
    secret = OctKey.import_key(provider.key.as_pem(private=False))
    return jwt.encode({"alg": "HS256", "kid": "k1"}, claims, secret, algorithms=["HS256"])


def signed_by_another(_: "OidcProvider", claims: Claims) -> str:
    """Sign with a key that nobody published, under the name of one that is."""
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, RSAKey.generate_key(2048))


def key_brought_along(_: "OidcProvider", claims: Claims) -> str:
    """Bring the key in the header."""
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key)


def _part(content: object) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@dataclass(slots=True, kw_only=True)
class OidcProvider:
    """What the provider is and does; tests change it before a log-in."""

    clock: Clock
    issuer: str = ""
    client_secret: str = "of-the-client"
    subject: str = "person-1"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048), repr=False)
    sign: Sign = signed
    claims: Claims = field(default_factory=dict)
    metadata: Claims = field(default_factory=dict)
    begun: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def log_in(self, address: str, **change: str | None) -> str:
        """Log somebody in who came by an address, and return the query they go back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self.begun[code] = query
        back = {"code": code, "state": query["state"], "iss": self.issuer, **change}
        return "&".join(f"{name}={value}" for name, value in back.items() if value is not None)

    def redeem(self, form: dict[str, str], basic: str) -> Claims | None:
        """Give an ID token for a code, once, to who holds its verifier."""
        begun = self.begun.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())
        if (
            begun is None
            or begun["code_challenge"] != challenge.rstrip(b"=").decode()
            or begun["redirect_uri"] != form["redirect_uri"]
            or not basic.startswith("Basic ")
        ):
            return None
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": begun["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(self, kept)}

    def discovery(self) -> Claims:
        """What it publishes of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def keys(self) -> Claims:
        """Return its public keys."""
        return {"keys": [{**self.key.as_dict(private=False), "kid": "k1", "use": "sig"}]}


@contextmanager
def oidc_provider(clock: Clock) -> Iterator[OidcProvider]:
    """Run a provider on a free port."""
    provider = OidcProvider(clock=clock)

    class Handler(BaseHTTPRequestHandler):
        """Answers for the provider."""

        def do_GET(self) -> None:
            provider.asked.append(self.path)
            answers = {
                "/.well-known/openid-configuration": provider.discovery,
                "/keys": provider.keys,
            }
            self._answer(answers[self.path]() if self.path in answers else None)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(provider.redeem(form, self.headers.get("Authorization", "")))

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def _answer(self, content: Claims | None) -> None:
            body = json.dumps(content or {"error": "invalid_grant"}).encode()
            self.send_response(200 if content else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
