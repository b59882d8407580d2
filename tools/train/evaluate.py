"""Measures a model: held-out loss per noise level, distance of samples to the training pictures, nearest neighbours.

    python evaluate.py MODEL --train train.zip --held-out test.zip --cache CACHE --out evaluation

Writes evaluation/evaluation.json and evaluation/nearest.png.
"""

import argparse
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from compute import add_compute_arguments, apply_threads
from data import evenly, open_pictures
from distance import nearest, set_distances
from prediction import EpsilonModel, noised, target
from sample import ORDERS, Rule, add_rule_arguments, contact_sheet, decode, encode, rule_of, sample
from schedule import falling_nodes
from state import load_for_inference, save_json

NOISE_LEVELS = (5, 20, 60, 130, 250, 400, 550, 700, 850, 999)

#: Round trips to measure: the presets' rule, and the paper's.
ROUND_TRIPS = tuple(Rule(solver, nodes, steps) for steps in (10, 20, 50) for solver, nodes in (("2m", "karras"), ("ddim", "linear")))


@torch.inference_mode()
def loss_by_timestep(model: EpsilonModel, pictures: np.ndarray, batch: int = 64) -> dict[str, float]:
    """Mean squared error of what the network predicts, on uint8 pictures [N, H, W, 3] at each of NOISE_LEVELS, from fixed noise."""
    losses = {}
    for t in NOISE_LEVELS:
        generator, total = torch.Generator().manual_seed(t), 0.0
        for start in range(0, len(pictures), batch):
            x0 = model.encode(pictures[start : start + batch]).cpu()
            epsilon, timesteps = torch.randn(x0.shape, generator=generator), torch.full((len(x0),), t)
            ab = model.ab[timesteps]
            predicted = model.output(noised(x0, epsilon, ab).to(model.device), timesteps).cpu()
            total += float((predicted - target(x0, epsilon, ab, model.prediction)).square().mean()) * len(x0)
        losses[str(t)] = round(total / len(pictures), 6)
    return losses


@torch.inference_mode()
def round_trip(model: EpsilonModel, pictures: np.ndarray, rule: Rule, batch: int = 16) -> dict[str, float]:
    """uint8 [N, H, W, 3] to x_T and back by one rule: mean and median squared error of the picture, on [0, 1].

    Against what the autoencoder alone brings back, where there is one: its own loss is not the inversion's.
    """
    nodes, order = falling_nodes(model.ab, rule.nodes, rule.steps), ORDERS[rule.solver]
    errors, latents = [], []
    for start in range(0, len(pictures), batch):
        x0 = model.encode(pictures[start : start + batch])
        latents.append(encode(model, x0, model.ab, nodes, order))
        back = decode(model, latents[-1], model.ab, nodes, order)
        errors.append(((model.decode(back) - model.decode(x0)) / 2).square().mean(dim=(1, 2, 3)).cpu())
    error = torch.cat(errors)
    psnr = -10 * error.log10()
    return {
        "mean": float(error.mean()),
        "median": float(error.quantile(0.5)),
        "psnr": round(float(psnr.mean()), 2),
        "worst_psnr": round(float(psnr.min()), 2),
        "latent_std": round(float(torch.cat(latents).std()), 4),
    }


def subset(pictures: np.ndarray, count: int, seed: int) -> np.ndarray:
    """`count` different pictures, the same ones every time; half of them mirrored, as in training."""
    rng = np.random.default_rng(seed)
    chosen = pictures[np.sort(rng.choice(len(pictures), count, replace=False))]
    chosen[::2] = chosen[::2, :, ::-1]
    return chosen


def nearest_sheet(samples: np.ndarray, pictures: np.ndarray, neighbours: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of a sheet with two samples a row, each followed by its neighbours; and the nearest distance [Q]."""
    index, distance = nearest(samples, pictures, neighbours)
    rows = []
    for picture, found in zip(samples, index):
        rows.append(picture)
        for i in found:
            rows.append(pictures[i] if i < len(pictures) else pictures[i - len(pictures)][:, ::-1])
    return np.stack(rows), distance[:, 0]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="diffusers folder, or a run's state.pt (its EMA weights)")
    parser.add_argument("--vae", type=Path, help="autoencoder of a latent model's state.pt: folder or state.pt")
    parser.add_argument("--train", type=Path, required=True, help="zip, folder or .npy of the training pictures")
    parser.add_argument("--without", nargs="+", default=[], metavar="FOLDER", help="folders of --train that it never saw")
    parser.add_argument("--held-out", type=Path, required=True, help="the same of pictures it never saw")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the decoded pictures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--loss-pictures", type=int, default=256)
    parser.add_argument("--round-trip-pictures", type=int, default=32)
    add_rule_arguments(parser)
    parser.set_defaults(steps=20)
    add_compute_arguments(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    apply_threads(args)
    args.out.mkdir(parents=True, exist_ok=True)
    model = load_for_inference(args.model, args.device, args.vae)
    train = open_pictures(args.train, args.cache, model.picture_side, args.without)
    held_out = open_pictures(args.held_out, args.cache, model.picture_side)
    if (least := min(len(train), len(held_out))) < args.samples:
        raise SystemExit(f"evaluate.py: a set of {least} pictures is smaller than --samples {args.samples}")
    started = time.monotonic()
    result: dict = {"without": args.without, "samples": args.samples, "rule": asdict(rule_of(args))}
    result["held_out_loss"] = loss_by_timestep(model, subset(held_out, args.loss_pictures, 1))
    result["train_loss"] = loss_by_timestep(model, subset(train, args.loss_pictures, 1))
    pictures = evenly(held_out, args.round_trip_pictures)
    result["round_trip_pictures"] = len(pictures)
    result["round_trip"] = {f"{r.solver}, {r.nodes}, {r.steps}": round_trip(model, pictures, r) for r in ROUND_TRIPS}
    samples = sample(model, range(args.samples), rule_of(args))
    reference = subset(train, args.samples, 2)
    result["samples_to_train"] = set_distances(samples, reference)
    result["held_out_to_train"] = set_distances(subset(held_out, args.samples, 3), reference)
    result["train_to_train"] = set_distances(subset(train, args.samples, 4), reference)
    result["ratio"] = {key: result["samples_to_train"][key] / result["held_out_to_train"][key] for key in ("pixels", "pyramid")}
    sheet, distance = nearest_sheet(samples[:16], train)
    contact_sheet(sheet, columns=8).save(args.out / "nearest.png")
    result["nearest_rms"] = [round(float(d), 4) for d in distance]
    result["seconds"] = round(time.monotonic() - started)
    save_json(args.out / "evaluation.json", result)
    print((args.out / "evaluation.json").read_text())


if __name__ == "__main__":
    main()
