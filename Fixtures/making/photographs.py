"""Pictures that a compressor and a filter find much like photographs.

Each scene is an array of floats, (height, width, 3), 0 to 1, from fractal noise: noise whose
amplitude falls with a power of the frequency, as in photographs of nature.
"""

import io

import numpy
from PIL import Image, ImageDraw, ImageFilter

from . import metadata, pixels


def fractal(random, height, width, slope=1.8, stretch=1.0):
    """Noise of mean 0 and deviation 1 whose amplitude falls with frequency^slope.

    A `stretch` over 1 makes it wider than high.
    """
    y = numpy.fft.fftfreq(height)[:, None] * height
    x = numpy.fft.rfftfreq(width)[None, :] * width * stretch
    frequency = numpy.maximum(numpy.hypot(x, y), 1)
    spectrum = numpy.fft.rfft2(random.standard_normal((height, width))) / frequency**slope
    noise = numpy.fft.irfft2(spectrum, (height, width))
    return (noise - noise.mean()) / noise.std()


def profile(random, width, slope=1.6):
    """A line of a hill: fractal noise of one dimension."""
    return fractal(random, 1, width * 2, slope)[0, :width]


def blend(below, above, opacity):
    """`above` over `below`; `opacity` has the shape (height, width)."""
    return below + (numpy.asarray(above) - below) * opacity[:, :, None]


def gradient(height, width, *colors):
    """Colours from the top to the bottom, at equal distances."""
    stops = numpy.linspace(0, 1, len(colors))
    at = numpy.linspace(0, 1, height)
    column = numpy.stack([numpy.interp(at, stops, channel) for channel in zip(*colors)], axis=-1)
    return numpy.repeat(column[:, None, :], width, axis=1)


def grid(height, width):
    """y and x of each pixel, in units of the width."""
    return numpy.mgrid[0:height, 0:width] / width


def step(distance, softness):
    """0 below zero, 1 above, soft between."""
    return numpy.clip(distance / softness + 0.5, 0, 1)


def sky(random, height, width, top=(0.25, 0.45, 0.8), bottom=(0.8, 0.87, 0.95), cover=0.2):
    """A clear sky with clouds that get flatter towards the horizon."""
    clouds = step(fractal(random, height, width, 1.7, 2.5) - 1 + 2 * cover, 1.5)
    return blend(gradient(height, width, top, bottom), (numpy.array(bottom) + 1) / 2, clouds * 0.9)


def ridges(random, height, width):
    """Mountains behind mountains in haze."""
    scene = sky(random, height, width)
    y, _ = grid(height, width)
    haze = numpy.array((0.72, 0.8, 0.9))
    for layer in range(6):
        line = (0.25 + 0.08 * layer) * height / width * 1.3 - 0.035 * profile(random, width) * (1 + layer * 0.2)
        rock = fractal(random, height, width, 1.2)
        near = (layer + 1) / 6
        color = haze * (1 - near) + numpy.array((0.16, 0.22, 0.14)) * near
        textured = color + (0.02 + 0.06 * near) * rock[:, :, None]
        scene = blend(scene, textured, step(y - line[None, :], 1.5 / width))
    return scene


def snow(random, height, width):
    """A slope in low sun: little contrast, fine texture."""
    scene = sky(random, height, width, (0.3, 0.5, 0.85), (0.75, 0.85, 0.97), 0)
    y, x = grid(height, width)
    relief = fractal(random, height, width, 1.9, 1.7)
    light = numpy.gradient(relief, axis=1) * width / 40
    slope = numpy.stack([0.82 + 0.1 * light, 0.86 + 0.08 * light, 0.93 + 0.05 * light], axis=-1)
    line = 0.2 + 0.12 * x[0] + 0.02 * profile(random, width)
    return blend(scene, slope, step(y - line[None, :], 1.5 / width))


