"""Settings from the environment: complete, in bounds, and silent about secrets."""

from datetime import timedelta
from pathlib import Path

import pytest

from waybill.services.log.sequencer import LogTerms
from waybill.settings import Settings, SettingsError

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
GOOD = {
    "WAYBILL_SECRET_KEY": "s" * 32,
    "WAYBILL_PII_KEY": KEY,
    "WAYBILL_PII_INDEX_KEY": f"{KEY}=",
}


def test_three_secrets_are_enough() -> None:
    assert Settings.from_env(GOOD) == Settings(
        secret_key="s" * 32,
        pii_key=bytes(range(32)),
        pii_index_key=bytes(range(32)),
        database_url="sqlite:///var/waybill.sqlite3",
        key_dir=Path("var/keys"),
        issuer="demo",
        public_url="http://127.0.0.1:8000",
        trusted_proxies=0,
        access_token_lifetime=timedelta(minutes=15),
        refresh_token_lifetime=timedelta(hours=12),
        max_body_bytes=1 << 20,
        max_upload_bytes=8 << 20,
    )


def test_everything_can_be_said() -> None:
    environ = GOOD | {
        "WAYBILL_DATABASE_URL": "postgresql://db/waybill",
        "WAYBILL_KEY_DIR": "/etc/waybill/keys",
        "WAYBILL_ISSUER": "jiangsu",
        "WAYBILL_PUBLIC_URL": "https://waybill.example/",
        "WAYBILL_LOG_ORIGIN": "waybill.example/log",
        "WAYBILL_TRUSTED_PROXIES": "1",
        "WAYBILL_ACCESS_TOKEN_MINUTES": "5",
        "WAYBILL_REFRESH_TOKEN_HOURS": "8",
        "WAYBILL_MAX_BODY_BYTES": "2048",
        "WAYBILL_MAX_UPLOAD_BYTES": "4096",
    }

    settings = Settings.from_env(environ)

    assert settings == Settings(
        secret_key="s" * 32,
        pii_key=bytes(range(32)),
        pii_index_key=bytes(range(32)),
        database_url="postgresql://db/waybill",
        key_dir=Path("/etc/waybill/keys"),
        issuer="jiangsu",
        public_url="https://waybill.example",
        log_origin="waybill.example/log",
        trusted_proxies=1,
        access_token_lifetime=timedelta(minutes=5),
        refresh_token_lifetime=timedelta(hours=8),
        max_body_bytes=2048,
        max_upload_bytes=4096,
    )
    assert settings.https


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WAYBILL_SECRET_KEY", ""),
        ("WAYBILL_SECRET_KEY", "s" * 31),
        ("WAYBILL_PII_KEY", ""),
        ("WAYBILL_PII_KEY", KEY[:-2]),
        ("WAYBILL_PII_KEY", "not base64url!"),
        ("WAYBILL_PII_INDEX_KEY", KEY + "AAAA"),
        ("WAYBILL_PUBLIC_URL", "waybill.example"),
        ("WAYBILL_PUBLIC_URL", "ftp://waybill.example"),
        ("WAYBILL_PUBLIC_URL", "https://waybill.example/?a=b"),
        ("WAYBILL_LOG_ORIGIN", "https://waybill.example/log+1"),
        ("WAYBILL_LOG_ORIGIN", "two words"),
        ("WAYBILL_TRUSTED_PROXIES", "-1"),
        ("WAYBILL_ACCESS_TOKEN_MINUTES", "61"),
        ("WAYBILL_ACCESS_TOKEN_MINUTES", "\uff15"),
        ("WAYBILL_REFRESH_TOKEN_HOURS", "0"),
        ("WAYBILL_MAX_BODY_BYTES", "1.5"),
    ],
)
def test_what_cannot_be_used_is_named_without_its_value(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(GOOD | {variable: value})

    assert caught.value.variable == variable
    assert str(caught.value).startswith(f"{variable}: ")
    assert not value or value not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "origin", "fixed"),
    [
        ({}, "127.0.0.1:8000/log", False),
        ({"WAYBILL_PUBLIC_URL": "https://waybill.example/"}, "waybill.example/log", False),
        ({"WAYBILL_LOG_ORIGIN": "a.example/b"}, "a.example/b", True),
    ],
)
def test_a_new_log_is_called_after_the_public_address(
    given: dict[str, str], origin: str, *, fixed: bool
) -> None:
    terms = LogTerms.of(Settings.from_env(GOOD | given))

    assert (terms.origin, terms.fixed) == (origin, fixed)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(Settings.from_env(GOOD))

    assert "ssss" not in shown
    assert "x01" not in shown
