"""The rule book over HTTP and as pages: for everybody who is signed in."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.harness.accounts import PASSWORD, Accounts, SignIn
from tests.harness.page_user import PageUser
from waybill.registry.access import Role
from waybill.rules.book import rules_on, versions_of, what_it_asks
from waybill.rules.register import REGISTER, current_edition
from waybill.rules.rule import Rule

RULES = "/api/v1/rules"


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_everybody_reads_the_rules_in_force_today(
    client: FlaskClient, sign_in: SignIn, role: str
) -> None:
    answer = client.get(RULES, headers=sign_in(role)).get_json()

    assert (answer["on"], answer["edition"]) == ("2026-11-22", current_edition())
    assert [(rule["code"], rule["version"]) for rule in answer["items"]] == [
        (rule.code, rule.version) for rule in rules_on_day()
    ]


def rules_on_day() -> tuple[Rule, ...]:
    return rules_on(date(2026, 11, 22), current_edition())


def test_a_rule_is_shown_with_its_law(client: FlaskClient, sign_in: SignIn) -> None:
    query = f"{RULES}?on=2026-11-22&edition=2026-11&phase=after_loading"

    answer = client.get(query, headers=sign_in("loader")).get_json()

    seals = next(rule for rule in answer["items"] if rule["code"] == "AFTER-01.seals")
    assert seals == {
        "code": "AFTER-01.seals",
        "version": 1,
        "severity": "STOP",
        "title_zh": "铅封",
        "title_en": "Seals",
        "asks_zh": what_it_asks("AFTER-01.seals", "zh"),
        "asks_en": what_it_asks("AFTER-01.seals", "en"),
        "reads": ["goods.mode", "evidence.loading"],
        "basis": [
            {
                "zh": "《危险货物道路运输安全管理办法》（交通运输部令 2019 年第 29 号）第 30 条",
                "en": (
                    "Measures for the Safety of Road Transport of Dangerous Goods,"
                    " Order 29/2019, article 30"
                ),
                "regulation_zh": "《危险货物道路运输安全管理办法》（交通运输部令 2019 年第 29 号）",
                "regulation_en": (
                    "Measures for the Safety of Road Transport of Dangerous Goods, Order 29/2019"
                ),
                "article": "30",
            }
        ],
        "edition": "2026-11",
        "in_force_from": "2020-01-01",
        "in_force_until": None,
        "phases": ["after_loading"],
        "confirmed": False,
        "confirmed_note_zh": "未核对 29 号令第二十八条至第三十条原文。",
        "confirmed_note_en": "Articles 28 to 30 of Order 29 were not read.",
        "relieved_by": [],
    }


def test_a_rule_is_shown_whole_with_its_answers_and_figures(
    client: FlaskClient, sign_in: SignIn
) -> None:
    answer = client.get(f"{RULES}/AFTER-01.seals", headers=sign_in("carrier")).get_json()

    assert [version["version"] for version in answer["versions"]] == [
        rule.version for rule in versions_of("AFTER-01.seals")
    ]
    answers = {a["reason"]: a for a in answer["versions"][-1]["answers"]}
    assert answers["tank_unsealed"] == {
        "reason": "tank_unsealed",
        "outcome": "failed",
        "zh": {
            "seen": "罐体没有铅封。",
            "needed": "需要至少 {limit} 个铅封。",
            "cure": "施封并记录铅封号。",
        },
        "en": {
            "seen": "The tank has no seal.",
            "needed": "At least {limit} seal.",
            "cure": "Seal it and record the number.",
        },
    }
    (figure,) = answer["figures"]
    assert (figure["key"], figure["value"]) == ("tank_seals", "1")
    assert (figure["unit_zh"], figure["unit_en"]) == (
        "枚（重罐至少）",
        "seals at least on a loaded tank",
    )
    assert (figure["note_zh"], figure["note_en"]) == (
        "未核对 29 号令第二十八条至第三十条原文。",
        "Articles 28 to 30 of Order 29 were not read.",
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{RULES}/GDS-99", 404),
        (f"{RULES}?edition=1999-01", 404),
        (f"{RULES}?edition=soon", 422),
        (f"{RULES}?on=tomorrow", 422),
        (f"{RULES}/GDS-01.carriage?on=2020-01-01", 200),
    ],
)
def test_what_there_is_not_is_refused(
    client: FlaskClient, sign_in: SignIn, path: str, status: int
) -> None:
    assert client.get(path, headers=sign_in("carrier")).status_code == status


@pytest.fixture
def reader(client: FlaskClient, accounts: Accounts) -> PageUser:
    """Somebody at the plant who reads the rule book."""
    assert "loader" in accounts.users
    return PageUser(client=client).sign_in("loader", PASSWORD)


def test_the_book_shows_every_rule_and_marks_what_was_not_read(reader: PageUser) -> None:
    reader.open("/rules")

    assert reader.status == 200
    assert all(f"/rules/{rule.code}" in reader.html for rule in rules_on_day())
    unread = sum(not rule.confirmed for rule in rules_on_day())
    assert reader.html.count("未经原文核对</span>") == unread + 1
    assert "规则手册" in reader.text


def test_the_book_is_narrowed_by_day_and_phase(reader: PageUser) -> None:
    after = reader.open("/rules?phase=after_loading").html
    before_all = reader.open("/rules?on=2000-01-01").text
    wrong = reader.open("/rules?on=soon")

    assert ("/rules/AFTER-01.seals" in after, "/rules/DRV-01.licence" in after) == (True, False)
    assert "该日没有生效的规则。" in before_all
    assert (wrong.status, "problems" in wrong.html) == (200, True)


@pytest.mark.parametrize("code", sorted({rule.code for rule in REGISTER}))
def test_every_rule_has_its_page_in_both_languages(reader: PageUser, code: str) -> None:
    chinese = reader.open(f"/rules/{code}").text
    reader.client.set_cookie("lang", "en")
    english = reader.open(f"/rules/{code}").text

    assert what_it_asks(code, "zh") in chinese
    assert "Answers it can give" in english
    assert what_it_asks(code, "en") in english


def test_a_rule_that_there_is_not_has_no_page(reader: PageUser) -> None:
    assert reader.open("/rules/GDS-99").status == 404
