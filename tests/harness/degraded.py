"""What a camera makes of a code: blur, turning, slant, dusk, glare, motion, dirt, compression.

A picture is made as it comes about: the code lies somewhere in space, something lies on it, light
falls, the lens blurs, the sensor adds grain, the picture is packed. Sizes are in modules of the
code, because that is what a reader has to tell apart; grain and lens are in pixels and grey levels.
The same seed makes the same picture.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.harness.fake_camera import TABLE_GREY
from tests.harness.homography import Point, homography

Size = tuple[int, int]

FRAME_PX: Final = (1280, 720)
FINER: Final = 2
"""Drawn so many times finer than the camera's pixels, so that edges fall between them."""
LENS_PX: Final = 0.4
GRAIN: Final = 3.0
DISTANCE: Final = 2.5
"""How far away the camera is, in sides of the code: what tilting does depends on it."""
GREYS: Final = 256
_UNIFORM_DEVIATION: Final = 36.95
"""Standard deviation of the mean of four numbers, each evenly drawn from 0 to 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How badly a code is seen; the defaults are a steady hand, good light, a usual camera.

    Attributes:
        module_px: camera pixels a module, where nothing is tilted.
        turned_deg: turned in the picture's plane.
        tilted_deg: tilted out of the picture's plane, about a random axis.
        blur_modules: radius (one standard deviation) of being out of focus.
        motion_modules: how far the code moves while the picture is taken, in a random direction.
        light: share of the contrast that is left.
        grain: standard deviation of the sensor's noise, in grey levels.
        glare: diameter of a white spot at a random place, as a share of the code's side.
        dirt: share of the code's area that is covered by dark and light spots.
        quality: of JPEG, 1 to 95; `None` leaves the picture unpacked.
    """

    module_px: float = 5
    turned_deg: float = 0
    tilted_deg: float = 0
    blur_modules: float = 0
    motion_modules: float = 0
    light: float = 1
    grain: float = GRAIN
    glare: float = 0
    dirt: float = 0
    quality: int | None = None


FAMILIES: Final[dict[str, Sequence[Conditions]]] = {
    "blur": [Conditions(blur_modules=share) for share in (0.3, 0.5, 0.7)],
    "rotation": [Conditions(turned_deg=degrees) for degrees in (10, 30, 45)],
    "perspective": [Conditions(tilted_deg=degrees) for degrees in (20, 35, 50)],
    "dim light": [
        Conditions(light=light, grain=grain) for light, grain in ((0.3, 5), (0.2, 7), (0.12, 8))
    ],
    "glare": [Conditions(glare=share) for share in (0.12, 0.2, 0.3)],
    "motion": [Conditions(motion_modules=length) for length in (0.5, 1.0, 1.5)],
    "dirt": [Conditions(dirt=share) for share in (0.02, 0.04, 0.06)],
    "JPEG": [Conditions(quality=quality) for quality in (40, 20, 10)],
    "together": [
        Conditions(
            turned_deg=8 * hard,
            tilted_deg=10 * hard,
            blur_modules=0.15 * hard,
            light=0.9 - 0.2 * hard,
            grain=3 + hard,
            quality=80 - 15 * hard,
        )
        for hard in (1, 2, 3)
    ],
}
"""Each family from light to heavy."""


def seen(picture: Image.Image, conditions: Conditions, *, seed: int) -> Image.Image:
    """Return the camera's frame of a code drawn with one pixel a module, quiet zone and all."""
    chance = random.Random(seed)  # noqa: S311  noise has to be repeatable, not secret
    how = conditions
    frame = _lying(picture, how, chance)
    side_px = picture.width * how.module_px
    if how.glare:
        frame = _with_glare(frame, how.glare * side_px, side_px, chance)
    if how.light < 1:
        frame = frame.point([round(grey * how.light) for grey in range(GREYS)])
    if how.motion_modules:
        frame = _moved(frame, how.motion_modules * how.module_px, chance)
    radius = math.hypot(LENS_PX, how.blur_modules * how.module_px)
    frame = frame.filter(ImageFilter.GaussianBlur(radius))
    frame = _grained(frame, how.grain, chance)
    return _packed(frame, how.quality) if how.quality is not None else frame


