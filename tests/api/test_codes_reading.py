"""Reading codes without a check, from text and from pictures; the keys for everybody."""

import io

import jwt
from flask.testing import FlaskClient

from api.rendering.qr import qr_png
from tests.harness.bay import API, Bay, answer, problem
from waybill.registry.access import Role


def test_a_waybills_code_is_read_with_what_it_says(bay: Bay) -> None:
    issued = bay.issued()

    read = answer(bay.post("/codes/read", {"text": issued["qr_text"]}), 200)

    assert (read["recognised"], read["kind"], read["presentation"], read["held"]) == (
        "sealed",
        "waybill",
        "signed_qr",
        True,
    )
    assert read["claims"]["gds"] == [["1203", "II", 28000, "kg"]]


def test_a_code_changed_in_one_digit_is_refused_in_words(bay: Bay) -> None:
    text = bay.issued()["qr_text"]
    changed = text[:-30] + str((int(text[-30]) + 1) % 10) + text[-29:]

    read = answer(bay.post("/codes/read", {"text": changed}), 200)

    assert (read["held"], read["problem"], read["claims"]) == (False, "bad-signature", None)
    assert read["problem_words"] == {
        "zh": "签名不符，内容不可信。",
        "en": "The signature does not match the content.",
    }


def test_a_picture_of_a_code_is_read(bay: Bay) -> None:
    text = bay.issued()["qr_text"]
    sent = {"picture": (io.BytesIO(qr_png(text)), "code.png")}

    response = bay.client.post(f"{API}/pictures", data=sent, headers=bay.headers(Role.LOADER))

    read = answer(response, 200)
    assert read["texts"] == [text]
    assert [reading["kind"] for reading in read["readings"]] == ["waybill"]


def test_a_file_that_is_no_picture_is_refused(bay: Bay) -> None:
    sent = {"picture": (io.BytesIO(b"GIF89a"), "code.gif")}

    response = bay.client.post(f"{API}/pictures", data=sent, headers=bay.headers(Role.LOADER))

    assert problem(response) == (422, "invalid-field", [("/picture", "picture-format")])


def test_a_form_without_a_picture_is_refused(bay: Bay) -> None:
    response = bay.client.post(
        f"{API}/pictures", data={"picture": "text"}, headers=bay.headers(Role.LOADER)
    )

    assert (response.status_code, response.get_json()["errors"][0]["pointer"]) == (422, "/picture")


def test_the_keys_verify_a_document_without_us(bay: Bay, client: FlaskClient) -> None:
    issued = bay.issued()
    document = bay.get(f"/waybills/{issued['id']}/document", Role.CARRIER)
    published = client.get("/.well-known/jwks.json")
    header, _, signature = document.headers["X-JWS-Signature"].split(".")
    payload = jwt.utils.base64url_encode(document.data).decode()
    key = jwt.PyJWK(published.get_json()["keys"][0])

    verified = jwt.PyJWS().decode(f"{header}.{payload}.{signature}", key, algorithms=["ES256"])

    assert verified == document.data
    assert published.headers["Cache-Control"] == "public, max-age=60"


def test_a_picture_that_is_too_long_is_refused(bay: Bay) -> None:
    response = bay.client.post(
        f"{API}/pictures",
        data=b"x" * (9 << 20),
        content_type="multipart/form-data; boundary=edge",
        headers=bay.headers(Role.LOADER),
    )

    assert response.status_code == 413
