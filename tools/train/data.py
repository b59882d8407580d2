"""Pictures of a zip or a folder -> one uint8 array on disk, [N, H, W, 3], read by memory map.

    python data.py pictures.zip train-64.npy --size 64
"""

import argparse
import hashlib
import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

SUFFIXES = {".webp", ".png", ".jpg", ".jpeg", ".bmp"}


def picture_names(source: Path, without: Collection[str] = ()) -> list[str]:
    """Names of the pictures of a zip or folder, sorted, so that two runs see the same order.

    Those in a folder named in `without` are left out. Raises ValueError for one that is not there.
    """
    if source.is_dir():
        everything = [path.relative_to(source).as_posix() for path in source.rglob("*")]
    else:
        with zipfile.ZipFile(source) as archive:
            everything = archive.namelist()
    names = sorted(name for name in everything if Path(name).suffix.lower() in SUFFIXES and not is_hidden(name))
    left_out = {Path(folder).name for folder in without}
    folders_of = {name: set(Path(name).parts[:-1]) for name in names}
    if missing := left_out.difference(*folders_of.values()):
        raise ValueError(f"{source} has no folder {', '.join(sorted(missing))} to leave out")
    return [name for name in names if not left_out & folders_of[name]]


def is_hidden(name: str) -> bool:
    """Whether a file is one that systems put beside pictures and people do not see."""
    return any(part.startswith((".", "__MACOSX")) for part in Path(name).parts)


