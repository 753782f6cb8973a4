"""`waybill log verify`: whose signatures count, the log's own and its witnesses'."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.cli import main
from tests.harness.logs import SIGNER, TestLog, events, other_signer
from tests.harness.verifying import Verdict, verify_ours
from waybill.transparency.notes import Algorithm, Note, NoteSigner, join_signatures, parse_note

SEEN = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)

Verify = Callable[..., Verdict]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the verifier remembers."""
    return tmp_path / "state" / "memory.json"


@pytest.fixture
def verify(state: Path) -> Verify:
    """Runs `waybill log verify` with one memory."""
    return lambda address, *options: verify_ours(state, address, *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log is published."""
    return tmp_path / "published"


class TestKeys:
    """Whose signature counts."""

    def test_the_first_time_the_logs_own_key_is_taken_and_that_is_said(self, folder: Path) -> None:
        TestLog(events(3)).write(folder)

        result = CliRunner().invoke(
            main, ["log", "verify", str(folder), "--state", str(folder / "state")]
        )

        assert result.exit_code == 0
        assert "首次使用" in result.stdout
        assert "Warning: the key comes from the log that is verified" in result.stderr

    def test_the_next_time_it_is_the_remembered_one(self, verify: Verify, folder: Path) -> None:
        TestLog(events(3)).write(folder)

        trusts = [verify(folder).told["key_trust"] for _ in range(2)]

        assert trusts == ["first-use", "remembered"]

    def test_another_key_of_the_same_name_is_refused_later(
        self, verify: Verify, folder: Path
    ) -> None:
        other = other_signer()
        TestLog(events(3)).write(folder)
        verify(folder)
        TestLog(events(3), signer=other).write(folder)

        found = verify(folder)

        assert (found.exit_code, found.told["fault"]) == (1, "another-key")

    def test_a_key_that_signs_beside_the_known_one_is_taken_up(
        self, verify: Verify, folder: Path
    ) -> None:
        following = other_signer()
        log = TestLog(events(3))
        log.write(folder)
        verify(folder)
        note = parse_note(log.checkpoint())
        both = join_signatures(note, [following.sign(note.text)])
        (folder / "checkpoint").write_bytes(both.to_bytes())
        (folder / "key").write_text(f"{following.verifier.text()}\n{log.key}\n")
        verify(folder)
        TestLog(events(5), signer=following).write(folder)

        found = verify(folder)

        assert (found.exit_code, found.told["size"]) == (0, 5)

    def test_a_key_that_is_offered_and_does_not_sign_is_not_taken_up(
        self, verify: Verify, folder: Path
    ) -> None:
        log = TestLog(events(3))
        log.write(folder)
        (folder / "key").write_text(f"{other_signer().verifier.text()}\n{log.key}\n")

        found = verify(folder, "--key", log.key)

        assert found.told["keys"] == [log.key]

    def test_a_key_that_is_given_counts_and_no_other(self, verify: Verify, folder: Path) -> None:
        log = TestLog(events(3))
        log.write(folder)
        strange = other_signer()

        found = verify(folder, "--key", strange.verifier.text())

        assert (found.exit_code, found.told["fault"]) == (1, "checkpoint-unsigned")

    @pytest.mark.parametrize("key", ["nonsense", "log.test/waybill+00000000+AYMg"])
    def test_what_is_no_key_is_not_run_with(self, folder: Path, key: str) -> None:
        result = CliRunner().invoke(main, ["log", "verify", str(folder), "--key", key])

        assert (result.exit_code, "not a verifier key" in result.stderr) == (2, True)


class TestWitnesses:
    """How many must have cosigned."""

    WITNESSES = tuple(
        NoteSigner(
            name=f"witness.test/{name}",
            private_key=Ed25519PrivateKey.from_private_bytes(name.encode() * 32),
            algorithm=Algorithm.COSIGNATURE,
        )
        for name in "ab"
    )

    def written(self, folder: Path, *witnesses: NoteSigner) -> list[str]:
        """Publish a log that some have cosigned, and return the options that name them all."""
        log = TestLog(events(3))
        log.write(folder)
        note: Note = parse_note(log.checkpoint())
        note = join_signatures(note, [w.cosign(note.text, SEEN) for w in witnesses])
        (folder / "checkpoint").write_bytes(note.to_bytes())
        keys = [witness.verifier.text() for witness in self.WITNESSES]
        return [option for key in keys for option in ("--witness", key)]

    def test_all_that_are_named_must_have_signed(self, verify: Verify, folder: Path) -> None:
        options = self.written(folder, self.WITNESSES[0])

        found = verify(folder, *options)

        assert (found.exit_code, found.told["fault"]) == (1, "too-few-witnesses")

    def test_a_quorum_suffices_where_one_is_named(self, verify: Verify, folder: Path) -> None:
        options = self.written(folder, self.WITNESSES[0])

        found = verify(folder, *options, "--quorum", "1")

        assert found.told["witnesses"] == {"witness.test/a": SEEN.isoformat()}

    def test_a_quorum_of_more_than_are_named_is_not_run_with(self, folder: Path) -> None:
        options = self.written(folder, *self.WITNESSES)

        result = CliRunner().invoke(main, ["log", "verify", str(folder), *options, "--quorum", "3"])

        assert (result.exit_code, "than are named" in result.stderr) == (2, True)

    def test_a_logs_key_is_no_witness(self, folder: Path) -> None:
        result = CliRunner().invoke(
            main, ["log", "verify", str(folder), "--witness", SIGNER.verifier.text()]
        )

        assert (result.exit_code, "one for COSIGNATURE is expected" in result.stderr) == (2, True)

    def test_a_cosignature_that_does_not_hold_is_found(self, verify: Verify, folder: Path) -> None:
        options = self.written(folder, self.WITNESSES[0])
        note = parse_note((folder / "checkpoint").read_bytes())
        (_, cosigned) = note.signatures
        spoiled = replace(cosigned, blob=cosigned.blob[:-1] + bytes([cosigned.blob[-1] ^ 1]))
        (folder / "checkpoint").write_bytes(
            replace(note, signatures=(note.signatures[0], spoiled)).to_bytes()
        )

        found = verify(folder, *options, "--quorum", "0")

        assert (found.exit_code, found.told["fault"]) == (1, "too-few-witnesses")


@pytest.mark.parametrize("content", [b"", b"\xff", b"<html>", b"log\n1\n\n"])
def test_what_is_no_checkpoint_is_a_fault(verify: Verify, folder: Path, content: bytes) -> None:
    TestLog(events(3)).write(folder)
    (folder / "checkpoint").write_bytes(content)

    assert verify(folder).told["fault"] == "checkpoint-malformed"


@pytest.mark.parametrize("content", [None, "nonsense", ""])
def test_a_log_that_offers_no_key_is_not_believed_for_that(
    verify: Verify, folder: Path, content: str | None
) -> None:
    TestLog(events(3)).write(folder)
    (folder / "key").unlink()
    if content is not None:
        (folder / "key").write_text(content)

    assert verify(folder).told["fault"] == "checkpoint-unsigned"
