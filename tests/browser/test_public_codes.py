"""The public page in a real browser: codes are judged on the phone as the server judges them."""

from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness.public_site import (
    chromium,
    phone,
    public_site,
    requested_by,
    trust,
    without_keys,
)
from tests.harness.sealed_codes import (
    NOW,
    NOW_S,
    VectorCase,
    card_claims,
    code_of,
    code_of_bytes,
    trusted,
    vectors,
    waybill_claims,
)
from waybill.clock import FixedClock
from waybill.codec import JsonValue
from waybill.qr_payload import QrError, QrKind, decode_qr_text, verify_payload
from waybill.sealing.keys import jwks_document

pytestmark = pytest.mark.browser

CASES = [pytest.param(case, id=case["name"]) for case in vectors()["cases"]]
OWN_KEYS: JsonValue = jwks_document(trusted().keys)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application."""
    with public_site(tmp_path_factory.mktemp("site"), FixedClock(NOW)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A Chinese phone whose clock stands at the moment of the vectors."""
    with phone(browser) as context:
        opened = context.new_page()
        opened.clock.set_fixed_time(NOW)
        yield opened


def digits_of(text: str) -> str:
    return text.partition("#")[2]


def open_code(page: Page, site: str, text: str) -> None:
    page.goto(f"{site}/q#{digits_of(text)}")
    page.wait_for_selector('[data-code-page]:not([data-state="reading"])')


def state(page: Page) -> str | None:
    return page.locator("[data-code-page]").get_attribute("data-state")


def shown_verdict(page: Page) -> str:
    return page.locator(".verdict:visible").inner_text()


@pytest.mark.parametrize("case", CASES)
def test_a_vector_is_judged_as_the_format_says(page: Page, site: str, case: VectorCase) -> None:
    trust(page, vectors()["trusted_keys"])

    open_code(page, site, case["text"])

    if not digits_of(case["text"]):
        assert state(page) == "empty"
    elif case["outcome"] == "accepted":
        assert "● 已核实" in shown_verdict(page).replace("\n", " ")
        expect(page.locator('[data-part="reason"]')).to_have_text("签名真实，在有效期内。")
    else:
        assert "✕ 未通过核实" in shown_verdict(page).replace("\n", " ")
        expect(page.locator('[data-part="reason"]')).to_have_text(QrError.TEXTS[case["outcome"]][0])


def test_a_genuine_waybill_shows_goods_plates_and_validity(page: Page, site: str) -> None:
    trust(page, vectors()["trusted_keys"])

    open_code(page, site, vectors()["cases"][0]["text"])

    content = page.locator('[data-part="content"]').inner_text()
    for shown in ("UN 1203", "包装类别 II · 28,500 kg", "苏H·12345", "苏H·1234挂", "T-20240317-09"):
        assert shown in content
    # Asia/Shanghai, though the phone's own clock is set to London.
    assert "2026-11-22 14:46 – 2026-11-23 02:46" in content
    assert "未经核实" not in content
    link = page.get_by_role("link", name="应急卡", exact=True)
    assert link.get_attribute("href") == "/emergency/1203"


def test_what_a_forged_code_says_is_shown_with_a_caution(page: Page, site: str) -> None:
    trust(page, vectors()["trusted_keys"])
    (forged,) = [c for c in vectors()["cases"] if c["name"] == "signature bit flipped"]

    open_code(page, site, forged["text"])

    content = page.locator('[data-part="content"]').inner_text()
    assert ("UN 1203" in content, "以下内容未经核实" in content) == (True, True)


def test_without_network_for_the_keys_nothing_is_claimed(page: Page, site: str) -> None:
    without_keys(page)

    open_code(page, site, vectors()["cases"][0]["text"])

    assert "? 无法核实" in shown_verdict(page).replace("\n", " ")
    assert "UN 1203" in page.locator('[data-part="content"]').inner_text()


def test_without_network_a_code_that_cannot_be_right_is_still_refused(
    page: Page, site: str
) -> None:
    without_keys(page)
    (case,) = [c for c in vectors()["cases"] if c["outcome"] == "group-out-of-range"]

    open_code(page, site, case["text"])

    assert state(page) == "failed"


def test_nothing_of_a_code_reaches_the_server(page: Page, site: str) -> None:
    trust(page, vectors()["trusted_keys"])
    requested = requested_by(page)
    text = vectors()["cases"][0]["text"]

    open_code(page, site, text)

    assert {address.removeprefix(site).partition("#")[0] for address in requested} == {
        "/q",
        "/static/public/public.css",
        "/static/public/q.js",
        "/static/public/codes.js",
        "/.well-known/jwks.json",
    }


def test_a_code_survives_the_change_of_language(page: Page, site: str) -> None:
    trust(page, vectors()["trusted_keys"])
    requested = requested_by(page)
    text = vectors()["cases"][0]["text"]
    open_code(page, site, text)

    page.get_by_role("button", name="English").click()

    expect(page.locator(".verdict:visible")).to_contain_text("Verified")
    sent = [address.partition("#")[0] for address in requested]
    assert [digits_of(text) in address for address in sent] == [False] * len(sent)


def test_another_code_in_the_same_page_is_judged_anew(page: Page, site: str) -> None:
    trust(page, vectors()["trusted_keys"])
    first, *_ = vectors()["cases"]
    (forged,) = [c for c in vectors()["cases"] if c["name"] == "signature bit flipped"]
    open_code(page, site, first["text"])

    page.evaluate("digits => { location.hash = digits; }", digits_of(forged["text"]))

    expect(page.locator(".verdict:visible")).to_contain_text("未通过核实")


