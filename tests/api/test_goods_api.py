from dataclasses import fields
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.schemas.dangerous_goods import DangerousGoodsSchema
from tests.harness.accounts import SignIn
from waybill.goods.entry import DangerousGoodsEntry
from waybill.registry.access import Role

URL = "/api/v1/dangerous-goods"


def names(answer: dict[str, Any]) -> list[str]:
    return [item["un_number"] for item in answer["items"]]


@pytest.mark.parametrize(
    ("query", "un_number"),
    [
        pytest.param("1203", "1203", id="UN number"),
        pytest.param("甲醇", "1230", id="Chinese name"),
        pytest.param("methanol", "1230", id="English name"),
        pytest.param("jiachun", "1230", id="pinyin"),
        pytest.param("氯", "1017", id="one character"),
    ],
)
def test_goods_are_found_first_by(
    client: FlaskClient, sign_in: SignIn, query: str, un_number: str
) -> None:
    answer = client.get(URL, query_string={"q": query}, headers=sign_in(Role.CARRIER))

    assert answer.status_code == 200
    assert names(answer.get_json())[0] == un_number


def test_a_row_has_every_column(client: FlaskClient, sign_in: SignIn) -> None:
    answer = client.get(f"{URL}/1230", headers=sign_in(Role.CONSIGNOR))

    row = answer.json
    assert answer.status_code == 200
    assert row is not None
    assert {field.name for field in fields(DangerousGoodsEntry)} <= set(row)
    assert set(row) == set(DangerousGoodsSchema().fields)
    assert {
        name: row[name]
        for name in (
            "edition",
            "key",
            "un_number",
            "division",
            "subsidiary_hazards",
            "packing_group",
            "tank_codes",
            "vehicle_for_tank_carriage",
            "highly_toxic",
            "status",
            "allows_tank",
        )
    } == {
        "edition": "2025",
        "key": "1230",
        "un_number": "1230",
        "division": "3",
        "subsidiary_hazards": ["6.1"],
        "packing_group": "II",
        "tank_codes": ["L4BH"],
        "vehicle_for_tank_carriage": "FL",
        "highly_toxic": row["highly_toxic"],
        "status": "",
        "allows_tank": True,
    }


def test_chlorine_is_highly_toxic(client: FlaskClient, sign_in: SignIn) -> None:
    answer = client.get(f"{URL}/1017", headers=sign_in(Role.LOADER))

    assert answer.json is not None
    assert (answer.json["highly_toxic"], answer.json["packing_group"]) == ("yes", None)


def test_pages_together_are_the_whole_list(client: FlaskClient, sign_in: SignIn) -> None:
    headers, cursor, keys = sign_in(Role.AUDITOR), None, list[str]()
    while True:
        query = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
        page = client.get(URL, query_string=query, headers=headers).json
        assert page is not None
        keys += [item["key"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(keys) == len(set(keys)) == 2939


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        pytest.param("", {"limit": "201"}, 422, id="too many"),
        pytest.param("", {"limit": "\uff11"}, 422, id="a full-width digit"),
        pytest.param("", {"cursor": "x"}, 422, id="no cursor"),
        pytest.param("", {"cursor": "eyJhZnRlciI6IngifQ"}, 422, id="another list's cursor"),
        pytest.param("", {"q": "x" * 101}, 422, id="a long query"),
        pytest.param("", {"at": "2026-02-30"}, 422, id="no such day"),
        pytest.param("", {"at": "1999-01-01"}, 404, id="a day without an edition"),
        pytest.param("/1230", {"at": "1999-01-01"}, 404, id="a row without an edition"),
        pytest.param("/9999", {}, 404, id="no such row"),
        pytest.param("", {"un": "1230"}, 422, id="an unknown parameter"),
    ],
)
def test_what_cannot_be_is_refused(
    client: FlaskClient, sign_in: SignIn, path: str, query: dict[str, str], status: int
) -> None:
    answer = client.get(URL + path, query_string=query, headers=sign_in(Role.CARRIER))

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_day_in_force_answers_like_today(client: FlaskClient, sign_in: SignIn) -> None:
    headers = sign_in(Role.CARRIER)

    today = client.get(f"{URL}/1203", headers=headers).json
    first = client.get(f"{URL}/1203", query_string={"at": "2025-10-01"}, headers=headers).json

    assert first == today
