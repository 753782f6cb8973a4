"""A camera that sees what a test holds before it: pictures of codes, in a real Chromium.

Chromium takes a file for its camera (`--use-file-for-fake-video-capture`) and plays it again and
again. There are two ways to show one code after another:

- **By the clock**: `FakeCamera(path, [(first, 3.0), (second, 3.0)])` plays each picture for its
  seconds, in a loop, so that a code missed once comes round. Good where any order will do.
- **By hand**: `camera.show(picture)` writes the picture over all frames of the file while Chromium
  reads it; the next frame shows it. A test shows a code, waits for what the page says, shows the
  next. Nothing waits for a clock, so this is what whole stories want. `camera.show(nothing())`
  takes the code away.

The tablet says a code once while it stays in sight and anew after two seconds out of sight
(`REPEAT_MS`): to show the same code twice, show nothing in between for so long.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Playwright, sync_playwright

from api.rendering.qr import Level, qr_png
from tests.harness.chromium import chromium_path, launch_arguments

SIZE_PX: Final = (1280, 720)
FRAMES_PER_SECOND: Final = 5
TABLE_GREY: Final = 150
"""What lies behind a code: neither paper nor night."""
BLACK, WHITE = 16, 235
"""Video keeps its luma between these (ITU-R BT.601); what a page sees is 0 to 255 again."""
_TO_VIDEO: Final = [round(BLACK + (WHITE - BLACK) * grey / 255) for grey in range(256)]
_FRAME_MARK: Final = b"FRAME\n"


class FakeCamera:
    """A file that Chromium takes for a camera: an uncompressed film in grey.

    Args:
        path: where the film is written; its name ends in `.y4m`.
        frames: pictures and how many seconds each is seen. They are centred, never scaled, and cut
            where they are larger than the camera's frame.
        size: width and height in pixels.
    """

    def __init__(
        self,
        path: Path,
        frames: Sequence[tuple[Image.Image, float]] = (),
        *,
        size: tuple[int, int] = SIZE_PX,
    ) -> None:
        self.path = path
        self._size = size
        head = f"YUV4MPEG2 W{size[0]} H{size[1]} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420\n"
        self._head = head.encode()
        self._count = 0
        with path.open("wb") as film:
            film.write(self._head)
            for picture, seconds in frames or [(nothing(), 1 / FRAMES_PER_SECOND)]:
                times = max(1, round(seconds * FRAMES_PER_SECOND))
                film.write(self._frame(picture) * times)
                self._count += times

    def show(self, picture: Image.Image) -> None:
        """Hold this picture before the camera from now on."""
        frame = self._frame(picture)
        with self.path.open("r+b") as film:
            film.seek(len(self._head))
            for _ in range(self._count):
                film.write(frame)

    def arguments(self) -> list[str]:
        """Return what tells Chromium to take this for its camera."""
        return [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={self.path}",
        ]

    def _frame(self, picture: Image.Image) -> bytes:
        luma = placed(picture, self._size).point(_TO_VIDEO)
        width, height = self._size
        colourless = bytes([128]) * (2 * ((width + 1) // 2) * ((height + 1) // 2))
        return _FRAME_MARK + luma.tobytes() + colourless


@contextmanager
def seeing(camera: FakeCamera) -> Iterator[Browser]:
    """Start the system's Chromium with this camera.

    A page may use it where its context allows: `browser.new_context(permissions=["camera"])`.
    """
    with sync_playwright() as playwright, launched(playwright, *camera.arguments()) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    """Start another Chromium with these arguments: Playwright itself runs once at a time."""
    browser = playwright.chromium.launch(
        executable_path=chromium_path(), args=[*launch_arguments(), *arguments]
    )
    try:
        yield browser
    finally:
        browser.close()


def nothing() -> Image.Image:
    """Return a picture without a code."""
    return Image.new("L", (16, 16), TABLE_GREY)


def code(text: str, *, module_px: int = 6, level: Level = Level.M) -> Image.Image:
    """Return a code as the project renders it, `module_px` camera pixels a module."""
    return Image.open(BytesIO(qr_png(text, scale=module_px, level=level))).convert("L")


def placed(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a frame of this size with the picture in its middle, in grey."""
    frame = Image.new("L", size, TABLE_GREY)
    at = ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2)
    frame.paste(picture.convert("L"), at)
    return frame