def sunset(random, height, width):
    """The sun above the sea, with its glitter."""
    horizon = int(height * 0.55)
    scene = sky(random, height, width, (0.2, 0.22, 0.45), (0.98, 0.6, 0.3), 0.25)
    y, x = grid(height, width)
    sun = numpy.hypot(x - 0.6, y - horizon / width + 0.08)
    scene += numpy.exp(-sun * 9)[:, :, None] * (0.5, 0.35, 0.15)
    scene = blend(scene, (1, 0.95, 0.8), step(0.035 - sun, 0.003))
    waves = fractal(random, height, width, 1.3, 8)
    water = scene[::-1][numpy.clip(numpy.arange(height) - 2 * horizon + height, 0, height - 1)] * 0.6
    water = water + 0.06 * waves[:, :, None]
    glitter = step(waves - 0.8, 0.8) * numpy.exp(-(((x - 0.6) / 0.09) ** 2))
    water = blend(water, (1, 0.85, 0.55), glitter)
    scene[horizon:] = water[horizon:]
    return scene


def dunes(random, height, width):
    """Sand: sharp crests, ripples, large even areas."""
    scene = sky(random, height, width, (0.35, 0.55, 0.85), (0.9, 0.88, 0.8), 0)
    y, x = grid(height, width)
    for layer in range(5):
        line = 0.2 + 0.1 * layer - 0.03 * profile(random, width, 2.2)
        ripples = numpy.sin((y * (220 - 30 * layer) + 6 * fractal(random, height, width, 2.2)) * 2) * 0.02
        side = step(numpy.sin(x * 7 + layer * 2) + fractal(random, height, width, 2.4) * 0.3, 0.6)
        sand = numpy.array((0.85, 0.62, 0.38)) * (0.62 + 0.38 * side + ripples)[:, :, None]
        scene = blend(scene, sand, step(y - line[None, :], 1.5 / width))
    return scene


