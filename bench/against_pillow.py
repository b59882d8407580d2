"""Slerp Studio beside Pillow: the pixels of some 1,500 pictures of every kind that Pillow can write.

    python bench/against_pillow.py [FOLDER ...]

Pictures below the folders named are compared too. Needs Pillow 12 with AVIF, NumPy, and `npm ci`; pillow-heif for HEIC,
which is left out without it. Pillow's side is upright by EXIF, converted to sRGB by the ICC profile (LittleCMS), of
animations the first frame, laid on white; so is ours. Prints how many there were of each kind, how many were exact, and
which are off by more than two levels of 255 on average.
"""

import argparse
import io
import itertools
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Iterator

import numpy as np
from PIL import Image, ImageCms, ImageOps

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "test/fixtures/pictures"))
from make import LINEAR_GREY, ORIENTATION, SWAPPED  # noqa: E402

SIZES = [(1, 1), (1, 17), (9, 8), (64, 64), (121, 83)]
MOST_PIXELS = 8192 * 8192
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".heic", ".tif", ".tiff"}

try:
    import pillow_heif

    pillow_heif.register_heif_opener()
except ImportError:
    pillow_heif = None


def scene(width: int, height: int, seed: int) -> Image.Image:
    """Slopes, edges and a little noise: what chroma subsampling, filters and predictors differ over."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).normal(0, 6, (height, width, 3))
    waves = np.dstack([np.sin(x / 17 + seed), np.cos(y / 11 + seed), np.sin((x + y) / 23)]) * 100 + 128
    waves[(x // 16 + y // 16) % 5 == 0] = [230, 40, 60]
    return Image.fromarray(np.clip(waves + noise, 0, 255).astype(np.uint8))


def with_alpha(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    y, x = np.mgrid[0:height, 0:width]
    picture = picture.convert("RGBA")
    picture.putalpha(Image.fromarray(((x * 5 + y * 3) % 256).astype(np.uint8)))
    return picture


def deep(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257 + 11)


def transparent_palette(picture: Image.Image) -> Image.Image:
    picture = picture.quantize(32)
    picture.info["transparency"] = 3
    return picture


def exif(orientation: int) -> Image.Exif:
    block = Image.Exif()
    block[ORIENTATION] = orientation
    return block


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
PROFILES = {"none": {}, "swapped": {"icc_profile": SWAPPED}, "srgb": {"icc_profile": SRGB.tobytes()}}
MODES = {
    "1": lambda p: p.convert("1"),
    "L": lambda p: p.convert("L"),
    "LA": lambda p: with_alpha(p).convert("LA"),
    "P": lambda p: p.quantize(64),
    "P+tRNS": transparent_palette,
    "I;16": deep,
    "RGB": lambda p: p,
    "RGBA": with_alpha,
    "CMYK": lambda p: p.convert("CMYK"),
}


def variants() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Ending, mode and what to save with."""
    for mode in ["1", "L", "LA", "P", "P+tRNS", "I;16", "RGB", "RGBA"]:
        yield "png", mode, {}
    for profile, orientation in itertools.product(PROFILES.values(), range(1, 9)):
        yield "png", "RGB", {"exif": exif(orientation), **profile}
        yield "jpg", "RGB", {"exif": exif(orientation), "quality": 90, **profile}
        yield "webp", "RGB", {"exif": exif(orientation), "lossless": True, **profile}
        yield "avif", "RGB", {"exif": exif(orientation), "quality": 90, "speed": 10, **profile}
        if profile.get("icc_profile") is not SRGB or orientation == 1:
            yield "tif", "RGB", {"exif": exif(orientation), "compression": "tiff_lzw", **profile}
    yield "png", "L", {"icc_profile": LINEAR_GREY}
    yield "png", "RGBA", {"icc_profile": SWAPPED}
    for quality, subsampling, progressive in itertools.product([30, 75, 95], [0, 1, 2], [False, True]):
        yield "jpg", "RGB", {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    for mode, options in itertools.product(["L", "CMYK"], [{}, {"progressive": True}, {"optimize": True}]):
        yield "jpg", mode, options
    yield "jpg", "RGB", {"keep_rgb": True, "quality": 92}
    yield "jpg", "RGB", {"restart_marker_blocks": 3}
    yield "jpg", "RGB", {"restart_marker_rows": 1, "progressive": True}
    for mode, quality in itertools.product(["RGB", "RGBA", "L"], [20, 80, 100]):
        yield "webp", mode, {"quality": quality}
    for mode in ["L", "RGB", "RGBA", "P+tRNS"]:
        yield "webp", mode, {"lossless": True, "exact": True}
    for mode, subsampling in itertools.product(["L", "RGB", "RGBA"], ["4:4:4", "4:2:2", "4:2:0"]):
        yield "avif", mode, {"subsampling": subsampling, "quality": 85, "speed": 10}
    for mode, interlace in itertools.product(["1", "L", "P", "P+tRNS"], [0, 1]):
        yield "gif", mode, {"interlace": interlace}
    for ending in ["gif", "webp", "png"]:
        yield ending, "RGB", {"save_all": True, "duration": 40}
    for compression in [None, "tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_deflate"]:
        for mode in ["1", "L", "LA", "P", "I;16", "RGB", "RGBA", "CMYK"]:
            yield "tif", mode, {"compression": compression}
    for mode in ["L", "RGB"]:
        yield "tif", mode, {"compression": "jpeg"}
    if pillow_heif:
        for mode, chroma in itertools.product(["RGB", "RGBA"], [420, 444]):
            yield "heic", mode, {"quality": 90, "chroma": chroma}
        yield "heic", "RGB", {"icc_profile": SWAPPED}


def make(folder: Path) -> Iterator[Path]:
    for number, ((width, height), (ending, mode, options)) in enumerate(itertools.product(SIZES, variants())):
        picture = MODES[mode](scene(width, height, number))
        if options.get("save_all"):
            options = {**options, "append_images": [scene(width, height, number + 1)]}
        path = folder / f"{number:04}-{mode.replace(';', '').replace('+', '-')}.{ending}"
        try:
            picture.save(path, **{key: value for key, value in options.items() if value is not None})
        except (OSError, ValueError, RuntimeError) as error:
            print(f"Pillow cannot write {path.name}: {error}")
            path.unlink(missing_ok=True)
            continue
        yield path


def convert_to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours by the profile; alpha, which LittleCMS would drop, beside it."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    alpha = picture.getchannel("A") if "A" in picture.getbands() else None
    plain = {"LA": "L", "RGBA": "RGB", "P": "RGB"}.get(picture.mode, picture.mode)
    picture = ImageCms.profileToProfile(picture.convert(plain), source, SRGB, outputMode="RGB")
    if alpha:
        picture.putalpha(alpha)
    return picture


def open_by_pillow(path: Path) -> np.ndarray:
    picture = Image.open(path)
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = Image.fromarray(np.round(np.asarray(picture) / 257).astype(np.uint8))
    if profile:
        picture = convert_to_srgb(picture, profile)
    return np.asarray(picture.convert("RGBA"))


def on_white(pixels: np.ndarray) -> np.ndarray:
    alpha = pixels[..., 3:].astype(np.float64) / 255
    return pixels[..., :3] * alpha + 255 * (1 - alpha)


class Ours:
    def __init__(self, folder: Path) -> None:
        self.pixels = folder / "pixels"
        command = ["npx", "tsx", str(ROOT / "bench/pillow/openWorker.ts"), str(self.pixels)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, **pipes)

    def open(self, path: Path) -> np.ndarray | str:
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer["error"]:
            return answer["error"]
        pixels = np.fromfile(self.pixels, np.uint8)
        return pixels.reshape(answer["height"], answer["width"], 4)


def compare(path: Path, ours: Ours) -> tuple[str, float, str]:
    """Verdict, mean difference in levels, and what there is to say."""
    try:
        theirs = open_by_pillow(path)
    except Exception as error:  # noqa: BLE001 - whatever Pillow throws, it does not open the file
        return "not opened by Pillow", 0, str(error)
    mine = ours.open(path)
    if isinstance(mine, str):
        return "refused by us", 0, mine
    if mine.shape != theirs.shape:
        return "another size", 0, f"{mine.shape} beside {theirs.shape}"
    off = float(np.abs(on_white(mine) - on_white(theirs)).mean())
    if off > 2:
        return "off by more than 2", off, ""
    return ("exact" if off == 0 else "within 2"), off, ""


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folders", nargs="*", type=Path)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Ours(folder)
        found = (
            path
            for root in arguments.parse_args().folders
            for path in sorted(root.rglob("*"))
            if path.suffix.lower() in ENDINGS and path.is_file()
        )
        for path in itertools.chain(make(folder), found):
            verdict, off, remark = compare(path, ours)
            counts[path.suffix.lower()][verdict] += 1
            if verdict not in ("exact", "within 2"):
                print(f"{path}: {verdict} {off:.2f} {remark}")
    for ending, verdicts in sorted(counts.items()):
        print(ending, sum(verdicts.values()), dict(verdicts))
    print("all", sum(sum(verdicts.values()) for verdicts in counts.values()))


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    main()
