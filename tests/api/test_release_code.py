"""The release code over HTTP: what it says, who gets it, and that it is no waybill."""

import json
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image

from api.cli import main
from api.rendering.qr import qr_png
from tests.harness.bay import Bay, answer, problem
from waybill.registry.access import Role


def code(bay: Bay, check_id: str, role: Role = Role.LOADER) -> dict[str, object]:
    return answer(bay.get(f"/checks/{check_id}/release-code", role), 200)


def test_it_says_which_waybill_revision_and_vehicle_were_released_when_and_with_what(
    bay: Bay,
) -> None:
    issued, check_id = bay.released()

    found = code(bay, check_id)

    claims = found["claims"]
    released = bay.get(f"/waybills/{issued['id']}", "carrier").get_json()["released_at"]
    assert isinstance(claims, dict)
    assert {name: claims[name] for name in ("knd", "jti", "rev", "num", "veh", "trl", "gds")} == {
        "knd": "release",
        "jti": str(issued["id"]).replace("-", ""),
        "rev": 1,
        "num": issued["number"],
        "veh": "苏H12345",
        "trl": "苏H1234挂",
        "gds": [["1203", "II", 27900, "kg"]],
    }
    assert (claims["nbf"], claims["exp"]) == (claims["rel"], claims["rel"] + 72 * 3600)
    assert released is not None


def test_nobody_who_stands_in_it_can_be_known_from_it(bay: Bay) -> None:
    _, check_id = bay.released()

    written = json.dumps(code(bay, check_id)["claims"], ensure_ascii=False)

    assert not {"d_", "e_", "s_"} & {written[at : at + 2] for at in range(len(written))}


@pytest.mark.parametrize("role", [Role.LOADER, Role.SUPERVISOR, Role.CARRIER, Role.AUDITOR])
def test_loader_carrier_and_oversight_get_it(bay: Bay, role: Role) -> None:
    _, check_id = bay.released()

    assert code(bay, check_id, role)["text"]


@pytest.mark.parametrize("stage", ["open", "cleared", "aborted"])
def test_what_is_not_released_has_none(bay: Bay, stage: str) -> None:
    if stage == "open":
        check_id = bay.opened(bay.issued()["qr_text"])
    else:
        _, check_id = bay.cleared()
    if stage == "aborted":
        answer(bay.post(f"/checks/{check_id}/abort", {"reason": "泵故障，改日再装"}), 201)

    refused = bay.get(f"/checks/{check_id}/release-code")

    assert problem(refused)[:2] == (409, "wrong-state")


def test_another_check_of_the_released_waybill_has_none(bay: Bay) -> None:
    issued, _ = bay.released()
    other = bay.opened(issued["qr_text"])

    assert bay.get(f"/checks/{other}/release-code").status_code == 409


def test_it_opens_no_check_and_is_no_evidence(bay: Bay) -> None:
    issued, check_id = bay.released()
    text = str(code(bay, check_id)["text"])

    opening = answer(bay.opening(text), 200)
    shown = bay.scan(bay.opened(issued["qr_text"]), text, expected="vehicle")

    assert (opening["opened"], opening["problem"]) == (False, "release-code")
    assert (shown["outcome"], shown["problem"]) == ("failed", "release-code")


def test_the_gate_reads_it_as_genuine(bay: Bay) -> None:
    _, check_id = bay.released()
    text = str(code(bay, check_id)["text"])

    read = answer(bay.post("/codes/read", {"text": text}), 200)

    assert (read["held"], read["kind"], read["claims"]["knd"]) == (True, None, "release")
    assert read["problem_words"]["en"].startswith("This is a release code")


class TestCommand:
    """`waybill qr verify` knows it by its own kind only."""

    @pytest.mark.parametrize(
        ("kind", "exit_code"), [("release", 0), ("waybill", 1), ("vehicle", 1)]
    )
    def test_it_holds_as_what_it_is(
        self, bay: Bay, tmp_path: Path, kind: str, exit_code: int
    ) -> None:
        _, check_id = bay.released()
        found = code(bay, check_id)
        keys = bay.client.get("/.well-known/jwks.json").get_data()
        path = tmp_path / "jwks.json"
        path.write_bytes(keys)
        claims = found["claims"]
        assert isinstance(claims, dict)
        at = str(claims["iat"])

        ran = CliRunner().invoke(
            main,
            ["qr", "verify", "--jwks", str(path), "--at", at, "--kind", kind, str(found["text"])],
        )

        assert ran.exit_code == exit_code
        assert ("wrong-kind" in ran.output) == bool(exit_code)


def test_its_picture_is_read(bay: Bay) -> None:
    _, check_id = bay.released()
    text = str(code(bay, check_id)["text"])

    picture = Image.open(BytesIO(qr_png(text, scale=5)))

    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]
