"""The edition's illustrations, drawn by this file: flat shapes, few colours, a little grain.

Each is drawn at twice its size and scaled down, which smooths the edges.
"""

import io
import math
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1000
SCALE = 2
W, H = WIDTH * SCALE, HEIGHT * SCALE

type Draw = ImageDraw.ImageDraw
type Scene = Callable[[Image.Image, Draw, random.Random], None]


def picture(name: str) -> bytes:
    """Return the illustration as a JPEG file. Raises KeyError for an unknown name."""
    scene = SCENES[name]
    image = Image.new("RGB", (W, H))
    scene(image, ImageDraw.Draw(image), random.Random(name))  # noqa: S311 (drawing)
    image = image.reduce(SCALE)
    grain = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 14).resize((WIDTH, HEIGHT))
    image = ImageChops.soft_light(image, grain.convert("RGB"))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=84, progressive=True)
    return file.getvalue()


def _sky(image: Image.Image, top: str, bottom: str) -> None:
    """Fill the picture with a vertical gradient."""
    ramp = Image.linear_gradient("L").resize((W, H))
    image.paste(
        Image.composite(Image.new("RGB", (W, H), bottom), Image.new("RGB", (W, H), top), ramp)
    )


def _disc(draw: Draw, x: float, y: float, r: float, fill: str) -> None:
    draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def _hill(draw: Draw, base: float, height: float, waves: float, shift: float, fill: str) -> None:
    """Draw a rolling line of hills, or of water, filled to the bottom."""
    points = [
        (x, base - height * math.sin(x / W * waves * math.pi + shift)
         - height * 0.35 * math.sin(x / W * waves * 2.7 * math.pi + shift * 2))
        for x in range(0, W + 40, 40)
    ]  # fmt: skip
    draw.polygon([*points, (W, H), (0, H)], fill=fill)