def forest(random, height, width):
    """Trunks in fog."""
    scene = gradient(height, width, (0.75, 0.8, 0.75), (0.55, 0.6, 0.5), (0.2, 0.22, 0.12))
    y, x = grid(height, width)
    for layer in range(5):
        near = (layer + 1) / 5
        for _ in range(9 - layer):
            center = random.uniform(0, 1) + 0.01 * profile(random, height)[:, None]
            bark = fractal(random, height, width // 8, 1.0, 0.2)
            bark = numpy.repeat(bark, 9, axis=1)[:, :width]
            shade = numpy.clip(1 - numpy.abs(x - center) / (0.022 * near), 0, 1)
            color = numpy.array((0.6, 0.65, 0.6)) * (1 - near) + numpy.array((0.12, 0.09, 0.06)) * near
            scene = blend(scene, color + 0.05 * near * (bark + shade)[:, :, None], step(shade, 0.15) * (shade > 0))
    leaves = step(fractal(random, height, width, 0.9) - 0.7 - 4 * (y - 0.12), 1)
    return blend(scene, (0.2, 0.3, 0.1) + 0.1 * fractal(random, height, width, 0.7)[:, :, None], leaves * 0.8)


def leaves(random, height, width):
    """Thousands of leaves, the nearer ones lighter."""
    image = Image.new("RGB", (width * 2, height * 2), (12, 20, 8))
    draw = ImageDraw.Draw(image)
    count = width * height // 160
    for index in range(count):
        near = index / count
        length, angle = random.uniform(14, 34) * (0.5 + near), random.uniform(0, 2 * numpy.pi)
        x, y = random.uniform(0, width * 2), random.uniform(0, height * 2)
        along = numpy.array((numpy.cos(angle), numpy.sin(angle))) * length
        across = numpy.array((-along[1], along[0])) * 0.3
        tone = (30 + 110 * near) * random.uniform(0.7, 1.3)
        color = tuple(int(tone * share) for share in (random.uniform(0.5, 0.9), 1, 0.3))
        lighter = tuple(int(channel * 1.25) for channel in color)
        tip, base, side = (x, y) + along, (x, y) - along, (x, y) + across
        draw.polygon([*base, *side, *tip, *((x, y) - across)], fill=color)
        draw.polygon([*base, *side, *tip], fill=lighter)
    small = image.resize((width, height), Image.Resampling.BOX)
    return numpy.asarray(small) / 255 + 0.02 * fractal(random, height, width, 0.6)[:, :, None]


def pebbles(random, height, width):
    """Round stones: the cells of Voronoi around jittered points."""
    size = width / 28
    rows, columns = int(height / size) + 3, int(width / size) + 3
    jitter = random.uniform(0.15, 0.85, (rows, columns, 2))
    tones = random.uniform(0.3, 0.85, (rows, columns, 1)) * (1, 0.97, 0.92) + random.normal(0, 0.03, (rows, columns, 3))
    y, x = numpy.mgrid[0:height, 0:width] / size + 1
    nearest, second = numpy.full((height, width), 9.0), numpy.full((height, width), 9.0)
    color = numpy.zeros((height, width, 3))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            row = numpy.clip(y.astype(int) + down, 0, rows - 1)
            column = numpy.clip(x.astype(int) + right, 0, columns - 1)
            points = jitter[row, column]
            distance = numpy.hypot(row + points[..., 0] - y, column + points[..., 1] - x)
            closer = distance < nearest
            second = numpy.where(closer, nearest, numpy.minimum(second, distance))
            color = numpy.where(closer[:, :, None], tones[row, column], color)
            nearest = numpy.minimum(nearest, distance)
    roundness = numpy.clip((second - nearest) * 2.2, 0, 1) ** 0.6
    return color * roundness[:, :, None] + 0.035 * fractal(random, height, width, 0.7)[:, :, None]


def bricks(random, height, width):
    """A wall: straight edges, rough texture."""
    row_height, brick_width = width / 30, width / 11
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    x += fractal(random, height, width, 2) * 1.5
    row = (y // row_height).astype(int)
    across = x / brick_width + (row % 2) * 0.5 + 1
    tone = random.uniform(0.7, 1.15, (row.max() + 1, 14))[row, across.astype(int) % 14]
    gap = numpy.minimum((y % row_height), (across % 1) * brick_width)
    wall = numpy.array((0.6, 0.3, 0.22)) * tone[:, :, None] + 0.05 * fractal(random, height, width, 0.8)[:, :, None]
    mortar = numpy.array((0.7, 0.68, 0.63)) + 0.04 * fractal(random, height, width, 0.5)[:, :, None]
    return blend(mortar, wall, step(gap - width / 280, 2)) * (0.75 + 0.3 * x / width)[:, :, None]


def skyline(random, height, width, lit=0.35, top=(0.08, 0.1, 0.25), bottom=(0.95, 0.55, 0.35)):
    """Towers with windows."""
    scene = sky(random, height, width, top, bottom, 0.15)
    for layer in range(3):
        x = 0
        while x < width:
            across = int(width * random.uniform(0.03, 0.09))
            roof = int(height * (random.uniform(0.2, 0.6) + 0.12 * layer))
            color = numpy.array((0.22, 0.2, 0.28)) * (1.3 - 0.45 * layer) * random.uniform(0.8, 1.2)
            scene[roof:, x:x + across] = color
            pitch = max(5, int(width / 130))
            for window_y in range(roof + pitch, height, pitch):
                for window_x in range(x + pitch // 2, x + across - pitch // 2, pitch):
                    light = numpy.array((1, 0.85, 0.5)) if random.random() < lit else color * 0.7
                    scene[window_y:window_y + pitch // 2 + 1, window_x:window_x + pitch // 2] = light
            x += across + int(random.uniform(0, 0.02) * width)
    return scene


def bokeh(random, height, width):
    """Lights out of focus: disks of even tone."""
    scene = gradient(height, width, (0.04, 0.05, 0.1), (0.12, 0.08, 0.06))
    y, x = grid(height, width)
    for _ in range(70):
        center_y, center_x, radius = random.uniform(0, height / width), random.uniform(0, 1), random.uniform(0.012, 0.06)
        color = numpy.array([(1, 0.75, 0.35), (0.95, 0.4, 0.3), (0.4, 0.7, 0.95), (0.9, 0.9, 0.8)][random.integers(4)])
        distance = numpy.hypot(y - center_y, x - center_x)
        disk = step(radius - distance, 0.004) * (0.6 + 0.4 * distance / radius) * random.uniform(0.15, 0.6)
        scene = scene + disk[:, :, None] * color
    return scene


def stars(random, height, width):
    """A night sky: points, and noise of a long exposure."""
    scene = gradient(height, width, (0.02, 0.03, 0.08), (0.1, 0.12, 0.2))
    y, x = grid(height, width)
    band = numpy.exp(-(((y - 0.5 + 0.5 * x) / 0.13) ** 2)) * (1 + 0.4 * fractal(random, height, width, 1.6))
    scene = scene + band[:, :, None] * (0.2, 0.18, 0.2)
    points = numpy.zeros((height, width))
    where = random.integers(0, (height, width), (width * height // 300, 2))
    points[where[:, 0], where[:, 1]] = random.pareto(2.5, len(where))
    glow = Image.fromarray(numpy.clip(points * 60, 0, 255).astype(numpy.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    scene = scene + numpy.asarray(glow)[:, :, None] / 90
    line = 0.52 - 0.03 * profile(random, width)
    return blend(scene, (0.01, 0.01, 0.02), step(y - line[None, :], 2 / width))


def still_life(random, height, width):
    """Balls on a table: smooth shading and soft shadows."""
    y, x = grid(height, width)
    wood = numpy.sin((y * 40 + fractal(random, height, width, 2.0, 8) * 1.2) * 3)
    table = numpy.array((0.55, 0.38, 0.24)) + 0.04 * wood[:, :, None] * (1, 0.8, 0.6)
    scene = blend(gradient(height, width, (0.75, 0.73, 0.7), (0.6, 0.58, 0.55)), table, step(y - 0.34, 0.01))
    for center_x, center_y, radius, color in [
        (0.27, 0.36, 0.13, (0.8, 0.15, 0.12)), (0.55, 0.4, 0.1, (0.95, 0.75, 0.15)), (0.77, 0.35, 0.15, (0.35, 0.6, 0.2))
    ]:
        shadow = numpy.hypot((x - center_x - radius * 0.6) / 1.6, (y - center_y - radius * 0.85) * 2.6)
        scene = blend(scene, scene * 0.35, step(radius - shadow, radius * 0.7))
        dy, dx = (y - center_y) / radius, (x - center_x) / radius
        height_of = numpy.sqrt(numpy.clip(1 - dx**2 - dy**2, 0, 1))
        light = numpy.clip(-0.5 * dx - 0.6 * dy + 0.62 * height_of, 0, 1)
        ball = (numpy.array(color) * (0.15 + 0.85 * light[:, :, None])) + (light**40)[:, :, None] * 0.8
        scene = blend(scene, ball, step(1 - numpy.hypot(dx, dy), 3 / width / radius))
    return scene


def marble(random, height, width):
    """Veins: the zeros of warped noise."""
    warped = fractal(random, height, width, 1.5)
    veins = numpy.exp(-numpy.abs(warped) * 14) + 0.5 * numpy.exp(-numpy.abs(fractal(random, height, width, 1.4)) * 25)
    stone = numpy.array((0.88, 0.87, 0.85)) + 0.03 * fractal(random, height, width, 1.6)[:, :, None]
    return blend(stone, (0.35, 0.36, 0.4), numpy.clip(veins, 0, 1))


def balloon(random, height, width):
    """A striped balloon alone, and how opaque each pixel is."""
    y, x = grid(height, width)
    dy, dx = (y - 0.42) / 0.36, (x - 0.5) / (0.33 - 0.12 * numpy.clip(y - 0.42, 0, 1))
    distance = numpy.hypot(dx, dy)
    around = numpy.arcsin(numpy.clip(dx / numpy.sqrt(numpy.clip(1 - dy**2, 0.01, 1)), -1, 1))
    stripes = step(numpy.sin(around * 9), 0.1)
    colors = blend(numpy.full((height, width, 3), (0.92, 0.88, 0.8)), (0.8, 0.2, 0.15), stripes)
    shaded = colors * (0.45 + 0.55 * numpy.sqrt(numpy.clip(1 - distance**2, 0, 1)))[:, :, None]
    return shaded, step(1 - distance, 0.03)


def moon(random, height, width):
    """A disk with craters, as light of one channel."""
    y, x = grid(height, width)
    relief = 0.4 * fractal(random, height, width, 1.7)
    for _ in range(140):
        center_y, center_x, radius = random.uniform(0, height / width), random.uniform(0, 1), 0.005 + random.pareto(2) * 0.01
        distance = numpy.hypot(y - center_y, x - center_x) / min(radius, 0.12)
        relief += numpy.where(distance < 1, distance**2 - 1, 0.4 * numpy.exp(-((distance - 1) * 3) ** 2) * (distance < 2)) * 0.8
    light = 0.55 + numpy.gradient(relief, axis=1) * 0.9 - numpy.gradient(relief, axis=0) * 0.4
    distance = numpy.hypot(y - height / width / 2, x - 0.5)
    return light * step(0.31 - distance, 0.004) * numpy.clip(1.1 - distance, 0, 1) + 0.01


def developed(random, scene, grain=0.008):
    """Darker corners, a soft tone curve and the grain of film, as samples of 8 bits."""
    height, width, _ = scene.shape
    y, x = grid(height, width)
    light = 1 - 0.35 * ((x - 0.5) ** 2 + (y - height / width / 2) ** 2)
    scene = numpy.clip(scene * light[:, :, None], 0, 1)
    scene = scene * scene * (3 - 2 * scene) * 0.5 + scene * 0.5
    scene += grain * random.standard_normal((height, width, 1))
    return numpy.round(numpy.clip(scene, 0, 1) * 255).astype(numpy.uint8)


def file(samples, **options):
    target = io.BytesIO()
    Image.fromarray(samples).save(target, **options)
    return target.getvalue()


SCENES = {
    "alps/ridges.jpg": (ridges, 1600, 1000),
    "alps/snow.jpg": (snow, 1280, 800),
    "alps/ridges_tall.jpg": (ridges, 640, 960),
    "balcony_marble.jpg": (marble, 960, 600),
    "beach_pebbles.jpg": (pebbles, 1024, 640),
    "beach_dunes.jpg": (dunes, 1440, 900),
    "city/bricks.jpg": (bricks, 960, 640),
    "city/skyline.jpg": (skyline, 1200, 750),
    "city/night/bokeh.jpg": (bokeh, 1440, 900),
    "city/night/stars.png": (stars, 640, 400),
    "forest_orientation6.jpg": (forest, 1200, 800),
    "garden_leaves.jpg": (leaves, 800, 500),
    "kitchen_still_life.png": (still_life, 640, 400),
    "sunset_display_p3.jpg": (sunset, 1600, 1000),
}
"""The scene of each file, its width and its height as it is shown."""


def make(write):
    for name, (scene, width, height) in SCENES.items():
        random = pixels.generator(name)
        samples = developed(random, scene(random, height, width), 0.004 if name.endswith("png") else 0.008)
        options = {"format": "PNG", "optimize": True}
        if name.endswith("jpg"):
            options = {"format": "JPEG", "quality": 82, "subsampling": 2}
        if "orientation6" in name:
            samples = numpy.ascontiguousarray(pixels.stored_for(samples, 6))
            options["exif"] = b"Exif\0\0" + metadata.exif(6)
        if "display_p3" in name:
            options["icc_profile"] = metadata.display_p3()
        write(name, file(samples, **options))
    random = pixels.generator("balloon")
    shaded, opacity = balloon(random, 400, 320)
    samples = numpy.concatenate([developed(random, shaded, 0.003), numpy.round(opacity * 255).astype(numpy.uint8)[:, :, None]], axis=2)
    write("balloon_rgba8.png", file(samples, format="PNG", optimize=True))
    random = pixels.generator("moon")
    light = numpy.clip(moon(random, 320, 400), 0, 1) * 65535
    write("moon_gray16.png", file(numpy.round(light).astype(numpy.uint16), format="PNG", optimize=True))
