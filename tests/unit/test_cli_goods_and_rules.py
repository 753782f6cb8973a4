import json

from click.testing import CliRunner

from api.cli import main
from waybill.rules.register import REGISTER


def test_goods_are_found_by_the_initials_of_their_name() -> None:
    result = CliRunner().invoke(main, ["goods", "search", "jc", "--on", "2026-11-22"])

    assert result.exit_code == 0
    assert result.output.splitlines()[0].split()[:3] == ["1230", "UN", "1230"]


def test_a_row_is_printed_whole() -> None:
    result = CliRunner().invoke(main, ["goods", "show", "1203", "--on", "2026-11-22"])

    assert json.loads(result.output)["name_zh"] == "车用汽油或汽油"


def test_a_key_that_no_row_has_fails() -> None:
    result = CliRunner().invoke(main, ["goods", "show", "9999", "--on", "2026-11-22"])

    assert result.exit_code == 1


def test_editions_are_listed_with_their_dates() -> None:
    result = CliRunner().invoke(main, ["goods", "editions"])

    assert result.output == "2025  2025-10-01 – …\n"


def test_every_rule_is_listed() -> None:
    result = CliRunner().invoke(main, ["rules", "list"])

    assert all(rule.code in result.output for rule in REGISTER)


def test_confirmed_rules_are_left_out_on_demand() -> None:
    result = CliRunner().invoke(main, ["rules", "list", "--unconfirmed"])

    listed = {rule.code for rule in REGISTER if f"{rule.code} " in result.output}
    assert listed == {rule.code for rule in REGISTER if not rule.confirmed}


def test_every_command_explains_itself() -> None:
    for name in ("demo", "goods", "log", "migrate", "qr", "rules", "serve", "user"):
        result = CliRunner().invoke(main, [name, "--help"])

        assert result.exit_code == 0, name
        assert "Usage:" in result.output, name