def read_pictures(source: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of pictures of a zip or folder."""
    if source.is_dir():
        for name in names:
            yield name, (source / name).read_bytes()
        return
    with zipfile.ZipFile(source) as archive:
        for name in names:
            yield name, archive.read(name)


def fit(picture: Image.Image, size: int) -> Image.Image:
    """Centre square, scaled to size x size; a picture of that size passes through untouched. Transparency on white."""
    if picture.mode in ("RGBA", "LA", "P"):
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    picture = picture.convert("RGB")
    if picture.size == (size, size):
        return picture
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.resize((size, size), Image.Resampling.LANCZOS, (left, top, left + side, top + side))


def decoded(source: Path, name: str, data: bytes, size: int) -> np.ndarray:
    """uint8 [size, size, 3]. Raises ValueError naming the file when it is no picture."""
    try:
        return np.asarray(fit(Image.open(io.BytesIO(data)), size))
    except OSError as error:
        raise ValueError(f"{name} of {source} is no picture: {error}") from error


def prepare(source: Path, target: Path, size: int, without: Collection[str] = ()) -> None:
    """Decodes the pictures of `source` but for the folders `without` into `target` (.npy, uint8 [N, size, size, 3]).

    In one rename. Raises ValueError if there is no picture, or one is damaged.
    """
    names = picture_names(source, without)
    if not names:
        raise ValueError(f"{source} holds no picture ({', '.join(sorted(SUFFIXES))})")
    arrays = [decoded(source, name, data, size) for name, data in read_pictures(source, names)]
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    with partial.open("wb") as file:
        np.save(file, np.stack(arrays))
    partial.replace(target)


def cached_name(source: Path, size: int, without: Collection[str]) -> str:
    """Names what `prepare` would write: another path, another time of change or other pictures, another name."""
    told = [str(source.resolve()), str(source.stat().st_mtime_ns), *picture_names(source, without)]
    return f"{source.stem}-{size}-{hashlib.sha256(chr(0).join(told).encode()).hexdigest()[:12]}.npy"


def open_pictures(source: Path, cache: Path, size: int, without: Collection[str] = ()) -> np.ndarray:
    """uint8 [N, size, size, 3]: `source` itself if it is .npy, else the array in `cache`, prepared when missing."""
    if source.suffix != ".npy":
        target = cache / cached_name(source, size, without)
        if not target.exists():
            prepare(source, target, size, without)
        return np.load(target, mmap_mode="r")
    if without:
        raise ValueError(f"{source} is prepared and has no folders to leave out: give the zip or folder it was made of")
    pictures = np.load(source, mmap_mode="r")
    if pictures.dtype != np.uint8 or pictures.shape[1:] != (size, size, 3):
        raise ValueError(f"{source} is {pictures.dtype} {list(pictures.shape)}, not uint8 [N, {size}, {size}, 3]")
    return pictures


def evenly(pictures: np.ndarray, count: int) -> np.ndarray:
    """`count` pictures at even distances, the same ones every time; all of them when there are not so many."""
    return pictures[:: max(1, len(pictures) // count)][:count]


def to_model_range(pictures: np.ndarray) -> Tensor:
    """uint8 [N, H, W, 3] -> float32 [N, 3, H, W] in [-1, 1]."""
    return torch.from_numpy(np.array(pictures, order="C")).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def to_uint8(x: Tensor) -> np.ndarray:
    """float [N, 3, H, W] in [-1, 1] (clipped) -> uint8 [N, H, W, 3]."""
    return x.float().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def open_states(source: Path, shape: tuple[int, int, int]) -> np.ndarray:
    """float16 [N, C, h, w] as encode.py wrote them. Raises ValueError when they are no states of `shape`."""
    states = np.load(source, mmap_mode="r")
    if states.dtype != np.float16 or states.shape[1:] != shape:
        raise ValueError(f"{source} is {states.dtype} {list(states.shape)}, not float16 [N, {', '.join(map(str, shape))}]")
    return states


def varied_of(states: Path, count: int) -> np.ndarray:
    """Which of `count` states are of varied copies, bool [count], by the states.json that encode.py wrote beside them."""
    about = json.loads(states.with_suffix(".json").read_text())
    copies = (2 if about["both"] else 1) + about["varied"]
    return np.arange(count) % copies >= copies - about["varied"]


def varieties_of(states: Path, count: int) -> np.ndarray:
    """Of which variety the picture of each of `count` states is, int [count] from 0 on, by states.json: a folder is a variety. All of
    one where it names no folders."""
    about = json.loads(states.with_suffix(".json").read_text())
    pictures = list(about.get("folders", {"": count}).values())
    return np.repeat(np.arange(len(pictures)), pictures).repeat(count // sum(pictures))


def pictures_by_folder(source: Path, without: Collection[str] = ()) -> dict[str, int]:
    """The folders of a zip or folder with pictures, and how many are in each, in the order of `picture_names`. None of an .npy."""
    names = [] if source.suffix == ".npy" else picture_names(source, without)
    return dict(Counter(Path(name).parent.as_posix() for name in names))


def random_places(count: int, total: int, generator: torch.Generator) -> np.ndarray:
    """Where to find `count` pictures or states of `total`, drawn with replacement."""
    return torch.randint(total, (count,), generator=generator).numpy()


def batch_at(places: np.ndarray, data: np.ndarray, generator: torch.Generator) -> Tensor:
    """The pictures at `places`, each mirrored with probability 1/2: [N, 3, H, W] in [-1, 1].

    States (float16) stay as they are: the mirrored ones are among them.
    """
    mirrored = torch.rand(len(places), generator=generator) < 0.5
    if data.dtype == np.float16:
        return torch.from_numpy(data[places]).float()
    x = to_model_range(data[places])
    return torch.where(mirrored[:, None, None, None], x.flip(-1), x)


def random_batch(data: np.ndarray, count: int, generator: torch.Generator) -> Tensor:
    """`count` pictures or states drawn with replacement, as `batch_at` gives them."""
    return batch_at(random_places(count, len(data), generator), data, generator)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="zip or folder of pictures")
    parser.add_argument("target", type=Path, help="the .npy to write")
    parser.add_argument("--size", type=int, default=64, help="pixels a side")
    args = parser.parse_args()
    prepare(args.source, args.target, args.size)
    print(args.target, np.load(args.target, mmap_mode="r").shape)


if __name__ == "__main__":
    main()
