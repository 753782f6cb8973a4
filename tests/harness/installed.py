"""An installation as it should be, for looks at its soundness and for backups."""

from pathlib import Path

from sqlalchemy import Engine

from api.soundness.look import Installation
from tests.harness.sequenced_log import sequencer
from waybill.clock import Clock
from waybill.codec import b64url_encode
from waybill.services.keys import add_signing_key
from waybill.settings import Settings
from waybill.storage.session import session_factory, write_session


def installed(engine: Engine, folder: Path, clock: Clock) -> Installation:
    """Make an installation with a signing key and a log of two entries that nobody witnesses."""
    settings = Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key="drawn-at-random-as-far-as-tests-go",
        pii_key=bytes(range(32)),
        pii_index_key=bytes(range(32, 64)),
        key_dir=folder / "keys",
        exports_dir=folder / "exports",
        issuer="jiangsu",
        public_url="https://yundan.example.cn",
    )
    sessions = session_factory(engine)
    with write_session(sessions) as session:
        add_signing_key(session, None, settings.key_dir, issuer=settings.issuer, clock=clock)
    sequencer(sessions, settings.key_dir, clock).all()
    return Installation(
        settings=settings, environ={}, engine=engine, sessions=sessions, clock=clock
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables from which an installation's settings are read."""
    return {
        "WAYBILL_DATABASE_URL": settings.database_url,
        "WAYBILL_SECRET_KEY": settings.secret_key,
        "WAYBILL_PII_KEY": b64url_encode(settings.pii_key),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(settings.pii_index_key),
        "WAYBILL_KEY_DIR": str(settings.key_dir),
        "WAYBILL_EXPORTS_DIR": str(settings.exports_dir),
        "WAYBILL_ISSUER": settings.issuer,
        "WAYBILL_PUBLIC_URL": settings.public_url,
    }
