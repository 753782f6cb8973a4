"""What a law that comes will change, over HTTP, as a page and on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from api.cli import main
from tests.harness.accounts import PASSWORD
from tests.harness.bay import Bay, answer, problem
from tests.harness.coming_law import forget_law, prohibit
from tests.harness.page_user import PageUser

PATH = "/edition-previews"
ON = "2031-01-01"


@pytest.fixture(autouse=True)
def own_law() -> Iterator[None]:
    """Leave the package's own law behind."""
    yield
    forget_law()


def test_the_report_names_what_changes_in_both_languages(bay: Bay, tmp_path: Path) -> None:
    issued = bay.issued()
    prohibit(tmp_path, "1203")

    found = answer(bay.post(PATH, {"on": ON}, "auditor"), 200)

    assert [(a["kind"], a["entry_key"]) for a in found["affected"]] == [
        ("waybill", "1203"),
        ("tank", "1203"),
    ]
    waybill = found["affected"][0]
    assert (waybill["id"], waybill["name"]) == (issued["id"], issued["number"])
    (change,) = waybill["changes"]
    assert (change["code"], change["before"]["outcome"], change["after"]["outcome"]) == (
        "GDS-01.carriage",
        "passed",
        "failed",
    )
    assert change["after"]["zh"]["title"] == "货物准许运输"
    assert change["after"]["en"]["title"] == "The goods may be carried"
    assert found["after"] == {
        "on": ON,
        "edition": found["before"]["edition"],
        "list_edition": "2031",
        "figures": found["before"]["figures"],
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/on"),
        ({"on": "2000-01-01"}, "/on"),
        ({"on": ON, "edition": "1999-01"}, "/edition"),
        ({"on": ON, "edition": "newest"}, "/edition"),
    ],
)
def test_a_law_that_there_is_not_is_refused(bay: Bay, body: dict[str, str], pointer: str) -> None:
    assert [p for p, _ in problem(bay.post(PATH, body, "senior-auditor"))[2]] == [pointer]


@pytest.mark.parametrize(
    ("role", "status"), [("carrier", 403), ("loader", 403), ("inspector", 403), ("admin", 200)]
)
def test_only_those_who_watch_over_it_all_compare(bay: Bay, role: str, status: int) -> None:
    assert bay.post(PATH, {"on": ON}, role).status_code == status


def test_the_page_shows_whom_it_concerns(bay: Bay, client: FlaskClient, tmp_path: Path) -> None:
    issued = bay.issued()
    auditor = PageUser(client=client).sign_in("auditor", PASSWORD)
    nothing = auditor.open(f"/auditor/next-edition?on={ON}").text
    prohibit(tmp_path, "1203")

    start = auditor.open("/auditor/next-edition").html
    shown = auditor.open(f"/auditor/next-edition?on={ON}").text
    wrong = auditor.open("/auditor/next-edition?on=2000-01-01").text

    assert "没有任何结论会变化。" in nothing
    assert f"/auditor/next-edition?on={ON}" in start
    assert issued["number"] in shown
    assert "GDS-01.carriage 货物准许运输" in shown
    assert "2 项结论有变化" in shown
    assert "该日没有有效的一览表或数值。" in wrong


def test_the_command_line_needs_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYBILL_SECRET_KEY", raising=False)

    assert CliRunner().invoke(main, ["rules", "preview", "--on", ON]).exit_code == 1
