"""The harbour, the river and the sea."""

import math
import random

from PIL import Image

from newsroom.sample_edition.pictures.canvas import Draw, H, Scene, W, crane, disc, hill, mixed, sky


def harbour_dusk(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#1d2b53", "#e8875b")
    disc(draw, W * 0.72, H * 0.56, 260, "#ffd9a0")
    for x, size in ((0.1, 900), (0.27, 700), (0.9, 800)):
        crane(draw, W * x, H * 0.62, size, 0.7, "#22243f")
    draw.rectangle((0, H * 0.62, W, H), fill="#1a2340")
    for _ in range(140):
        x, y = dice.uniform(0, W), dice.uniform(H * 0.64, H)
        long = dice.uniform(40, 320) * (y / H)
        draw.rectangle((x, y, x + long, y + 6), fill=dice.choice(["#e8875b", "#34406b", "#ffd9a0"]))
    draw.polygon(
        [(W * 0.36, H * 0.66), (W * 0.7, H * 0.66), (W * 0.67, H * 0.73), (W * 0.39, H * 0.73)],
        fill="#0f152b",
    )
    draw.rectangle((W * 0.4, H * 0.6, W * 0.64, H * 0.66), fill="#f4efe4")
    draw.rectangle((W * 0.46, H * 0.555, W * 0.58, H * 0.6), fill="#f4efe4")
    draw.rectangle((W * 0.535, H * 0.5, W * 0.56, H * 0.555), fill="#9b2226")
    for x in range(13):
        left = W * (0.41 + x * 0.0175)
        draw.rectangle((left, H * 0.615, left + 34, H * 0.64), fill="#ffb84d")


def fog_harbour(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    sky(image, "#c8d2d8", "#93a5b0")
    shades = ["#b4c1c9", "#8ea1ad", "#5d7482"]
    for i, fill in enumerate(shades):
        crane(
            draw, W * (0.72 - i * 0.24), H * (0.72 + i * 0.06), 900 + 260 * i, 0.62 + i * 0.1, fill
        )
        veil = Image.new("RGB", (W, H), "#c3ced5")
        image.paste(Image.blend(image, veil, 0.28 if i < 2 else 0.0))
    draw.rectangle((0, H * 0.84, W, H), fill="#4c616e")
    for i in range(16):
        y = H * 0.86 + i * 18
        draw.rectangle((W * 0.05 * (i % 4), y, W * (0.4 + 0.035 * i), y + 5), fill="#7d929e")


def crates(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#24466b", (0, 0, W, H))
    for x in range(0, W, 120):
        draw.rectangle((x, 0, x + 6, int(H * 0.8)), fill="#1d3a5a")
    draw.rectangle((0, H * 0.8, W, H), fill="#c9b48c")
    size = 230
    for column in range(13):
        for row in range(dice.choice([2, 3, 4, 5])):
            x, y = 60 + column * (size + 10), H * 0.86 - (row + 1) * (size + 8)
            fill = dice.choice(["#c8863c", "#b06f2c", "#dda55a", "#9b5a26"])
            draw.rectangle((x, y, x + size, y + size), fill=fill)
            draw.rectangle((x, y + 66, x + size, y + 84), fill="#6e4018")
            draw.rectangle((x, y + 146, x + size, y + 164), fill="#6e4018")


def sail_moon(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#14203d", "#4f6d8f")
    disc(draw, W * 0.55, H * 0.42, 540, "#f3e6c4")
    dark = "#0d1428"

    def sail(x: float, y: float, half: float, tall: float) -> None:
        """Draw a square sail, its foot wider than its head and hollowed by the wind."""
        foot = [
            (x + half * (1 - i / 10), y + tall - 34 * math.sin(math.pi * i / 20)) for i in range(21)
        ]
        draw.polygon([(x - half * 0.8, y), (x + half * 0.8, y), *foot], fill=dark)

    for x, top, wide in ((0.46, 0.3, 0.86), (0.55, 0.2, 1.0), (0.63, 0.32, 0.8)):
        draw.line((W * x, H * 0.82, W * x, H * (top - 0.06)), fill=dark, width=16)
        y, half, tall = H * top, 95.0 * wide, 150.0 * wide
        while y + tall < H * 0.76:
            sail(W * x, y, half, tall)
            y, half, tall = y + tall + 22, half * 1.28, tall * 1.22
    for tip in (0.735, 0.765, 0.79):
        edges = [(W * 0.645, H * (tip - 0.35)), (W * (tip + 0.01), H * 0.72), (W * 0.67, H * 0.75)]
        draw.polygon(edges, outline=dark, width=9)
    draw.polygon([(W * 0.645, H * 0.44), (W * 0.735, H * 0.71), (W * 0.665, H * 0.75)], fill=dark)
    hull = [
        (W * 0.37, H * 0.755),
        (W * 0.44, H * 0.79),
        (W * 0.6, H * 0.79),
        (W * 0.74, H * 0.755),
        (W * 0.69, H * 0.87),
        (W * 0.41, H * 0.87),
    ]
    draw.polygon(hull, fill=dark)
    draw.line((W * 0.73, H * 0.765, W * 0.82, H * 0.7), fill=dark, width=16)
    hill(draw, H * 0.87, 18, 7, 0, "#20365a")
    for _ in range(80):
        x, y = dice.gauss(W * 0.55, 330), dice.uniform(H * 0.89, H)
        draw.rectangle((x - 70, y, x + 70, y + 6), fill="#d8cda9")


def waves(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    sky(image, "#f7dcb0", "#f3b980")
    disc(draw, W * 0.68, H * 0.4, 300, "#ef7d3b")
    fills = ["#7fb0bb", "#5b97a8", "#3f7d93", "#2b647d", "#1d4d66", "#133a50"]
    for i, fill in enumerate(fills):
        hill(draw, H * (0.44 + i * 0.1), 58, 5 - i * 0.4, i * 1.1, "#f1efe2")
        hill(draw, H * (0.44 + i * 0.1) + 16, 58, 5 - i * 0.4, i * 1.1, fill)


def cranes_dance(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    sky(image, "#f2a7a0", "#f9dcbf")
    disc(draw, W * 0.5, H * 0.62, 420, "#fbeedd")
    for i, lift in enumerate((0.2, 0.75, 1.25, 1.0, 0.5, 1.4)):
        crane(draw, W * (0.07 + i * 0.165), H * 0.84, 760, lift, "#5b2140" if i % 2 else "#83305a")
    draw.rectangle((0, H * 0.84, W, H), fill="#3c1630")


def islands(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#e9c9a6", "#f4e9d2")
    disc(draw, W * 0.24, H * 0.3, 170, "#fdf6e3")
    rows = [
        ("#a9bfc2", 0.42, [(0.1, 0.3), (0.5, 0.8)]), ("#7fa0a8", 0.48, [(0.3, 0.62), (0.82, 1.1)]),
        ("#56808c", 0.56, [(-0.1, 0.22), (0.58, 0.78)]), ("#2f5d6b", 0.7, [(0.7, 1.2)]),
    ]  # fmt: skip
    for fill, level, lands in rows:
        y = H * level
        draw.rectangle((0, y, W, H), fill=mixed(fill, "#dfe6df", 0.62))
        for left, right in lands:
            steps = 40
            points = [
                (
                    W * (left + (right - left) * i / steps),
                    y - math.sin(math.pi * i / steps) * (right - left) * 620
                    - dice.uniform(0, 16) * math.sin(math.pi * i / steps),
                )
                for i in range(steps + 1)
            ]  # fmt: skip
            draw.polygon(points, fill=fill)
    x, y = W * 0.4, H * 0.78
    draw.polygon([(x, y), (x + 520, y), (x + 450, y + 110), (x + 60, y + 110)], fill="#9b2226")
    draw.rectangle((x + 110, y - 90, x + 330, y), fill="#f7efe0")
    draw.rectangle((x + 250, y - 170, x + 300, y - 90), fill="#22343c")
    for i in range(4):
        draw.rectangle((x + 130 + i * 48, y - 66, x + 160 + i * 48, y - 36), fill="#2f5d6b")
    for _ in range(60):
        left, low = dice.uniform(0, W), dice.uniform(H * 0.74, H)
        long = dice.uniform(60, 260)
        draw.rectangle((left, low, left + long, low + 5), fill="#f2efe2")


def fish_pattern(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    image.paste("#dfe6e3", (0, 0, W, H))
    for row in range(9):
        for column in range(-1, 9):
            x, y = column * 400 + (row % 2) * 200, row * 230 + 20
            fill = (
                "#c0392f"
                if (row, column) == (4, 4)
                else ["#1f4e63", "#3a7a8c", "#7fadb4"][(row + column) % 3]
            )
            draw.ellipse((x, y, x + 270, y + 150), fill=fill)
            draw.polygon([(x + 240, y + 75), (x + 350, y + 5), (x + 350, y + 145)], fill=fill)
            disc(draw, x + 58, y + 60, 15, "#dfe6e3")
            draw.arc((x + 60, y + 10, x + 150, y + 140), 280, 80, fill="#dfe6e3", width=8)


def tide_mill(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#f0c48f", "#f7e6c6")
    disc(draw, W * 0.8, H * 0.34, 190, "#e9793c")
    hill(draw, H * 0.56, 60, 1.7, 0.6, "#9fb394")
    hill(draw, H * 0.62, 40, 2.3, 2.1, "#6f8f7d")
    water = H * 0.7
    draw.rectangle((0, water, W, H), fill="#3f7384")
    draw.rectangle((0, water - 70, W * 0.62, water), fill="#5b5148")
    draw.rectangle((W * 0.2, H * 0.34, W * 0.48, water), fill="#e9dfc9")
    draw.polygon([(W * 0.17, H * 0.35), (W * 0.34, H * 0.16), (W * 0.51, H * 0.35)], fill="#9b2226")
    for row in range(2):
        for column in range(4):
            x, y = W * (0.225 + column * 0.066), H * (0.4 + row * 0.13)
            draw.rectangle((x, y, x + 84, y + 120), fill="#34495a")
    hub = (W * 0.53, water - 40)
    disc(draw, *hub, 330, "#4a3524")
    disc(draw, *hub, 276, "#6f8f7d")
    for i in range(12):
        angle = math.pi * i / 6 + 0.13
        end = (hub[0] + 350 * math.cos(angle), hub[1] + 350 * math.sin(angle))
        draw.line((*hub, *end), fill="#4a3524", width=26)
    disc(draw, *hub, 52, "#4a3524")
    draw.rectangle((0, water + 60, W, H), fill="#3f7384")
    for _ in range(150):
        x, y = dice.uniform(0, W), dice.uniform(water + 70, H)
        long = dice.uniform(40, 300)
        fill = dice.choice(["#f0c48f", "#2c5a6b", "#5b8c9a"])
        draw.rectangle((x, y, x + long, y + 7), fill=fill)


SCENES: tuple[Scene, ...] = (
    harbour_dusk, fog_harbour, crates, sail_moon, waves, cranes_dance, islands, fish_pattern,
    tide_mill,
)  # fmt: skip
