"""Settings from the environment: complete, in bounds, and silent about secrets."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from waybill.services.log.sequencer import LogTerms
from waybill.settings import ServerSettings, Settings, SettingsError, unread_variables

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
        "WAYBILL_REPLICA_URL": "postgresql://standby/waybill",
        "WAYBILL_REPLICA_LAG_S": "10",
        "WAYBILL_KEY_DIR": "/etc/waybill/keys",
        "WAYBILL_ISSUER": "jiangsu",
        "WAYBILL_PUBLIC_URL": "https://waybill.example/",
        "WAYBILL_LOG_ORIGIN": "waybill.example/log",
        "WAYBILL_TRUSTED_PROXIES": "1",
        "WAYBILL_ACCESS_TOKEN_MINUTES": "5",
        "WAYBILL_REFRESH_TOKEN_HOURS": "8",
        "WAYBILL_MAX_BODY_BYTES": "2048",
        "WAYBILL_MAX_UPLOAD_BYTES": "4096",
        "WAYBILL_LOG_FORMAT": "json",
        "WAYBILL_SLOW_STATEMENT_MS": "50",
        "WAYBILL_METRICS_FROM": "10.1.0.0/16, ::1",
    }

    settings = Settings.from_env(environ)

    assert settings == Settings(
        secret_key="s" * 32,
        pii_key=bytes(range(32)),
        pii_index_key=bytes(range(32)),
        database_url="postgresql://db/waybill",
        replica_url="postgresql://standby/waybill",
        replica_lag=timedelta(seconds=10),
        key_dir=Path("/etc/waybill/keys"),
        issuer="jiangsu",
        public_url="https://waybill.example",
        log_origin="waybill.example/log",
        trusted_proxies=1,
        access_token_lifetime=timedelta(minutes=5),
        refresh_token_lifetime=timedelta(hours=8),
        max_body_bytes=2048,
        max_upload_bytes=4096,
        log_format="json",
        slow_statement_ms=50,
        metrics_from=(ip_network("10.1.0.0/16"), ip_network("::1")),
    )
    assert settings.https


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WAYBILL_SECRET_KEY", ""),
        ("WAYBILL_REPLICA_URL", "postgresql://a-standby-of-no-sqlite/waybill"),
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
        ("WAYBILL_DATABASE_URL", "mysql://db:hidden@host/waybill"),
        ("WAYBILL_LOG_FORMAT", "xml"),
        ("WAYBILL_SLOW_STATEMENT_MS", "60001"),
        ("WAYBILL_METRICS_FROM", "10.1.0.1/16"),
        ("WAYBILL_METRICS_FROM", "everybody"),
    ],
)
def test_what_cannot_be_used_is_named_without_its_value(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(GOOD | {variable: value})

    assert caught.value.variable == variable
    assert str(caught.value).startswith(f"{variable}: ")
    assert not value or value not in str(caught.value)


def test_one_line_says_what_is_wrong_in_both_languages_and_how_it_is_written() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(GOOD | {"WAYBILL_EXPORT_DAYS": "0"})

    assert str(caught.value) == (
        "WAYBILL_EXPORT_DAYS: must be a whole number from 1 to 90 / 须为 1 至 90 的整数."
        " E.g. 例如 WAYBILL_EXPORT_DAYS=7"
    )


class TestSecretsInFiles:
    def test_a_secret_is_read_from_the_file_that_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("f" * 32 + "\n")
        given = {k: v for k, v in GOOD.items() if k != "WAYBILL_SECRET_KEY"}

        settings = Settings.from_env(given | {"WAYBILL_SECRET_KEY_FILE": str(tmp_path / "secret")})

        assert settings.secret_key == "f" * 32

    def test_given_twice_it_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"^WAYBILL_PII_KEY_FILE: WAYBILL_PII_KEY is given"):
            Settings.from_env(GOOD | {"WAYBILL_PII_KEY_FILE": str(tmp_path / "secret")})

    def test_a_file_that_cannot_be_read_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"^WAYBILL_DATABASE_URL_FILE: names a file that"):
            Settings.from_env(GOOD | {"WAYBILL_DATABASE_URL_FILE": str(tmp_path / "missing")})


class TestServer:
    def test_without_words_it_listens_on_this_machine(self) -> None:
        settings = ServerSettings.from_env({"PORT": "8123", "WAYBILL_WORKERS": "3"})

        assert settings == ServerSettings(bind="127.0.0.1:8123", workers=3, threads=4)

    @pytest.mark.parametrize("bind", ["0.0.0.0:80", "[::1]:8000", "unix:/run/waybill/w.sock"])
    def test_it_listens_where_it_is_told(self, bind: str) -> None:
        assert ServerSettings.from_env({"WAYBILL_BIND": bind}).bind == bind

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("WAYBILL_BIND", "here"),
            ("WAYBILL_WORKERS", "many"),
            ("WAYBILL_THREADS", "0"),
            ("PORT", "65536"),
        ],
    )
    def test_what_cannot_be_used_is_named(self, variable: str, value: str) -> None:
        with pytest.raises(SettingsError, match=f"^{variable}: "):
            ServerSettings.from_env({variable: value})


def test_a_variable_that_nothing_reads_is_found() -> None:
    environ = GOOD | {"WAYBILL_WORKERS": "2", "WAYBILL_KEYDIR": "/keys", "HOME": "/root"}

    assert unread_variables(environ) == ("WAYBILL_KEYDIR",)


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
