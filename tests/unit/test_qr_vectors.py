"""The format's own vectors, through the library and through the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey

from api.cli import main
from tests.harness.sealed_codes import NOW, VectorCase, vector, vector_keys, vectors
from waybill.qr_payload import QrError, WaybillClaims, decode_qr_text, verify_qr

CASES = [pytest.param(case, id=case["name"]) for case in vectors()["cases"]]
ACCEPTED = [
    pytest.param(case, id=case["name"])
    for case in vectors()["cases"]
    if case["outcome"] == "accepted"
]


def outcome(text: str) -> str:
    try:
        verify_qr(text, vector_keys(), NOW)
    except QrError as error:
        return error.code
    return "accepted"


@pytest.mark.parametrize("case", CASES)
def test_every_case_ends_as_stated(case: VectorCase) -> None:
    assert outcome(case["text"]) == case["outcome"]


@pytest.mark.parametrize("case", ACCEPTED)
def test_an_accepted_code_says_its_claims(case: VectorCase) -> None:
    claims = verify_qr(case["text"], vector_keys(), NOW)

    assert claims.to_claims() == case["claims"]


@pytest.mark.parametrize("case", ACCEPTED)
def test_an_accepted_code_is_an_ordinary_jws(case: VectorCase) -> None:
    compact = decode_qr_text(case["text"]).to_jws().to_compact()

    key = ECKey.import_key(json.loads(json.dumps(vectors()["trusted_keys"]))["keys"][0])
    payload = joserfc_jws.deserialize_compact(compact, key, ["ES256"]).payload
    assert json.loads(payload) == case["claims"]
    assert case.get("jws", compact) == compact


def test_the_twin_signature_is_the_same_waybill() -> None:
    code = vector("petrol with a trailer")["text"]
    twin = vector("the twin signature (r, n-s) of the first case")["text"]

    first, second = (verify_qr(text, vector_keys(), NOW) for text in (code, twin))
    assert twin != code
    assert isinstance(first, WaybillClaims)
    assert isinstance(second, WaybillClaims)
    assert (first.jti, first.rev) == (second.jti, second.rev)


class TestCommandLine:
    @staticmethod
    def run(tmp_path: Path, text: str, *options: str) -> tuple[int, str]:
        jwks = tmp_path / "jwks.json"
        jwks.write_text(json.dumps(vectors()["trusted_keys"]), encoding="utf-8")
        at = str(vectors()["judged_at_unix_s"])
        arguments = ["qr", "verify", "--jwks", str(jwks), "--at", at, *options, text]
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output

    @pytest.mark.parametrize("case", CASES)
    def test_it_ends_as_stated(self, case: VectorCase, tmp_path: Path) -> None:
        exit_code, output = self.run(tmp_path, case["text"])

        if case["outcome"] == "accepted":
            assert (exit_code, json.loads(output)) == (0, case["claims"])
        else:
            assert (exit_code, output.partition(":")[0]) == (1, case["outcome"])

    def test_a_waybill_is_not_the_driver_card_that_was_asked_for(self, tmp_path: Path) -> None:
        text = vector("petrol with a trailer")["text"]

        exit_code, output = self.run(tmp_path, text, "--kind", "driver")

        assert exit_code == 1
        assert output == (
            "wrong-kind: The code is of another kind than expected (waybill). "
            "二维码种类不符（waybill）。\n"
        )

    def test_a_file_that_is_no_key_set_ends_with_1_and_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "jwks.json"
        path.write_text("{", encoding="utf-8")

        result = CliRunner().invoke(main, ["qr", "verify", "--jwks", str(path), "--at", "1", "x"])

        assert result.exit_code == 1
        assert "is not a JSON Web Key Set" in result.output

    def test_the_command_lists_its_parts(self) -> None:
        result = CliRunner().invoke(main, ["--help"])

        assert result.exit_code == 0
        assert "qr " in result.output

    def test_an_unknown_part_is_a_usage_error(self) -> None:
        assert CliRunner().invoke(main, ["unheard-of"]).exit_code == 2
