"""Pictures from noise by the probability-flow ODE, and a sheet of them from fixed seeds.

    python sample.py FOLDER samples.png --count 64 --steps 20

In xBar = x / sqrt(ab) and sigma the ODE reads d xBar / d sigma = epsilon(x, t) (DDIM, arXiv 2010.02502, eq. 14).
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from prediction import EpsilonModel
from schedule import NODES, falling_nodes, sigmas
from state import load_for_inference

#: Predicts epsilon [N, C, H, W] from x_t [N, C, H, W] and timesteps [N].
PredictEpsilon = Callable[[Tensor, Tensor], Tensor]

#: Orders of the solvers, in the studio's names.
ORDERS = {"ddim": 1, "2m": 2}


@dataclass(frozen=True)
class Rule:
    """How pictures are drawn: by default as the studio's Standard preset does."""

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


@torch.inference_mode()
def decode(predict: PredictEpsilon, x: Tensor, ab: Tensor, nodes: list[int], order: int) -> Tensor:
    """x_T [N, C, H, W] of N(0, 1) -> pictures of the same shape in about [-1, 1], one evaluation a step, no clipping.

    `nodes` fall from T-1; from the last of them a step leads to sigma = 0. `order` 1 is DDIM with eta = 0; 2 is
    Adams-Bashforth in lambda: epsilon taken at the middle of the step from this and the last evaluation. The last step
    has no end in lambda and is of order 1.
    """
    sigma = sigmas(ab)
    lam = -sigma.log()
    x_bar = x / ab[nodes[0]].sqrt().float()
    last: tuple[Tensor, float] | None = None

    def epsilon_at(t: int) -> Tensor:
        return predict(x_bar * ab[t].sqrt().float(), torch.full((len(x),), t))

    for t, to in zip(nodes, nodes[1:]):
        epsilon = epsilon_at(t)
        step = float(lam[to] - lam[t])
        slope = epsilon
        if order == 2 and last is not None:
            slope = epsilon + step / (2 * last[1]) * (epsilon - last[0])
        x_bar = x_bar + float(sigma[to] - sigma[t]) * slope
        last = (epsilon, step)
    return x_bar - float(sigma[nodes[-1]]) * epsilon_at(nodes[-1])


def seeded_noise(seeds: range, shape: tuple[int, int, int]) -> Tensor:
    """[len(seeds), C, H, W] of N(0, 1): each picture from its own seed, so it does not depend on the batch."""
    return torch.stack([torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds])


def sample(model: EpsilonModel, seeds: range, rule: Rule, batch: int = 32) -> np.ndarray:
    """uint8 [len(seeds), H, W, 3]."""
    nodes = falling_nodes(model.ab, rule.nodes, rule.steps)
    pictures = []
    for start in range(0, len(seeds), batch):
        noise = seeded_noise(seeds[start : start + batch], model.shape).to(model.device)
        pictures.append(model.decode(decode(model, noise, model.ab, nodes, ORDERS[rule.solver])))
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
    parser.add_argument("target", type=Path, help="the sheet to write (.png)")
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--first-seed", type=int, default=0)
    add_rule_arguments(parser)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    model = load_for_inference(args.model, args.device)
    pictures = sample(model, range(args.first_seed, args.first_seed + args.count), rule_of(args))
    contact_sheet(pictures, args.columns).save(args.target)


if __name__ == "__main__":
    main()
