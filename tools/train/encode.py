"""Pictures -> the states of an autoencoder, once and for all: what a latent diffusion network is trained on.

    python encode.py run/state.pt states --data train.zip --cache run/cache

Writes into the folder `states` states.npy (float16 [N, C, h, w], every second picture mirrored, or with --both each of them
both ways, and with --varied copies that are slightly turned, stretched and recoloured), states.json, and vae/: the autoencoder with its channels scaled to a standard deviation of 1.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap

import parallel
from compute import add_compute_arguments, apply_threads
from data import evenly, open_pictures, pictures_by_folder, to_model_range, to_uint8
from reconstruction import states_of
from record import data_record
from state import autoencoder_of, save_json
from vary import vary
from weights import save_network

#: Number of pictures whose states give the standard deviation of the channels.
STANDARDIZING = 500


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vae", type=Path, help="diffusers folder, or a run's state.pt")
    parser.add_argument("target", type=Path, help="the folder to write")
    parser.add_argument("--data", type=Path, required=True, help="zip, folder or prepared .npy of pictures")
    parser.add_argument("--without", nargs="+", default=[], metavar="FOLDER", help="folders of --data to leave out")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the decoded pictures")
    parser.add_argument("--both", action="store_true", help="each picture as it is and mirrored: twice as many states")
    parser.add_argument("--varied", type=int, default=0, help="varied copies of each picture beside it")
    parser.add_argument("--native", type=int, help="side of the pictures themselves, which varied copies are made of")
    parser.add_argument("--bf16", action="store_true", help="bf16 autocast")
    parser.add_argument("--batch", type=int, default=32)
    add_compute_arguments(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    apply_threads(args)
    device, rank, processes = parallel.join(args.device)
    target = args.target / "states.npy"
    partial = target.with_suffix(".partial")
    model = autoencoder_of(args.vae).to(device, memory_format=torch.channels_last)
    if rank == 0:
        pictures = open_pictures(args.data, args.cache, model.config["sample_size"], args.without)
        model.standardize(states_of(model, evenly(pictures, STANDARDIZING)), whiten=False)
        save_network(args.target / "vae", model.config, model.state_dict(), torch.float32)
        count = len(pictures) * copies_of(args)
        # Prepared by one process, not by all of them at once.
        open_pictures(args.data, args.cache, args.native or model.config["sample_size"], args.without)
        open_memmap(partial, "w+", np.float16, (count, *states_of(model, pictures[:1]).shape[1:]))
    parallel.furthest(0)
    model = autoencoder_of(args.target).to(device, memory_format=torch.channels_last)
    size = model.config["sample_size"]
    pictures = open_pictures(args.data, args.cache, size, args.without)
    originals = open_pictures(args.data, args.cache, args.native or size, args.without)
    states = open_memmap(partial, "r+")
    count = len(states)
    for start in range(rank * args.batch, count, processes * args.batch):
        place = np.arange(start, min(start + args.batch, count))
        piece = np.stack([copy_at(int(i), pictures, originals, args) for i in place])
        with torch.autocast(device.split(":")[0], torch.bfloat16, enabled=args.bf16):
            states[place] = states_of(model, piece).to(torch.float16).numpy()
    states.flush()
    parallel.furthest(0)
    if rank == 0:
        finish(args, states, partial, target)
    parallel.leave()


def copies_of(args: argparse.Namespace) -> int:
    """The number of states that every picture gives."""
    return (2 if args.both else 1) + args.varied


def copy_at(place: int, pictures: np.ndarray, originals: np.ndarray, args: argparse.Namespace) -> np.ndarray:
    """The picture of the state at `place`, uint8 [H, W, 3]: as it is, mirrored, or varied."""
    index, way = divmod(place, copies_of(args))
    if way >= copies_of(args) - args.varied:
        varied = vary(to_model_range(originals[index : index + 1])[0], pictures.shape[1], place)
        return to_uint8(varied[None])[0]
    mirrored = way == 1 if args.both else index % 2 == 1
    return pictures[index][:, ::-1] if mirrored else pictures[index]


def finish(args: argparse.Namespace, states: np.ndarray, partial: Path, target: Path) -> None:
    """Names the file, and writes what it holds beside it."""
    count = len(states)
    spread = states[:: max(1, count // 2000)].astype(np.float32)
    partial.replace(target)
    about = {
        "data": data_record(args.data),
        "without": args.without,
        "folders": pictures_by_folder(args.data, args.without),
        "both": args.both,
        "varied": args.varied,
        "native": args.native,
        "count": count,
        "mean": [round(float(v), 4) for v in spread.mean((0, 2, 3))],
        "std": [round(float(v), 4) for v in spread.std((0, 2, 3))],
    }
    save_json(target.with_suffix(".json"), about)
    print(about)


if __name__ == "__main__":
    main()
