"""What is refused before any rule of the domain is asked, and how every refusal looks."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import ForeignKeyViolation, UniqueViolation
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests.harness.accounts import SignIn
from waybill import errors

TOKENS = "/api/v1/tokens"
KEYS = "/api/v1/api-keys"
JSON = "application/json"


def send(client: FlaskClient, body: bytes, content_type: str = JSON) -> tuple[int, str]:
    answer = client.post(TOKENS, data=body, content_type=content_type)
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json()["code"]


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"", id="nothing"),
            pytest.param(b"{", id="half"),
            pytest.param(b'{"username":"a","username":"b","password":"c"}', id="duplicate key"),
            pytest.param(b'{"username":NaN}', id="not a number"),
            pytest.param(b'{"username":1e999}', id="infinite"),
            pytest.param(b"[" * 5000, id="deep"),
            pytest.param(b'{"username":"\xff"}', id="not UTF-8"),
            pytest.param(b'{"username":"\\ud800"}', id="half a surrogate pair"),
            pytest.param(b'\xef\xbb\xbf{"username":"a"}', id="byte order mark"),
            pytest.param(b'{"username":"a"} x', id="something left over"),
        ],
    )
    def test_json_that_is_not_one_meaning_is_malformed(
        self, client: FlaskClient, body: bytes
    ) -> None:
        assert send(client, body) == (400, "malformed-json")

    @pytest.mark.parametrize(
        "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
    )
    def test_another_content_type_is_not_read(self, client: FlaskClient, content_type: str) -> None:
        assert send(client, b"{}", content_type) == (415, "unsupported-media-type")

    def test_an_over_long_body_is_refused(self, client: FlaskClient) -> None:
        body = json.dumps({"username": "a", "password": "x" * (1 << 20)}).encode()

        assert send(client, body) == (413, "too-large")

    @pytest.mark.parametrize("body", ["[]", '"text"', "5", "null", "true"])
    def test_a_body_that_is_no_object_is_refused(self, client: FlaskClient, body: str) -> None:
        assert send(client, body.encode()) == (422, "invalid-field")

    def test_every_field_is_named_at_once_with_its_pointer(self, client: FlaskClient) -> None:
        answer = client.post(TOKENS, json={"username": 7, "a/b~c": 1})

        assert answer.status_code == 422
        assert sorted(answer.get_json()["errors"], key=lambda error: error["pointer"]) == [
            {
                "in": "body",
                "pointer": "/a~1b~0c",
                "code": "unknown-field",
                "message_zh": "没有这个字段。",
                "message_en": "There is no such field.",
            },
            {
                "in": "body",
                "pointer": "/password",
                "code": "required",
                "message_zh": "必填。",
                "message_en": "This is required.",
            },
            {
                "in": "body",
                "pointer": "/username",
                "code": "not-text",
                "message_zh": "应为文本。",
                "message_en": "Write it as text.",
            },
        ]


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "pointer", "code"),
        [
            pytest.param("limit=0", "/limit", "integer", id="too few"),
            pytest.param("limit=201", "/limit", "integer", id="too many"),
            pytest.param("limit=\uff11\uff10", "/limit", "integer", id="full-width digits"),
            pytest.param("limit=05", "/limit", "integer", id="leading zero"),
            pytest.param("limit=5&limit=6", "/limit", "repeated", id="twice"),
            pytest.param("page=2", "/page", "unknown-field", id="unknown"),
            pytest.param("cursor=abc", "/cursor", "cursor", id="no cursor"),
            pytest.param("cursor=eyJhZnRlciI6ICJ4In0", "/cursor", "cursor", id="not canonical"),
        ],
    )
    def test_a_wrong_parameter_is_refused(
        self, client: FlaskClient, sign_in: SignIn, query: str, pointer: str, code: str
    ) -> None:
        answer = client.get(f"{KEYS}?{query}", headers=sign_in("carrier"))

        found = [(e["in"], e["pointer"], e["code"]) for e in answer.get_json()["errors"]]
        assert (answer.status_code, found) == (422, [("query", pointer, code)])

    def test_a_cursor_of_another_list_is_refused(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        answer = client.get(f"{KEYS}?cursor=eyJhZnRlciI6IngifQ", headers=sign_in("carrier"))

        assert answer.status_code == 422


class TestAddresses:
    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/api/v1/nothing", 404, "not-found"),
            ("GET", "/api/v1/users/not-a-uuid", 404, "not-found"),
            ("GET", "/api/v1/users/%00", 404, "not-found"),
            ("PUT", "/api/v1/users", 405, "method-not-allowed"),
            ("GET", "/api/v1/users", 401, "authentication-failed"),
        ],
    )
    def test_what_is_not_there_is_a_problem(
        self, client: FlaskClient, method: str, path: str, status: int, code: str
    ) -> None:
        answer = client.open(path, method=method)

        assert (answer.status_code, answer.get_json()["code"]) == (status, code)
        assert answer.get_json()["type"] == f"urn:waybill:problem:{code}"
        assert answer.get_json()["request_id"] == answer.headers["X-Request-ID"]

    def test_a_method_that_is_not_possible_says_which_are(self, client: FlaskClient) -> None:
        assert "POST" in client.put("/api/v1/users").headers["Allow"]

    def test_a_browser_gets_a_page(self, client: FlaskClient) -> None:
        answer = client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})

        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "未找到" in answer.get_data(as_text=True)

    def test_a_browser_gets_a_problem_from_the_api_all_the_same(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/nothing", headers={"Accept": "text/html"})

        assert answer.mimetype == "application/problem+json"


class TestLanguage:
    @pytest.mark.parametrize(
        ("accept", "cookie", "title"),
        [
            pytest.param("", None, "未找到", id="nothing said"),
            pytest.param("en-GB,en;q=0.8", None, "Not found", id="header"),
            pytest.param("zh-CN", None, "未找到", id="Chinese header"),
            pytest.param("fr", None, "未找到", id="a language we do not have"),
            pytest.param("zh-CN", "en", "Not found", id="cookie before header"),
            pytest.param("en", "xx", "Not found", id="a cookie that means nothing"),
        ],
    )
    def test_the_reader_chooses(
        self, client: FlaskClient, accept: str, cookie: str | None, title: str
    ) -> None:
        if cookie is not None:
            client.set_cookie("lang", cookie)

        answer = client.get("/api/v1/nothing", headers={"Accept-Language": accept})

        assert answer.get_json()["title"] == title


DOMAIN_ERRORS = [
    (errors.NotFoundError("vehicle", 1), 404),
    (errors.AuthenticationError(), 401),
    (errors.ForbiddenError(), 403),
    (errors.SignInAgainError(), 403),
    (errors.ConflictError(current_version=3, changed=("plate",)), 409),
    (errors.DuplicateError(pointer="/uscc"), 409),
    (errors.PreconditionFailedError(current_version=3), 412),
    (errors.StateError(state="draft", act="release"), 409),
    (errors.FindingsNotAcceptedError([{"code": "GDS-01"}]), 409),
    (errors.IssueBlockedError([{"code": "GDS-01"}]), 409),
    (errors.SealedFieldError(["goods"]), 409),
    (errors.ThrottledError(7), 429),
    (errors.WaybillError(), 409),
    (errors.DeviceAssertionError(), 401),
    (errors.DeviceUnknownError(), 401),
    (errors.DeviceRevokedError(), 401),
    (errors.SignOnRefusedError(), 401),
    (errors.BaySessionOverError(), 401),
    (errors.BadgeLockedError(60), 429),
]


@pytest.mark.parametrize(
    ("error", "status"), DOMAIN_ERRORS, ids=[type(error).__name__ for error, _ in DOMAIN_ERRORS]
)
def test_an_error_of_the_domain_has_its_status_and_its_code(
    app: Flask, error: errors.WaybillError, status: int
) -> None:
    with app.test_request_context("/api/v1/x"):
        answer = app.make_response(app.handle_user_exception(error))

        assert (answer.status_code, answer.get_json()["code"]) == (status, error.code)


def test_every_error_of_the_domain_was_tried() -> None:
    tried = {type(error) for error, _ in DOMAIN_ERRORS} | {errors.InvalidFieldError}

    def kinds(kind: type[errors.WaybillError]) -> set[type[errors.WaybillError]]:
        return {kind}.union(*(kinds(below) for below in kind.__subclasses__()))

    stated = {kind for kind in kinds(errors.WaybillError) if kind.__module__ == "waybill.errors"}
    assert stated - tried == set()


def test_what_nobody_expected_tells_nothing(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.test_request_context("/api/v1/x"):
        answer = app.make_response(app.handle_user_exception(KeyError("320801199001011234")))

        assert (answer.status_code, answer.get_json()["code"]) == (500, "internal-error")
        assert "320801199001011234" not in answer.get_data(as_text=True)
    assert "KeyError" in caplog.text
    assert "320801199001011234" not in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        pytest.param(StaleDataError("1 row"), 409, "conflict", id="a record changed meanwhile"),
        pytest.param(
            OperationalError("SELECT 1", {}, Exception("locked")), 503, "unavailable", id="locked"
        ),
        pytest.param(
            IntegrityError("INSERT", {}, UniqueViolation("made twice")),
            409,
            "conflict",
            id="made twice at once",
        ),
    ],
)
def test_a_fault_of_the_database_says_what_to_do(
    app: Flask, error: Exception, status: int, code: str
) -> None:
    with app.test_request_context("/api/v1/x"):
        answer = app.make_response(app.handle_user_exception(error))

        assert (answer.status_code, answer.get_json()["code"]) == (status, code)
        assert answer.get_json()["next_step"] != ""


def test_what_breaks_a_rule_of_the_database_is_a_fault_of_ours(app: Flask) -> None:
    error = IntegrityError("INSERT", {}, ForeignKeyViolation("no such"))
    with app.test_request_context("/api/v1/x"):
        answer = app.make_response(app.handle_user_exception(error))

    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal-error")


def test_every_answer_carries_what_protects_it(client: FlaskClient) -> None:
    headers = client.get("/api/v1/nothing").headers

    assert {
        name: headers[name]
        for name in ("X-Content-Type-Options", "Referrer-Policy", "Cache-Control")
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
