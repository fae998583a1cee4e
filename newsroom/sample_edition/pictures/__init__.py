"""The edition's illustrations, drawn here: flat shapes, few colours, a little grain."""

import io
import random
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from PIL import Image, ImageChops, ImageDraw

from newsroom.sample_edition.pictures import city, country, harbour
from newsroom.sample_edition.pictures.canvas import HEIGHT, SCALE, WIDTH, H, Scene, W

SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (*harbour.SCENES, *city.SCENES, *country.SCENES)
}


def draw_pictures(names: Iterable[str]) -> dict[str, bytes]:
    """Return the named illustrations, drawn by as many processes as there are processors.

    Spawned, not forked: a fork would share this process's database connection.
    """
    names = list(names)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return dict(zip(names, pool.map(picture, names), strict=True))


def picture(name: str) -> bytes:
    """Return the illustration as a JPEG file. Raises KeyError for an unknown name."""
    scene = SCENES[name]
    image = Image.new("RGB", (W, H))
    scene(image, ImageDraw.Draw(image), random.Random(name))  # noqa: S311 (drawing)
    image = image.reduce(SCALE)
    grain = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 10).resize((WIDTH, HEIGHT))
    image = ImageChops.soft_light(image, grain.convert("RGB"))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=84, progressive=True)
    return file.getvalue()
