"""Pictures from noise by the probability-flow ODE, and a sheet of them from fixed seeds.

    python sample.py FOLDER samples.png --count 64 --steps 20

In xBar = x / sqrt(ab) and sigma the ODE reads d xBar / d sigma = epsilon(x, t) (DDIM, arXiv 2010.02502, eq. 14).
"""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from compute import add_device_argument
from data import to_uint8
from prediction import EpsilonModel
from schedule import NODES, falling_nodes, sigmas
from state import load_for_inference

#: Predicts epsilon [N, C, H, W] from x_t [N, C, H, W] and timesteps [N].
PredictEpsilon = Callable[[Tensor, Tensor], Tensor]

#: Orders of the solvers, by the studio's names.
ORDERS = {"ddim": 1, "2m": 2}


@dataclass(frozen=True)
class Rule:
    """How pictures are drawn: by default on the timesteps of the studio's Standard preset, by 2m."""

    solver: str = "2m"
    nodes: str = "karras"
    steps: int = 50


def add_rule_arguments(parser: argparse.ArgumentParser) -> None:
    default = Rule()
    parser.add_argument("--solver", choices=list(ORDERS), default=default.solver)
    parser.add_argument("--nodes", choices=list(NODES), default=default.nodes)
    parser.add_argument("--steps", type=int, default=default.steps)


def rule_of(args: argparse.Namespace) -> Rule:
    return Rule(args.solver, args.nodes, args.steps)


#: The point of a path that is not a timestep: sigma = 0.
CLEAN = -1


@torch.inference_mode()
def carried(predict: PredictEpsilon, x_bar: Tensor, ab: Tensor, points: list[int], order: int, softened: bool = False) -> Tensor:
    """xBar [N, C, H, W] at the first of `points` -> xBar at the last, one evaluation a step, no clipping.

    Points are timesteps or CLEAN, which the network is shown as timestep 0. `order` 1 is DDIM with eta = 0; 2 is
    Adams-Bashforth in lambda: epsilon taken at the middle of the step from this and the last evaluation, where lambda is
    finite, and of order 1 where it is not. `softened` has -ln(sigma^2 + (sigma_0 / 2)^2) / 2 in place of lambda in that
    weight, as the studio's Standard does, which is finite everywhere.
    """
    sigma = torch.cat([sigmas(ab), torch.zeros(1, dtype=ab.dtype)])  # CLEAN is its last entry
    lam = -(sigma.square() + (sigma[0] / 2).square()).log() / 2 if softened else -sigma.log()
    before: tuple[Tensor, float] | None = None
    for point, to in zip(points, points[1:]):
        t = max(0, point)
        scale = 1.0 if point == CLEAN else float(ab[t].sqrt())
        epsilon = predict(x_bar * scale, torch.full((len(x_bar),), t))
        slope, step = epsilon, float(lam[to] - lam[point])
        if order == 2 and before is not None and math.isfinite(weight := step / (2 * before[1])) and math.isfinite(before[1]):
            slope = epsilon + weight * (epsilon - before[0])
        x_bar = x_bar + float(sigma[to] - sigma[point]) * slope
        before = (epsilon, step)
    return x_bar


def decode(predict: PredictEpsilon, x: Tensor, ab: Tensor, nodes: list[int], order: int, softened: bool = False) -> Tensor:
    """x_T [N, C, H, W] -> clean x0; `nodes` fall from T-1, and from the last of them a step leads to sigma = 0."""
    return carried(predict, x / ab[nodes[0]].sqrt().float(), ab, [*nodes, CLEAN], order, softened)


def encode(predict: PredictEpsilon, x0: Tensor, ab: Tensor, nodes: list[int], order: int, softened: bool = False) -> Tensor:
    """Clean x0 [N, C, H, W] -> x_T, the way of `decode` back."""
    return carried(predict, x0, ab, [CLEAN, *nodes[::-1]], order, softened) * ab[nodes[0]].sqrt().float()


def seeded_noise(seeds: range, shape: tuple[int, int, int]) -> Tensor:
    """[len(seeds), C, H, W] of N(0, 1): each picture from its own seed, so it does not depend on the batch."""
    return torch.stack([torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds])


def sample(model: EpsilonModel, seeds: range, rule: Rule, batch: int = 32) -> np.ndarray:
    """uint8 [len(seeds), H, W, 3]."""
    nodes = falling_nodes(model.ab, rule.nodes, rule.steps)
    pictures = []
    for start in range(0, len(seeds), batch):
        noise = seeded_noise(seeds[start : start + batch], model.shape).to(model.device)
        pictures.append(to_uint8(model.decode(decode(model, noise, model.ab, nodes, ORDERS[rule.solver]))))
    return np.concatenate(pictures)


def contact_sheet(pictures: np.ndarray, columns: int, gap: int = 2) -> Image.Image:
    """uint8 [N, H, W, 3] -> one picture, row by row."""
    n, height, width, _ = pictures.shape
    rows = -(-n // columns)
    sheet = np.full((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), 200, np.uint8)
    for i, picture in enumerate(pictures):
        top, left = gap + (i // columns) * (height + gap), gap + (i % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return Image.fromarray(sheet)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="diffusers folder, or a run's state.pt (its EMA weights)")
    parser.add_argument("--vae", type=Path, help="autoencoder of a latent model's state.pt: folder or state.pt")
    parser.add_argument("target", type=Path, help="the sheet to write (.png)")
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--first-seed", type=int, default=0)
    add_rule_arguments(parser)
    parser.add_argument("--columns", type=int, default=8)
    add_device_argument(parser)
    args = parser.parse_args()
    model = load_for_inference(args.model, args.device, args.vae)
    pictures = sample(model, range(args.first_seed, args.first_seed + args.count), rule_of(args))
    contact_sheet(pictures, args.columns).save(args.target)


if __name__ == "__main__":
    main()