def _lying(picture: Image.Image, how: Conditions, chance: random.Random) -> Image.Image:
    """Put the code into space before the camera, with its dirt on it."""
    scale = max(4, math.ceil(how.module_px * FINER))
    large = picture.resize((picture.width * scale,) * 2, Image.Resampling.NEAREST)
    if how.dirt:
        _soil(large, how.dirt, scale, chance)
    side = picture.width * how.module_px * FINER
    width, height = (length * FINER for length in FRAME_PX)
    corners = [
        (width / 2 + x * side, height / 2 + y * side)
        for x, y in _projected(how.turned_deg, how.tilted_deg, chance.uniform(0, math.tau))
    ]
    ends = [(0.0, 0.0), (large.width, 0.0), (large.width, large.height), (0.0, large.height)]
    numbers = homography(corners, ends)
    lying, paper = (
        sheet.transform(
            (width, height), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
        )
        for sheet in (large, Image.new("L", large.size, 255))
    )
    # Around the paper lies the table.
    frame = Image.new("L", (width, height), TABLE_GREY)
    frame.paste(lying, mask=paper)
    return frame.reduce(FINER)


def _projected(turned_deg: float, tilted_deg: float, axis: float) -> list[Point]:
    """Return where the corners of a square of side 1 are seen, its middle at the origin."""
    turn, tilt = math.radians(turned_deg), math.radians(tilted_deg)
    corners = []
    for u, v in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        x, y = u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)
        along = x * math.cos(axis) + y * math.sin(axis)
        across = -x * math.sin(axis) + y * math.cos(axis)
        nearer = DISTANCE / (DISTANCE + across * math.sin(tilt))
        across *= math.cos(tilt)
        corners.append(
            (
                nearer * (along * math.cos(axis) - across * math.sin(axis)),
                nearer * (along * math.sin(axis) + across * math.cos(axis)),
            )
        )
    return corners


def _soil(large: Image.Image, share: float, scale: int, chance: random.Random) -> None:
    """Drop spots of two to six modules on the code until their areas make up the share."""
    pen = ImageDraw.Draw(large)
    left = share * large.width * large.height
    while left > 0:
        radius = chance.uniform(1, 3) * scale
        x, y = (chance.uniform(0, large.width) for _ in range(2))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), chance.choice((40, 90, 220)))
        left -= math.pi * radius**2


def _with_glare(
    frame: Image.Image, diameter: float, side: float, chance: random.Random
) -> Image.Image:
    """Let a lamp be mirrored: white in the middle of the spot, fading to its edge."""
    spot = Image.radial_gradient("L").resize((max(2, round(diameter * 1.4)),) * 2)
    mask = spot.point([min(255, max(0, (200 - grey) * 4)) for grey in range(GREYS)])
    reach = side * 0.35
    x, y = (
        round(length / 2 + chance.uniform(-reach, reach) - mask.width / 2) for length in frame.size
    )
    lit = frame.copy()
    lit.paste(255, (x, y), mask)
    return lit


def _moved(frame: Image.Image, length: float, chance: random.Random) -> Image.Image:
    """Average the picture along its way."""
    angle, steps = chance.uniform(0, math.tau), max(2, math.ceil(length * 2))
    moved = frame
    for step in range(1, steps):
        way = length * step / (steps - 1)
        shifted = frame.transform(
            frame.size,
            Image.Transform.AFFINE,
            (1, 0, way * math.cos(angle), 0, 1, way * math.sin(angle)),
            Image.Resampling.BILINEAR,
            fillcolor=TABLE_GREY,
        )
        moved = Image.blend(moved, shifted, 1 / (step + 1))
    return moved


def _grained(frame: Image.Image, deviation: float, chance: random.Random) -> Image.Image:
    """Add noise that is close to normal: the mean of four even ones."""
    even = [
        Image.frombytes("L", frame.size, chance.randbytes(frame.width * frame.height))
        for _ in range(4)
    ]
    mean = Image.blend(Image.blend(even[0], even[1], 0.5), Image.blend(even[2], even[3], 0.5), 0.5)
    middle = (GREYS - 1) / 2
    noise = mean.point(
        [
            min(255, max(0, round(128 + (grey - middle) * deviation / _UNIFORM_DEVIATION)))
            for grey in range(GREYS)
        ]
    )
    return ImageChops.add(frame, noise, 1, -128)


def _packed(frame: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    frame.save(buffer, "JPEG", quality=quality)
    return Image.open(BytesIO(buffer.getvalue()), formats=("JPEG",)).convert("L")
