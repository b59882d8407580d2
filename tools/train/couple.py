"""Couples states with noise. With such pairs train.py --coupling straightens a network.

    python couple.py FOLDER_OR_STATE states/states.npy coupling --count 45056 --samples 24576

A diffusion network is shown every state with any noise, so where there is much noise its answer is a mean over states, and
the path from x_T to x0 bends. From pairs it learns one path for each, close to a straight one: x0 and epsilon hardly change
along it, and few evaluations carry a picture there and back. Source: rectified flow (Liu et al. 2022, arXiv 2209.03003).

`--count` pairs are states of pictures and what a network encodes them to, made normal (Normalizer); `--samples` others are samples
of that network and the noise that they are drawn from. With --patches these samples are made anew of patches of pictures (patches.py),
so that the network learns to draw them without torn outlines and mixed colours. Writes into the folder `coupling` states.npy and noise.npy (float16
[N, C, h, w]), varied.npy (bool [N], which are of varied copies) and coupling.json.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from torch import Tensor

import parallel
from compute import add_compute_arguments, apply_threads
from data import open_states, varied_of
from gallery import open_gallery
from patches import of_patches
from prediction import EpsilonModel
from record import sha256
from sample import decode, encode
from schedule import falling_nodes
from state import load_for_inference, save_json
from weights import WEIGHTS

#: How often positions and frequencies are made normal in turn: each disturbs the other a little.
ROUNDS = 4

#: Least power of noise at a frequency: of few pictures some have none.
LEAST = 1e-3

#: Deviation of the lengths that noise is shown with, relative to those of N(0, 1), which deviate by .015.
SPREAD = 0.02


@dataclass(frozen=True)
class Coupling:
    """States and the noise of each, float16 [N, C, h, w], and which are of varied copies, bool [N]."""

    states: np.ndarray
    noise: np.ndarray
    varied: np.ndarray

    def noise_at(self, which: np.ndarray, length: float, generator: torch.Generator) -> Tensor:
        """[n, C, h, w], each of another length by chance: `length` on average, where N(0, 1) has 1 (SPREAD)."""
        noise = torch.from_numpy(self.noise[which]).float()
        return noise * (length + SPREAD * torch.randn((len(noise), 1, 1, 1), generator=generator))


def open_coupling(folder: Path, shape: tuple[int, ...]) -> Coupling:
    """Raises ValueError when the states are not of `shape`."""
    coupling = Coupling(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("states", "noise", "varied")))
    if coupling.states.shape[1:] != shape:
        raise ValueError(f"{folder} couples states of {list(coupling.states.shape[1:])}, not {list(shape)}: make one of these states (couple.py)")
    return coupling


class Normalizer:
    """Makes noise [N, C, h, w] normal: of mean 0 and standard deviation 1 at each position, flat and without correlation of
    channels at each frequency. What a network encodes pictures to is weaker than noise where they are plain, and uneven over
    frequencies. `undo` is the way back.
    """

    def __init__(self, noise: np.ndarray) -> None:
        """Fits itself to `noise`."""
        self.rounds: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        z = noise.astype(np.float32)
        for _ in range(ROUNDS):
            mean, std = z.mean(0), z.std(0)
            whiten = whitening((z - mean) / std)
            self.rounds.append((mean, std, whiten))
            z = filtered((z - mean) / std, whiten)

    def __call__(self, noise: np.ndarray) -> np.ndarray:
        z = noise.astype(np.float32)
        for mean, std, whiten in self.rounds:
            z = filtered((z - mean) / std, whiten)
        return z

    def undo(self, z: np.ndarray) -> np.ndarray:
        for mean, std, whiten in reversed(self.rounds):
            z = filtered(z, np.linalg.inv(whiten)) * std + mean
        return z


def whitening(z: np.ndarray) -> np.ndarray:
    """[N, C, h, w] -> for each frequency the matrix, complex [h, w, C, C], nearest to 1 after which channels have power 1 and
    no correlation."""
    f = np.fft.fft2(z, norm="ortho").astype(np.complex64)
    covariance = np.einsum("nchw,ndhw->hwcd", f, f.conj(), optimize=True) / len(f)
    values, vectors = np.linalg.eigh(covariance)
    return np.einsum("hwck,hwk,hwdk->hwcd", vectors, np.maximum(values, LEAST) ** -0.5, vectors.conj()).astype(np.complex64)


def filtered(z: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """[N, C, h, w] with its channels at each frequency multiplied by a matrix."""
    f = np.fft.fft2(z, norm="ortho").astype(np.complex64)
    return np.fft.ifft2(np.einsum("hwcd,ndhw->nchw", matrices, f, optimize=True), norm="ortho").real.astype(np.float32)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="diffusers folder, or a run's state.pt (its EMA weights)")
    parser.add_argument("states", type=Path, help=".npy of states (encode.py)")
    parser.add_argument("target", type=Path, help="the folder to write")
    parser.add_argument("--count", type=int, required=True, help="states to couple, drawn without replacement")
    parser.add_argument("--samples", type=int, default=0, help="and as many samples with the noise that they are drawn from")
    parser.add_argument("--patches", action="store_true", help="make the samples anew of patches of pictures")
    parser.add_argument("--steps", type=int, default=8, help="evaluations for each")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--bf16", action="store_true", help="bf16 autocast")
    add_compute_arguments(parser)
    args = parser.parse_args()
    if args.patches and not args.samples:
        parser.error("--patches is for samples: say how many (--samples)")
    return args


def main() -> None:
    args = parse_args()
    apply_threads(args)
    device, rank, processes = parallel.join(args.device)
    model = load_for_inference(args.model, device)
    everything = open_states(args.states, model.shape)
    random = np.random.default_rng(args.seed)
    places = random.permutation(len(everything))[: args.count]
    varied = varied_of(args.states, len(everything))
    states, plain = everything[places], ~varied[places]
    nodes = falling_nodes(model.ab, "karras", args.steps)

    def carried_by(way: Callable[..., Tensor], pieces: np.ndarray, name: str) -> np.ndarray:
        """`way`, encode or decode, of all pieces, by all processes together through a file."""
        partial = args.target / f"{name}.partial"
        if rank == 0:
            args.target.mkdir(parents=True, exist_ok=True)
            open_memmap(partial, "w+", np.float16, pieces.shape)
        parallel.furthest(0)
        found = open_memmap(partial, "r+")
        for start in range(rank * args.batch, len(pieces), processes * args.batch):
            x = torch.from_numpy(pieces[start : start + args.batch]).float().to(device, memory_format=model.memory_format)
            with torch.autocast(model.device.type, torch.bfloat16, enabled=args.bf16):
                found[start : start + args.batch] = way(model, x, model.ab, nodes, order=2, softened=True).half().cpu().numpy()
        found.flush()
        parallel.furthest(0)
        return np.array(found)

    noise = carried_by(encode, states, "noise")
    normal = Normalizer(noise[plain])
    drawn = random.standard_normal((args.samples, *model.shape), np.float32)
    samples = carried_by(decode, normal.undo(drawn), "samples") if args.samples else drawn.astype(np.float16)
    if rank == 0:
        if args.patches:
            samples = of_patches(torch.from_numpy(samples).float(), open_gallery(args.states, everything, varied)).half().numpy()
        pairs = Coupling(
            np.concatenate([states, samples]),
            np.concatenate([unit(normal(noise)), unit(drawn)]).astype(np.float16),
            np.concatenate([~plain, np.zeros(args.samples, bool)]),
        )
        finish(args, pairs)
    parallel.leave()


def unit(noise: np.ndarray) -> np.ndarray:
    """[N, C, h, w], each of them with standard deviation 1."""
    return noise / noise.std((1, 2, 3), keepdims=True) if len(noise) else noise


def finish(args: argparse.Namespace, pairs: Coupling) -> None:
    """Writes the pairs, and what they are beside them."""
    for partial in args.target.glob("*.partial"):
        partial.unlink()
    for name in ("states", "noise", "varied"):
        np.save(args.target / f"{name}.npy", getattr(pairs, name))
    weights = args.model if args.model.is_file() else args.model / "unet" / WEIGHTS
    about = {"network": sha256(weights), "count": args.count, "samples": args.samples, "patches": args.patches, "steps": args.steps, "seed": args.seed}
    save_json(args.target / "coupling.json", about)
    print(about)


if __name__ == "__main__":
    main()
