"""Somebody who works at a bay tablet, in a real browser: what they show, press and answer."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from api.demo.tablets import PINS
from tests.harness import typing_scanner
from tests.harness.fake_camera import FakeCamera, code, nothing
from tests.harness.stories import Trip
from tests.harness.tablet_site import TabletSite, a_picture, cards_of

LAST: Final = "刚才的结果"
BETWEEN_CODES_MS: Final = 300
SENDING_MS: Final = 30_000
"""How long all that waits may take to be sent and judged again, on a machine that is busy."""
GROUPS: Final = ("标志", "清单", "单证", "企业自查")


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletHands:
    """A tablet and who holds it; codes are shown to a scanner that types, or to its camera."""

    site: TabletSite
    page: Page
    camera: FakeCamera | None = None

    def hold(self, text: str) -> None:
        """Hold a code before the tablet."""
        if self.camera:
            self.camera.show(code(text, module_px=5))
        else:
            typing_scanner.scan(self.page, text)

    def put_away(self) -> None:
        """Take the code away again."""
        if self.camera:
            self.camera.show(nothing())

    def enrol(self, label: str = "3 号位", *, bay: int = 0) -> None:
        """Make the tablet known to the installation, and choose a bay, the first one usually."""
        self.site.go(self.page)
        self.page.locator("#code").fill(self.site.enrolment_code(label))
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name="本平板在哪个车位？")).to_be_visible()
        self.page.locator(".tile").nth(bay).click()

    def sign_on(self, account: str = "loader") -> None:
        """Show a badge and press the PIN."""
        self.badge_and_pin(account)
        expect(self.page.get_by_role("heading", name="待装车辆")).to_be_visible()

    def badge_and_pin(self, account: str) -> None:
        """Show a badge and press the PIN where both are asked."""
        expect(self.page.get_by_text("先扫描胸卡")).to_be_visible()
        self.show_badge(account)

    def show_badge(self, account: str) -> None:
        """Show a badge and press the PIN; on the locked screen nobody needs to ask for it."""
        self.hold(self.site.badges[account])
        expect(self.page.get_by_text("已读到胸卡")).to_be_visible()
        expect(self.page.locator("#pin")).to_be_focused()
        self.put_away()
        self.page.keyboard.type(PINS[account])

    def open(self, trip: Trip, *, alone: bool = False) -> None:
        """Open a check with the waybill's code."""
        self.press("扫描运单")
        self.hold(trip.qr_text)
        expect(self.page.locator(".strip")).to_be_visible(timeout=20_000)
        self.put_away()
        if not alone:
            expect(self.page.get_by_role("status", name=LAST)).to_contain_text("服务器判定")

    def show(self, text: str) -> None:
        """Show a code, and wait for what the server says of it."""
        with self.page.expect_response("**/scans") as answered:
            self.hold(text)
        assert answered.value.ok
        self.put_away()
        expect(self.page.get_by_role("status", name=LAST)).to_contain_text("服务器判定")

    def show_alone(self, text: str) -> None:
        """Show a code where perhaps no server answers; a scanner is quiet between two codes."""
        self.hold(text)
        self.page.wait_for_timeout(BETWEEN_CODES_MS)

    def see_people(self) -> None:
        """Say that driver and escort are here, and let the supervisor consent."""
        self.to_step("驾驶人")
        self.say_yes()
        self.press("装卸管理人员同意")
        self.badge_and_pin("supervisor")
        self.expect_met("装卸管理")

    def see_plates(self, trip: Trip) -> None:
        """Press the plates that are on the vehicles."""
        self.see_plate("车头号牌", trip.case.tractor)
        if trip.case.trailer:
            self.see_plate("挂车号牌", trip.case.trailer)

    def see_plate(self, step: str, plate: str) -> None:
        """Press one plate."""
        self.to_step(step)
        typed = self.page.locator("#plate")
        expect(typed).to_have_value("")
        for length, key in enumerate(plate, 1):
            self.page.locator(".letter-pad").get_by_role("button", name=key, exact=True).click()
            expect(typed).to_have_value(plate[:length])
        self.press("确认号牌")
        self.expect_met(step)

    def answer_everything(self) -> None:
        """Answer yes to all that is asked before loading, and take the photos it takes."""
        for group in GROUPS:
            if self.page.locator(".strip button", has_text=group).count():
                self.to_step(group)
                self.say_yes()
        self.take_photos()

    def take_photos(self) -> None:
        """Take every photo that is asked on its own."""
        if not self.page.locator(".strip button", has_text="照片").count():
            return
        self.to_step("照片")
        for photo in self.page.locator(".card.photo").all():
            photo.get_by_role("button").click()
            self.choose_picture()
            expect(self.page.locator(".card.photo").first).to_be_visible()
        self.expect_met("照片")

    def choose_picture(self) -> None:
        """Give a picture file where a photo is asked."""
        self.page.locator("input[type=file]").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
        )

    def check_all(self, trip: Trip, *, alone: bool = False) -> None:
        """Do all that a trip's check asks, up to the decision."""
        for card in cards_of(trip):
            (self.show_alone if alone else self.show)(card)
        self.see_people()
        self.see_plates(trip)
        self.answer_everything()

    def decide(self) -> None:
        """Ask for the verdict."""
        self.press("判定")
        expect(self.page.locator(".word")).to_be_visible()

    def decide_as_it_is(self) -> None:
        """Ask for the verdict while something is still missing."""
        self.page.get_by_role("button", name="按现状判定").click()
        expect(self.page.locator(".word")).to_be_visible()

    def resume(self) -> None:
        """Go on with the check that is going on here."""
        self.page.locator(".arrival-list button").first.click()
        expect(self.page.locator(".strip")).to_be_visible()

    def expect_word(self, word: str) -> None:
        """Expect a verdict over the whole screen."""
        expect(self.page.locator(".word")).to_have_text(word, timeout=SENDING_MS)

    def expect_all_sent(self) -> None:
        """Wait until the server has everything."""
        expect(self.page.locator(".connection")).to_contain_text("已全部上传", timeout=SENDING_MS)

    def load(self, quantity_kg: int, gross_mass_kg: str) -> None:
        """Enter what was loaded, answer the list, and ask for the release."""
        self.press("填写装货记录")
        for field, figure in (
            ("1.quantityKg", str(quantity_kg)),
            ("seal.0", "DEMO-000123"),
            ("grossMassKg", gross_mass_kg),
        ):
            self.page.locator(f"[name='{field}']").fill(figure)
        expect(self.page.locator(".question").first).to_be_visible()
        self.say_yes()
        self.press("提交并判定放行")

    def say_yes(self) -> None:
        """Answer everything that is asked on this view, one after the other, with yes."""
        expect(self.page.locator(".yes-no .yes").first).to_be_visible()
        for yes in self.page.locator(".yes-no .yes").all():
            yes.click()
            expect(yes).to_have_attribute("aria-pressed", "true")

    def to_step(self, name: str) -> None:
        """Go to a step."""
        self.page.locator(".strip").get_by_role("button", name=name).click()

    def expect_met(self, name: str) -> None:
        """Expect a step to be met."""
        expect(self.page.locator(".strip .step.passed", has_text=name)).to_be_visible()

    def press(self, name: str) -> None:
        """Press the first button of a name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
