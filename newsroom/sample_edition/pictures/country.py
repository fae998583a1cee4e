"""The valley, its weather and its sky."""

import math
import random
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFilter

from newsroom.sample_edition.pictures.canvas import Draw, H, Scene, W, disc, hill, sky


def dry_field(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#f2d6a2", "#f9ecd2")
    disc(draw, W * 0.28, H * 0.24, 190, "#f3a04c")
    for i, fill in enumerate(("#dcb076", "#d19a5a")):
        hill(draw, H * (0.48 + i * 0.08), 46, 1.6 + i * 0.3, i * 1.4, fill)
    draw.rectangle((0, H * 0.64, W, H), fill="#7d4a22")

    def corner(column: int, row: int) -> tuple[float, float]:
        # The same corner for all four clods that share it.
        jitter = random.Random(f"{column}/{row}")  # noqa: S311 (drawing)
        depth = (row / 7) ** 1.7
        step = 150 + 520 * depth
        x = W / 2 + (column - 11 + (row % 2) * 0.5 + jitter.uniform(-0.28, 0.28)) * step
        return x, H * 0.63 + H * 0.42 * depth + jitter.uniform(-26, 26) * (0.3 + depth)

    for row in range(7):
        for column in range(22):
            places = ((0, 0), (1, 0), (1, 1), (0, 1))
            corners = [corner(column + a, row + b) for a, b in places]
            x, y = sum(c[0] for c in corners) / 4, sum(c[1] for c in corners) / 4
            shrunk = [(x + (cx - x) * 0.9, y + (cy - y) * 0.84) for cx, cy in corners]
            draw.polygon(shrunk, fill=dice.choice(["#c98d4c", "#bd7f40", "#d29a5b", "#b57639"]))


def orchard(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#bcd7d8", "#eef0d9")
    draw.rectangle((0, H * 0.4, W, H), fill="#c9a25f")
    for row in range(9):
        near = (row / 8) ** 1.6
        y = H * (0.42 + 0.55 * near)
        radius = 28 + 190 * near
        step = radius * 2.5
        shift = dice.uniform(0, step)
        for i in range(-1, int(W / step) + 2):
            x = i * step + shift
            draw.ellipse(
                (x - radius * 1.1, y + radius * 0.75, x + radius * 1.4, y + radius * 1.1),
                fill="#a07d42",
            )
            draw.rectangle((x - radius * 0.1, y, x + radius * 0.1, y + radius), fill="#5d4326")
            disc(draw, x, y, radius, dice.choice(["#3f6b3a", "#4f7f45"]))
            disc(draw, x - radius * 0.25, y - radius * 0.25, radius * 0.55, "#6c9c56")


def lake_layers(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#dfeaf0", "#9dbccb")
    y, thin = H * 0.24, ["#2c4a5e", "#d7cdb6", "#3d6276", "#b9aa8b", "#1f3747", "#e6dfcd"]
    draw.rectangle((0, y, W, H), fill="#3d6276")
    index = 0
    while y < H:
        height = dice.choice([10, 14, 90, 150]) if y < H * 0.55 else dice.uniform(18, 34)
        points = [(x, y + 14 * math.sin(x / 260 + y / 90)) for x in range(0, W + 40, 40)]
        draw.polygon([*points, (W, H), (0, H)], fill=thin[index % len(thin)])
        index += 1
        y += height


def core_bands(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#23313b", (0, 0, W, H))
    x = W * 0.06
    pale, dark = ["#d9ccb0", "#cbbb9a", "#e4dac2"], ["#5a5046", "#463f3a", "#6b5d4e"]
    number = 0
    while x < W * 0.94:
        is_storm = number == 31
        wide = 420.0 if is_storm else dice.choice([16, 22, 28, 34, 64])
        fill = "#efe6cf" if is_storm else dice.choice(pale if number % 2 else dark)
        draw.rectangle((x, H * 0.34, min(x + wide, W * 0.94), H * 0.66), fill=fill)
        number += 1
        x += wide
    draw.rectangle((W * 0.06, H * 0.34, W * 0.94, H * 0.36), fill="#8fb3c4")
    draw.rectangle((W * 0.06, H * 0.64, W * 0.94, H * 0.66), fill="#14202a")
    for i in range(45):
        left, tall = W * (0.06 + 0.02 * i), 90 if i % 5 == 0 else 46
        draw.rectangle((left, H * 0.71, left + 6, H * 0.71 + tall), fill="#a9bcc6")


def terraces(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#f6e3c0", "#cfe0d2")
    disc(draw, W * 0.8, H * 0.2, 150, "#f0b45f")
    greens = ["#a9bf7a", "#8fae66", "#749a55", "#5b8446", "#446c39", "#335630", "#264427"]
    for i, fill in enumerate(greens):
        base = H * (0.36 + i * 0.1)
        hill(draw, base + 22, 70, 1.3 + 0.12 * i, 0.5 + i * 0.6, "#8a7a5c")
        hill(draw, base + 44, 70, 1.3 + 0.12 * i, 0.5 + i * 0.6, fill)
    for _ in range(26):
        x, y = dice.uniform(0, W), dice.uniform(H * 0.55, H * 0.95)
        disc(draw, x, y, dice.uniform(14, 34), "#1f3a22")


def moth_night(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#0e1526", "#252038")
    glow = Image.new("L", (W, H))
    ImageDraw.Draw(glow).ellipse((W * 0.3, H * 0.05, W * 0.7, H * 0.69), fill=150)
    glow = glow.resize((W // 8, H // 8)).filter(ImageFilter.GaussianBlur(40)).resize((W, H))
    image.paste(Image.new("RGB", (W, H), "#e08b2f"), mask=glow)
    draw.rectangle((W * 0.495, H * 0.37, W * 0.505, H), fill="#090d18")
    disc(draw, W * 0.5, H * 0.36, 120, "#ffd48a")
    for _ in range(46):
        angle, far = dice.uniform(0, 6.28), dice.gauss(560, 260)
        x, y = W * 0.5 + far * math.cos(angle) * 1.4, H * 0.37 + far * math.sin(angle)
        s = dice.uniform(18, 46)
        fill = dice.choice(["#f0e3c8", "#d6bf94", "#b79a6b"])
        draw.polygon([(x, y), (x - s * 1.5, y - s), (x - s, y + s * 0.7)], fill=fill)
        draw.polygon([(x, y), (x + s * 1.5, y - s), (x + s, y + s * 0.7)], fill=fill)


def night_sky(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#0a1128", "#3c4f76")
    pole = (W * 0.62, H * 0.3)
    for _ in range(300):
        far, start = dice.uniform(30, 2400), dice.uniform(0, 360)
        box = (pole[0] - far, pole[1] - far, pole[0] + far, pole[1] + far)
        fill = dice.choice(["#dfe6f5", "#9fb2d6", "#f3dfb0", "#7288b5"])
        draw.arc(box, start, start + dice.uniform(12, 17), fill=fill, width=dice.choice([3, 4, 6]))
    disc(draw, *pole, 10, "#fffaf0")
    hill(draw, H * 0.84, 70, 1.4, 1.2, "#131a2e")
    hill(draw, H * 0.9, 60, 1.9, 0.2, "#0b1020")
    x, y = W * 0.3, H * 0.82
    draw.rectangle((x - 210, y - 150, x + 210, y + 120), fill="#d9d2c0")
    draw.pieslice((x - 230, y - 370, x + 230, y + 90), 180, 360, fill="#efe9da")
    draw.polygon(
        [(x + 20, y - 366), (x + 86, y - 356), (x + 66, y - 150), (x + 10, y - 150)], fill="#101830"
    )
    draw.line((x + 34, y - 200, x + 130, y - 430), fill="#9b2226", width=30)
    draw.rounded_rectangle((x - 150, y - 60, x - 90, y + 120), radius=30, fill="#f2b65a")


def mountain_road(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#27406b", "#f3c9a5")
    fills = ["#6d7fa6", "#4d6190", "#354a78", "#24365d", "#172543"]
    for i, fill in enumerate(fills):
        base = H * (0.34 + i * 0.13)
        points = [
            (across, base - dice.uniform(-60, 330 - i * 55)) for across in range(-200, W + 400, 200)
        ]
        draw.polygon([*points, (W, H), (0, H)], fill=fill)
    road: list[tuple[float, float, float]] = [
        (0.1, 1.02, 200),
        (0.62, 0.93, 150),
        (0.68, 0.88, 120),
        (0.3, 0.82, 92),
        (0.27, 0.785, 74),
        (0.56, 0.74, 56),
        (0.58, 0.715, 46),
        (0.4, 0.68, 34),
        (0.395, 0.665, 26),
        (0.5, 0.635, 18),
    ]
    for (x0, y0, w0), (x1, y1, w1) in pairwise(road):
        for step in range(81):
            t = step / 80
            smooth = t * t * (3 - 2 * t)
            x, y, w = x0 + (x1 - x0) * t, y0 + (y1 - y0) * smooth, w0 + (w1 - w0) * t
            draw.ellipse((W * x - w, H * y - w * 0.34, W * x + w, H * y + w * 0.34), fill="#e9d7bd")
    left, floor = W * 0.5, H * 0.845
    bus = (left, floor - 110, left + 230, floor + 10)
    draw.rounded_rectangle(bus, radius=26, fill="#f2b440")
    draw.rectangle((left + 24, floor - 84, left + 206, floor - 44), fill="#1d2b4a")
    for wheel in (50, 180):
        disc(draw, left + wheel, floor + 10, 24, "#0d1526")


def park_bench(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    sky(image, "#f4dcae", "#f6ebd0")
    draw.rectangle((0, H * 0.68, W, H), fill="#8fa25a")
    draw.polygon(
        [(W * 0.3, H * 0.72), (W * 0.56, H * 0.72), (W, H * 0.94), (W * 0.66, H * 0.94)],
        fill="#6d8145",
    )
    draw.rectangle((W * 0.29, H * 0.4, W * 0.31, H * 0.72), fill="#5b3d28")
    for x, y, r in ((0.3, 0.28, 420), (0.22, 0.36, 280), (0.39, 0.36, 300)):
        disc(draw, W * x, H * y, r, "#496b3a")
    disc(draw, W * 0.27, H * 0.22, 220, "#5f8449")
    for y in (0.57, 0.605, 0.66):
        draw.rounded_rectangle((W * 0.44, H * y, W * 0.68, H * y + 40), radius=12, fill="#8a3b22")
    for x in (0.46, 0.65):
        draw.rectangle((W * x, H * 0.56, W * x + 26, H * 0.76), fill="#2b2420")


def train_window(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    sky(image, "#a9cbd6", "#f3e4bf")
    for i, fill in enumerate(("#93b08c", "#d8bb62", "#7a9a54", "#55793f")):
        hill(draw, H * (0.5 + i * 0.1), 40, 1 + i * 0.4, i, fill)
    for x in (0.42, 0.48, 0.53):
        draw.rounded_rectangle((W * x, H * 0.66, W * x + 110, H * 0.7), radius=30, fill="#3a2a1e")
        draw.rectangle((W * x + 14, H * 0.69, W * x + 28, H * 0.73), fill="#3a2a1e")
        draw.rectangle((W * x + 82, H * 0.69, W * x + 96, H * 0.73), fill="#3a2a1e")
    frame = Image.new("L", (W, H), 255)
    ImageDraw.Draw(frame).rounded_rectangle(
        (W * 0.1, H * 0.12, W * 0.9, H * 0.86), radius=220, fill=0
    )
    image.paste(Image.new("RGB", (W, H), "#26323d"), mask=frame)


def checker(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#56696f", (0, 0, W, H))

    def corner(column: float, row: float) -> tuple[float, float]:
        depth = 0.35 + 0.65 * row / 8
        return W * 0.5 + (column - 4) * 330 * depth, H * 0.14 + row * 190 * (0.55 + 0.45 * row / 8)

    for row in range(8):
        for column in range(8):
            fill = "#e9dfc7" if (row + column) % 2 else "#2f4a3c"
            corners = [corner(column + a, row + b) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
            draw.polygon(corners, fill=fill)
    for across, down, fill in ((2.5, 5.3, "#17130f"), (5.5, 4.3, "#f6efdd"), (3.5, 2.4, "#17130f")):
        x, y = corner(across, down)
        draw.polygon(
            [(x - 90, y + 60), (x + 90, y + 60), (x + 40, y - 130), (x - 40, y - 130)], fill=fill
        )
        disc(draw, x, y - 170, 72, fill)
    for _ in range(420):
        x, y = dice.uniform(0, W), dice.uniform(0, H)
        draw.line((x, y, x - 26, y + 100), fill="#b9c7ca", width=4)


SCENES: tuple[Scene, ...] = (
    dry_field, orchard, lake_layers, core_bands, terraces, moth_night, night_sky, mountain_road,
    park_bench, train_window, checker,
)  # fmt: skip
