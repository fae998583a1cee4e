"""The city: its halls, streets, rails and rooms."""

import math
import random

from PIL import Image

from newsroom.sample_edition.pictures.canvas import Draw, H, Scene, W, disc, sky


def town_hall(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#0c1430", "#2c3f74")
    for _ in range(120):
        disc(draw, dice.uniform(0, W), dice.uniform(0, H * 0.5), dice.uniform(2, 6), "#c9d3f2")
    stone, shade = "#8c8471", "#5b5648"
    draw.rectangle((W * 0.14, H * 0.42, W * 0.86, H * 0.9), fill=stone)
    draw.rectangle((W * 0.44, H * 0.12, W * 0.56, H * 0.5), fill=stone)
    draw.polygon([(W * 0.42, H * 0.14), (W * 0.5, H * 0.01), (W * 0.58, H * 0.14)], fill=shade)
    draw.polygon([(W * 0.34, H * 0.43), (W * 0.5, H * 0.29), (W * 0.66, H * 0.43)], fill=shade)
    disc(draw, W * 0.5, H * 0.22, 90, "#f6e7b4")
    draw.line((W * 0.5, H * 0.22, W * 0.5 + 50, H * 0.22), fill=shade, width=12)
    draw.line((W * 0.5, H * 0.22, W * 0.5 + 10, H * 0.22 - 66), fill=shade, width=10)
    for row in range(3):
        for column in range(14):
            x, y = W * (0.17 + column * 0.0485), H * (0.47 + row * 0.14)
            fill = "#ffc861" if row == 1 and column not in {3, 11} else "#2a2f45"
            draw.rounded_rectangle((x, y, x + 84, y + 170), radius=42, fill=fill)
    draw.rectangle((0, H * 0.9, W, H), fill="#1a1d2c")


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
        left = W * 0.645 + i * 140
        draw.rounded_rectangle((left, H * 0.625, left + 104, H * 0.715), radius=18, fill="#f4e9d2")


def windows(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#33405c", (0, 0, W, H))
    for row in range(8):
        for column in range(13):
            x, y = 70 + column * 244, 70 + row * 244
            fill = dice.choice(["#f7c873", "#f2e3bd", "#1d2740", "#1d2740", "#56709c", "#d97b5b"])
            draw.rectangle((x, y, x + 164, y + 174), fill=fill)
            draw.line((x + 82, y, x + 82, y + 174), fill="#33405c", width=10)
            draw.rectangle((x - 10, y + 174, x + 174, y + 190), fill="#252f47")


def bus_rain(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    sky(image, "#1e2b3a", "#3f5262")
    for _ in range(60):
        disc(
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
        disc(draw, W * x, H * 0.8, 140, "#0b1118")
        disc(draw, W * x, H * 0.8, 60, "#6d7a84")
    for _ in range(420):
        x, y = dice.uniform(0, W), dice.uniform(0, H)
        draw.line((x, y, x - 44, y + 130), fill="#8fa3b5", width=4)


def furnace(image: Image.Image, draw: Draw, _dice: random.Random) -> None:
    image.paste("#2a0d0b", (0, 0, W, H))
    fills = ["#4d130d", "#7d1f10", "#b2370f", "#dd5c12", "#f2892a", "#fbb85a", "#ffe0a0", "#fffaf0"]
    for i, fill in enumerate(fills):
        disc(draw, W * 0.5, H * 0.58, 1150 - i * 140, fill)
    draw.rectangle((0, H * 0.84, W, H), fill="#1c0a08")
    draw.line((W * 0.03, H * 0.95, W * 0.46, H * 0.6), fill="#120605", width=34)
    disc(draw, W * 0.485, H * 0.575, 120, "#ff9d3c")


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


def tools(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#e0b97d", (0, 0, W, H))
    for y in range(60, H, 100):
        for x in range(60, W, 100):
            disc(draw, x, y, 8, "#c59d62")
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
    disc(draw, W * 0.66, H * 0.42, 26, "#efe3c8")
    disc(draw, W * 0.664, H * 0.42, 11, "#20495a")


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
            disc(draw, *end, 16, "#f0e2c4")
    draw.rectangle((0, H * 0.92, W, H), fill="#120a13")


def river_map(image: Image.Image, draw: Draw, dice: random.Random) -> None:
    image.paste("#efe5cf", (0, 0, W, H))
    for row in range(26):
        for column in range(42):
            x, y = column * 78 + dice.uniform(0, 14), row * 78 + dice.uniform(0, 14)
            fill = dice.choice(["#e3d4b5", "#dccaa5", "#e8dcc2", "#c9d0ae"])
            draw.rectangle((x, y, x + dice.uniform(34, 62), y + dice.uniform(34, 62)), fill=fill)
    for width, fill in ((620, "#efe5cf"), (540, "#7fa9b3"), (380, "#6b9aa7")):
        for step in range(400):
            t = step / 399
            x, y = W * (-0.05 + 1.1 * t), H * (0.5 + 0.17 * math.sin(t * 5.2 + 0.4))
            disc(draw, x, y, width / 2, fill)
    bridge = [(W * 0.15, H * 0.28), (W * 0.15, H * 1.0)]
    draw.line(bridge, fill="#3a3631", width=44)
    draw.line(bridge, fill="#efe5cf", width=22)
    south, north = (W * 0.62, H * 0.66), (W * 0.52, H * 0.24)
    for i in range(9):
        t, u = i / 9, (i + 0.55) / 9
        ends = [
            (south[0] + (north[0] - south[0]) * s, south[1] + (north[1] - south[1]) * s)
            for s in (t, u)
        ]
        draw.line(ends, fill="#9b2226", width=20)
    for x, y in (south, north):
        disc(draw, x, y, 62, "#9b2226")
        disc(draw, x, y, 34, "#fbf4e4")
    x, y = W * 0.89, H * 0.83
    draw.polygon([(x, y - 200), (x + 46, y), (x, y + 200), (x - 46, y)], fill="#3a3631")
    draw.polygon([(x, y - 200), (x + 46, y), (x - 46, y)], fill="#9b2226")


SCENES: tuple[Scene, ...] = (
    town_hall, tram_lines, windows, bus_rain, furnace, books, tools, mural, concert, river_map,
)  # fmt: skip