def _crane(draw: Draw, x: float, ground: float, size: float, lift: float, fill: str) -> None:
    """Draw a harbour crane on four legs; lift is how steeply its arm stands, in radians."""
    w = int(size * 0.045)
    top = ground - size * 0.55
    draw.line((x - size * 0.18, ground, x - size * 0.1, top), fill=fill, width=w)
    draw.line((x + size * 0.18, ground, x + size * 0.1, top), fill=fill, width=w)
    draw.rectangle((x - size * 0.16, top - size * 0.14, x + size * 0.16, top), fill=fill)
    tip = (x + size * 0.95 * math.cos(lift), top - size * 0.95 * math.sin(lift))
    mast = (x - size * 0.05, top - size * 0.5)
    draw.line((x, top - size * 0.1, *tip), fill=fill, width=w)
    draw.line((x - size * 0.1, top, *mast), fill=fill, width=w)
    draw.line((*mast, *tip), fill=fill, width=max(3, w // 4))
    draw.line((*tip, tip[0], tip[1] + size * 0.3), fill=fill, width=max(3, w // 4))


def harbour_dusk(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#1d2b53", "#e8875b")
    _disc(draw, W * 0.72, H * 0.56, 260, "#ffd9a0")
    for x, size in ((0.1, 900), (0.27, 700), (0.9, 800)):
        _crane(draw, W * x, H * 0.62, size, 0.7, "#22243f")
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


def town_hall(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#0c1430", "#2c3f74")
    for _ in range(120):
        _disc(draw, dice.uniform(0, W), dice.uniform(0, H * 0.5), dice.uniform(2, 6), "#c9d3f2")
    stone, shade = "#8c8471", "#5b5648"
    draw.rectangle((W * 0.14, H * 0.42, W * 0.86, H * 0.9), fill=stone)
    draw.rectangle((W * 0.44, H * 0.12, W * 0.56, H * 0.5), fill=stone)
    draw.polygon([(W * 0.42, H * 0.14), (W * 0.5, H * 0.01), (W * 0.58, H * 0.14)], fill=shade)
    draw.polygon([(W * 0.34, H * 0.43), (W * 0.5, H * 0.29), (W * 0.66, H * 0.43)], fill=shade)
    _disc(draw, W * 0.5, H * 0.22, 90, "#f6e7b4")
    draw.line((W * 0.5, H * 0.22, W * 0.5 + 50, H * 0.22), fill=shade, width=12)
    draw.line((W * 0.5, H * 0.22, W * 0.5 + 10, H * 0.22 - 66), fill=shade, width=10)
    for row in range(3):
        for column in range(14):
            x, y = W * (0.17 + column * 0.0485), H * (0.47 + row * 0.14)
            fill = "#ffc861" if row == 1 and column not in {3, 11} else "#2a2f45"
            draw.rounded_rectangle((x, y, x + 84, y + 170), radius=42, fill=fill)
    draw.rectangle((0, H * 0.9, W, H), fill="#1a1d2c")


def dry_field(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#f2d6a2", "#f9ecd2")
    _disc(draw, W * 0.28, H * 0.24, 190, "#f3a04c")
    for i, fill in enumerate(("#d9a566", "#c98d4c", "#b57639", "#9c5f2b")):
        _hill(draw, H * (0.5 + i * 0.13), 46, 1.6 + i * 0.3, i * 1.4, fill)
    for _ in range(70):
        x, y = dice.uniform(0, W), dice.uniform(H * 0.72, H)
        for _ in range(7):
            nx, ny = x + dice.uniform(-150, 150), y + dice.uniform(-30, 70)
            draw.line((x, y, nx, ny), fill="#6f3f1a", width=int(4 + 8 * (y / H)))
            x, y = nx, ny


def orchard(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#bcd7d8", "#eef0d9")
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
            _disc(draw, x, y, radius, dice.choice(["#3f6b3a", "#4f7f45"]))
            _disc(draw, x - radius * 0.25, y - radius * 0.25, radius * 0.55, "#6c9c56")


def lake_layers(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#dfeaf0", "#9dbccb")
    y, thin = H * 0.24, ["#2c4a5e", "#d7cdb6", "#3d6276", "#b9aa8b", "#1f3747", "#e6dfcd"]
    draw.rectangle((0, y, W, H), fill="#3d6276")
    index = 0
    while y < H:
        height = dice.choice([10, 14, 90, 150]) if y < H * 0.55 else dice.uniform(18, 34)
        points = [(x, y + 14 * math.sin(x / 260 + y / 90)) for x in range(0, W + 40, 40)]
        draw.polygon([*points, (W, H), (0, H)], fill=thin[index % len(thin)])
        index += 1
        y += height


def terraces(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#f6e3c0", "#cfe0d2")
    _disc(draw, W * 0.8, H * 0.2, 150, "#f0b45f")
    greens = ["#a9bf7a", "#8fae66", "#749a55", "#5b8446", "#446c39", "#335630", "#264427"]
    for i, fill in enumerate(greens):
        base = H * (0.36 + i * 0.1)
        _hill(draw, base + 22, 70, 1.3 + 0.12 * i, 0.5 + i * 0.6, "#8a7a5c")
        _hill(draw, base + 44, 70, 1.3 + 0.12 * i, 0.5 + i * 0.6, fill)
    for _ in range(26):
        x, y = dice.uniform(0, W), dice.uniform(H * 0.55, H * 0.95)
        _disc(draw, x, y, dice.uniform(14, 34), "#1f3a22")


def fog_harbour(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    _sky(image, "#c8d2d8", "#93a5b0")
    shades = ["#b4c1c9", "#8ea1ad", "#5d7482"]
    for i, fill in enumerate(shades):
        _crane(
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
    _sky(image, "#14203d", "#4f6d8f")
    _disc(draw, W * 0.55, H * 0.44, 520, "#f3e6c4")
    dark = "#0d1428"
    for x, tall in ((0.44, 0.62), (0.55, 0.74), (0.65, 0.56)):
        draw.line((W * x, H * 0.8, W * x, H * (0.8 - tall)), fill=dark, width=18)
        for i in range(4):
            y = H * (0.8 - tall + 0.06 + i * tall * 0.2)
            half = 90 + i * 44
            draw.chord((W * x - half, y - 40, W * x + half, y + 170), 180, 360, fill=dark)
    draw.polygon(
        [(W * 0.34, H * 0.77), (W * 0.78, H * 0.75), (W * 0.71, H * 0.86), (W * 0.4, H * 0.86)],
        fill=dark,
    )
    draw.line((W * 0.77, H * 0.76, W * 0.87, H * 0.66), fill=dark, width=16)
    _hill(draw, H * 0.87, 18, 7, 0, "#20365a")
    for _ in range(80):
        x, y = dice.gauss(W * 0.55, 330), dice.uniform(H * 0.89, H)
        draw.rectangle((x - 70, y, x + 70, y + 6), fill="#d8cda9")


def tram_lines(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    image.paste("#b9b1a3", (0, 0, W, H))
    for y in range(0, H, 60):
        for x in range(-60, W, 120):
            shift = 60 if y // 60 % 2 else 0
            draw.rectangle((x + shift + 4, y + 4, x + shift + 114, y + 54), fill="#c4bdb0")
    for centre, radius in (((0, H), 1150), ((W, 0), 1500), ((W * 0.2, -H * 0.4), 1700)):
        for gauge in (0, 150):
            r = radius + gauge
            box = (centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r)
            draw.arc(box, 0, 360, fill="#5a564e", width=26)
            draw.arc(box, 0, 360, fill="#e9e4d8", width=8)
    draw.rounded_rectangle((W * 0.62, H * 0.6, W * 0.9, H * 0.74), radius=60, fill="#9b2226")
    for i in range(6):
        x = W * 0.645 + i * 140
        draw.rounded_rectangle((x, H * 0.625, x + 104, H * 0.715), radius=18, fill="#f4e9d2")


def furnace(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    image.paste("#2a0d0b", (0, 0, W, H))
    fills = ["#4d130d", "#7d1f10", "#b2370f", "#dd5c12", "#f2892a", "#fbb85a", "#ffe0a0", "#fffaf0"]
    for i, fill in enumerate(fills):
        _disc(draw, W * 0.5, H * 0.58, 1150 - i * 140, fill)
    draw.rectangle((0, H * 0.84, W, H), fill="#1c0a08")
    draw.line((W * 0.03, H * 0.95, W * 0.46, H * 0.6), fill="#120605", width=34)
    _disc(draw, W * 0.485, H * 0.575, 120, "#ff9d3c")


def windows(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#33405c", (0, 0, W, H))
    for row in range(8):
        for column in range(13):
            x, y = 70 + column * 244, 70 + row * 244
            fill = dice.choice(["#f7c873", "#f2e3bd", "#1d2740", "#1d2740", "#56709c", "#d97b5b"])
            draw.rectangle((x, y, x + 164, y + 174), fill=fill)
            draw.line((x + 82, y, x + 82, y + 174), fill="#33405c", width=10)
            draw.rectangle((x - 10, y + 174, x + 174, y + 190), fill="#252f47")


def moth_night(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#0e1526", "#252038")
    glow = Image.new("L", (W, H))
    ImageDraw.Draw(glow).ellipse((W * 0.3, H * 0.05, W * 0.7, H * 0.69), fill=150)
    glow = glow.resize((W // 8, H // 8)).filter(ImageFilter.GaussianBlur(40)).resize((W, H))
    image.paste(Image.new("RGB", (W, H), "#e08b2f"), mask=glow)
    draw.rectangle((W * 0.495, H * 0.37, W * 0.505, H), fill="#090d18")
    _disc(draw, W * 0.5, H * 0.36, 120, "#ffd48a")
    for _ in range(46):
        angle, far = dice.uniform(0, 6.28), dice.gauss(560, 260)
        x, y = W * 0.5 + far * math.cos(angle) * 1.4, H * 0.37 + far * math.sin(angle)
        s = dice.uniform(18, 46)
        fill = dice.choice(["#f0e3c8", "#d6bf94", "#b79a6b"])
        draw.polygon([(x, y), (x - s * 1.5, y - s), (x - s, y + s * 0.7)], fill=fill)
        draw.polygon([(x, y), (x + s * 1.5, y - s), (x + s, y + s * 0.7)], fill=fill)


def waves(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    _sky(image, "#f7dcb0", "#f3b980")
    _disc(draw, W * 0.68, H * 0.4, 300, "#ef7d3b")
    fills = ["#7fb0bb", "#5b97a8", "#3f7d93", "#2b647d", "#1d4d66", "#133a50"]
    for i, fill in enumerate(fills):
        _hill(draw, H * (0.44 + i * 0.1), 58, 5 - i * 0.4, i * 1.1, "#f1efe2")
        _hill(draw, H * (0.44 + i * 0.1) + 16, 58, 5 - i * 0.4, i * 1.1, fill)


def concert(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#241425", (0, 0, W, H))
    fills = ["#e4572e", "#f3a712", "#f0e2c4", "#a8346b", "#5c8da8"]
    for origin in (0.2, 0.4, 0.6, 0.8):
        for i in range(26):
            angle = math.pi * (0.14 + 0.72 * i / 25)
            far = dice.uniform(500, 1700)
            x, y = W * origin, H * 0.92
            end = (x + far * math.cos(angle), y - far * math.sin(angle))
            draw.line((x, y, *end), fill=dice.choice(fills), width=dice.choice([5, 9, 14]))
            _disc(draw, *end, 16, "#f0e2c4")
    draw.rectangle((0, H * 0.92, W, H), fill="#120a13")


def mural(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    image.paste("#efe3c8", (0, 0, W, H))
    draw.polygon(
        [(W * 0.12, H * 0.36), (W * 0.44, H * 0.36), (W * 0.4, H * 0.48), (W * 0.17, H * 0.48)],
        fill="#c0392f",
    )
    draw.rectangle((W * 0.24, H * 0.2, W * 0.29, H * 0.36), fill="#20495a")
    draw.rectangle((W * 0.32, H * 0.24, W * 0.36, H * 0.36), fill="#20495a")
    for row in range(6):
        y = H * (0.46 + row * 0.1)
        fill = ["#3a8c8c", "#20495a", "#67b0a6"][row % 3]
        for i in range(-1, 9):
            x = i * 420 + (row % 2) * 210
            draw.pieslice((x, y, x + 440, y + 440), 180, 360, fill=fill)
            draw.arc((x + 60, y + 60, x + 380, y + 380), 180, 360, fill="#efe3c8", width=16)
    draw.chord((W * 0.6, H * 0.3, W * 0.9, H * 0.66), 180, 360, fill="#20495a")
    _disc(draw, W * 0.66, H * 0.42, 26, "#efe3c8")
    _disc(draw, W * 0.664, H * 0.42, 11, "#20495a")


def books(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#2b1d16", (0, 0, W, H))
    fills = ["#9b2226", "#c9772b", "#e3b45c", "#3d5a5a", "#6b7f53", "#efe1c2", "#5c3a4d"]
    for shelf in range(4):
        x, floor = 40.0, H * (0.24 + shelf * 0.245)
        while x < W - 60:
            wide, tall = dice.uniform(38, 92), dice.uniform(300, 430)
            fill = dice.choice(fills)
            draw.rectangle((x, floor - tall, x + wide, floor), fill=fill)
            band = dice.choice([b for b in fills if b != fill])
            draw.rectangle((x, floor - tall + 50, x + wide, floor - tall + 66), fill=band)
            x += wide + (dice.uniform(120, 220) if dice.random() < 0.05 else 5)
        draw.rectangle((0, floor, W, floor + 30), fill="#553a26")


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
    for column, row, fill in ((2.5, 5.3, "#17130f"), (5.5, 4.3, "#f6efdd"), (3.5, 2.4, "#17130f")):
        x, y = corner(column, row)
        draw.polygon(
            [(x - 90, y + 60), (x + 90, y + 60), (x + 40, y - 130), (x - 40, y - 130)], fill=fill
        )
        _disc(draw, x, y - 170, 72, fill)
    for _ in range(420):
        x, y = dice.uniform(0, W), dice.uniform(0, H)
        draw.line((x, y, x - 26, y + 100), fill="#b9c7ca", width=4)


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
            _disc(draw, x + 58, y + 60, 15, "#dfe6e3")
            draw.arc((x + 60, y + 10, x + 150, y + 140), 280, 80, fill="#dfe6e3", width=8)


def tools(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#e0b97d", (0, 0, W, H))
    for y in range(60, H, 100):
        for x in range(60, W, 100):
            _disc(draw, x, y, 8, "#c59d62")
    ink = "#3a2a1e"
    for i in range(18):
        x, y = 330 + (i % 6) * 500, 170 + (i // 6) * 620
        draw.rounded_rectangle(
            (x, y + 140, x + 56, y + 480),
            radius=28,
            fill=dice.choice(["#9b2226", "#2f5d62", "#b5651d"]),
        )
        match i % 3:
            case 0:
                draw.rounded_rectangle((x - 110, y + 40, x + 170, y + 150), radius=16, fill=ink)
            case 1:
                draw.polygon(
                    [(x + 14, y + 150), (x + 42, y + 150), (x + 34, y - 40), (x + 22, y - 40)],
                    fill=ink,
                )
            case _:
                draw.arc((x - 80, y - 50, x + 136, y + 166), 300, 240, fill=ink, width=48)


def park_bench(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    _sky(image, "#f4dcae", "#f6ebd0")
    draw.rectangle((0, H * 0.68, W, H), fill="#8fa25a")
    draw.polygon(
        [(W * 0.3, H * 0.72), (W * 0.56, H * 0.72), (W, H * 0.94), (W * 0.66, H * 0.94)],
        fill="#6d8145",
    )
    draw.rectangle((W * 0.29, H * 0.4, W * 0.31, H * 0.72), fill="#5b3d28")
    for x, y, r in ((0.3, 0.28, 420), (0.22, 0.36, 280), (0.39, 0.36, 300)):
        _disc(draw, W * x, H * y, r, "#496b3a")
    _disc(draw, W * 0.27, H * 0.22, 220, "#5f8449")
    for y in (0.57, 0.605, 0.66):
        draw.rounded_rectangle((W * 0.44, H * y, W * 0.68, H * y + 40), radius=12, fill="#8a3b22")
    for x in (0.46, 0.65):
        draw.rectangle((W * x, H * 0.56, W * x + 26, H * 0.76), fill="#2b2420")


def train_window(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    _sky(image, "#a9cbd6", "#f3e4bf")
    for i, fill in enumerate(("#93b08c", "#d8bb62", "#7a9a54", "#55793f")):
        _hill(draw, H * (0.5 + i * 0.1), 40, 1 + i * 0.4, i, fill)
    for x in (0.42, 0.48, 0.53):
        draw.rounded_rectangle((W * x, H * 0.66, W * x + 110, H * 0.7), radius=30, fill="#3a2a1e")
        draw.rectangle((W * x + 14, H * 0.69, W * x + 28, H * 0.73), fill="#3a2a1e")
        draw.rectangle((W * x + 82, H * 0.69, W * x + 96, H * 0.73), fill="#3a2a1e")
    frame = Image.new("L", (W, H), 255)
    ImageDraw.Draw(frame).rounded_rectangle(
        (W * 0.1, H * 0.12, W * 0.9, H * 0.86), radius=220, fill=0
    )
    image.paste(Image.new("RGB", (W, H), "#26323d"), mask=frame)


def cranes_dance(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    _sky(image, "#f2a7a0", "#f9dcbf")
    _disc(draw, W * 0.5, H * 0.62, 420, "#fbeedd")
    for i, lift in enumerate((0.2, 0.75, 1.25, 1.0, 0.5, 1.4)):
        _crane(draw, W * (0.07 + i * 0.165), H * 0.84, 760, lift, "#5b2140" if i % 2 else "#83305a")
    draw.rectangle((0, H * 0.84, W, H), fill="#3c1630")


def bus_rain(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    _sky(image, "#1e2b3a", "#3f5262")
    for _ in range(60):
        _disc(
            draw,
            dice.uniform(0, W),
            dice.uniform(0, H * 0.6),
            dice.uniform(20, 90),
            dice.choice(["#42566a", "#57697a", "#6d7a84"]),
        )
    draw.rectangle((0, H * 0.8, W, H), fill="#141d27")
    draw.rounded_rectangle((W * 0.16, H * 0.26, W * 0.86, H * 0.8), radius=90, fill="#a3242b")
    for i in range(6):
        x = W * 0.2 + i * 345
        draw.rounded_rectangle((x, H * 0.33, x + 280, H * 0.55), radius=30, fill="#f8d27f")
    for x in (0.3, 0.7):
        _disc(draw, W * x, H * 0.8, 140, "#0b1118")
        _disc(draw, W * x, H * 0.8, 60, "#6d7a84")
    for _ in range(420):
        x, y = dice.uniform(0, W), dice.uniform(0, H)
        draw.line((x, y, x - 44, y + 130), fill="#8fa3b5", width=4)


SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        harbour_dusk, town_hall, dry_field, orchard, lake_layers, terraces, fog_harbour, crates,
        sail_moon, tram_lines, furnace, windows, moth_night, waves, concert, mural, books, checker,
        fish_pattern, tools, park_bench, train_window, cranes_dance, bus_rain,
    )
}  # fmt: skip


def draw_pictures(names: Iterable[str]) -> dict[str, bytes]:
    """Return the named illustrations, drawn by as many processes as there are processors.

    Spawned, not forked: a fork would share this process's database connection.
    """
    names = list(names)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return dict(zip(names, pool.map(picture, names), strict=True))