@pytest.mark.parametrize(
    "kind", [kind for kind in QrKind if kind not in (QrKind.WAYBILL, QrKind.RELEASE)]
)
def test_a_card_is_named_and_shows_no_goods(page: Page, site: str, kind: QrKind) -> None:
    trust(page, OWN_KEYS)

    open_code(page, site, code_of(card_claims(kind).to_claims()))

    assert state(page) == "verified"
    assert page.locator('[data-part="waybill"]').is_hidden()
    assert "卡" in page.locator('[data-part="card-kind"]').inner_text()


def test_it_fits_a_phone_without_scrolling_sideways(page: Page, site: str) -> None:
    trust(page, vectors()["trusted_keys"])

    open_code(page, site, vectors()["cases"][1]["text"])

    assert page.evaluate("document.documentElement.scrollWidth") == 390


ODD_CLAIMS: Final[Mapping[str, Mapping[str, JsonValue]]] = {
    "rev is zero": {"rev": 0},
    "rev is true": {"rev": True},
    "rev is text": {"rev": "1"},
    "iat in 61 s": {"iat": NOW_S + 61},
    "iat in 60 s": {"iat": NOW_S + 60},
    "nbf in 61 s": {"nbf": NOW_S + 61},
    "nbf in 60 s": {"nbf": NOW_S + 60},
    "exp now": {"exp": NOW_S},
    "exp in a second": {"exp": NOW_S + 1},
    "exp beyond the calendar": {"exp": 253_402_300_800},
    "no goods": {"gds": []},
    "33 lines": {"gds": [["1203", "II", 1, "kg"]] * 33},
    "32 lines": {"gds": [["1203", "II", 1, "kg"]] * 32},
    "goods line of three": {"gds": [["1203", "II", 1]]},
    "goods line with its row": {"gds": [["1203", "II", 1, "kg", "1203"]]},
    "no packing group": {"gds": [["1972", None, 1, "kg"]]},
    "UN number of five digits": {"gds": [["12033", "II", 1, "kg"]]},
    "UN number in full-width digits": {"gds": [["１２０３", "II", 1, "kg"]]},  # noqa: RUF001
    "negative quantity": {"gds": [["1203", "II", -1, "kg"]]},
    "tonnes": {"gds": [["1203", "II", 1, "t"]]},
    "no tank": {"tnk": None},
    "no driver": {"drv": None},
    "empty plate": {"veh": ""},
    "plate of 65": {"veh": "苏" * 65},
    "plate of 64 beyond the first plane": {"veh": "𠮷" * 64},
    "plate with a line feed": {"veh": "苏\nH"},
    "plate with a zero-width space": {"veh": "苏\u200bH"},
    "plate with an ideographic space": {"veh": "苏\u3000H"},
    "plate with a space": {"veh": "苏 H"},
    "a claim of a later version": {"new": [[[]]]},
    "too deep": {"new": [[[[]]]]},
    "another kind": {"knd": "waybill"},
    "kind is null": {"knd": None},
    "kind is a list": {"knd": ["vehicle"]},
}
ODD_BYTES: Final[Mapping[str, bytes]] = {
    "not JSON": b"{",
    "text behind": b"{} {}",
    "a float": b'{"a":1.0}',
    "an exponent": b'{"a":1e3}',
    "NaN": b'{"a":NaN}',
    "a name twice": b'{"a":1,"a":1}',
    "a name twice, once escaped": b'{"a":1,"\\u0061":1}',
    "a name twice, deeper": b'{"b":{"a":1,"a":1}}',
    "the same text as name and value": b'{"a":"a","b":"a"}',
    "brackets in text": b'{"a":"{[\\"}"}',
    "a byte order mark": b'\xef\xbb\xbf{"a":1}',
    "not UTF-8": b'{"a":"\xff"}',
    "half a surrogate pair": b'{"a":"\\ud800"}',
    "null": b"null",
    "an empty object": b"{}",
}


class TestSameAsTheServer:
    """Codes with a genuine signature over odd content: phone and server give one answer."""

    def judged_by_server(self, text: str) -> str:
        try:
            verify_payload(decode_qr_text(text), trusted(), NOW)
        except QrError as error:
            return error.code
        return "accepted"

    def judged_by_phone(self, page: Page, site: str, texts: list[str]) -> list[str]:
        page.goto(f"{site}/q")
        judged: list[str] = page.evaluate(
            """async ([all, keys, now]) => {
                const { verifyCode } = await import("/static/public/codes.js");
                const judge = (digits) => verifyCode(digits, keys, now)
                    .then(() => "accepted", (error) => error.code ?? String(error));
                return Promise.all(all.map(judge));
            }""",
            [[digits_of(text) for text in texts], OWN_KEYS, NOW_S],
        )
        return judged

    def test_odd_claims(self, page: Page, site: str) -> None:
        texts = {
            name: code_of({**waybill_claims().to_claims(), **odd})
            for name, odd in ODD_CLAIMS.items()
        }

        judged = self.judged_by_phone(page, site, list(texts.values()))

        assert dict(zip(texts, judged, strict=True)) == {
            name: self.judged_by_server(text) for name, text in texts.items()
        }

    def test_odd_bytes(self, page: Page, site: str) -> None:
        texts = {name: code_of_bytes(odd) for name, odd in ODD_BYTES.items()}

        judged = self.judged_by_phone(page, site, list(texts.values()))

        assert dict(zip(texts, judged, strict=True)) == {
            name: self.judged_by_server(text) for name, text in texts.items()
        }

    def test_missing_claims(self, page: Page, site: str) -> None:
        whole = waybill_claims().to_claims()
        texts = {name: code_of({k: v for k, v in whole.items() if k != name}) for name in whole}

        judged = self.judged_by_phone(page, site, list(texts.values()))

        assert dict(zip(texts, judged, strict=True)) == dict.fromkeys(texts, "missing-claim")
