"""Compares `slerp-studio distance` with independent implementations from Python's index.

Fréchet distance: pytorch-fid. Kernel distance: torch-fidelity. Precision and recall: prdc. Sliced Wasserstein of pixels: POT, with
directions of its own, so that it agrees up to their number. Install: pip install torch pytorch-fid torch-fidelity prdc POT onnx
onnxruntime pillow. Run: python bench/distance/oracle.py (in the repository, after npm run build).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import ot
import torch
from PIL import Image
from prdc import compute_prdc
from pytorch_fid.fid_score import calculate_frechet_distance
from torch_fidelity.metric_kid import kernel_poly, mmd2

SIDE, COUNTS = 32, (60, 60)
KERNEL = {"kid_kernel_poly_degree": 3, "kid_kernel_poly_gamma": None, "kid_kernel_poly_coef0": 1}


def make_pictures(folder: Path, count: int, seed: int, tint: float) -> np.ndarray:
    """Smooth random pictures, written as PNG; uint8 [N, H, W, 3]."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(0, 255, (count, 5, 5, 3)) * [1, tint, 1]
    folder.mkdir()
    pictures = [np.asarray(Image.fromarray(c.astype(np.uint8)).resize((SIDE, SIDE), Image.BICUBIC)) for c in coarse]
    for i, picture in enumerate(pictures):
        Image.fromarray(picture).save(folder / f"{i:04}.png")
    return np.stack(pictures)


class Features(torch.nn.Module):
    """A small network with random weights: what is compared is the arithmetic on its answers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layers = torch.nn.Sequential(
            torch.nn.Conv2d(3, 16, 3, 2, 1), torch.nn.ReLU(), torch.nn.Conv2d(16, 24, 3, 2, 1), torch.nn.ReLU(),
            torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)


def studio(*args: str) -> dict:
    run = subprocess.run(["node", "out/main/cli.js", "distance", *args, "--json"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return json.loads(run.stdout)


def main() -> None:
    root = Path(tempfile.mkdtemp())
    sets = [make_pictures(root / name, count, seed, tint) for name, count, seed, tint in (("a", COUNTS[0], 1, 1), ("b", COUNTS[1], 2, 0.7))]
    graph = str(root / "net.onnx")
    torch.onnx.export(Features().eval(), torch.zeros(2, 3, SIDE, SIDE), graph, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, dynamo=False)
    session = onnxruntime.InferenceSession(graph)
    scaled = [(pictures.astype(np.float32) / 255).transpose(0, 3, 1, 2) for pictures in sets]
    a, b = (session.run(None, {"x": x})[0].astype(np.float64) for x in scaled)
    moments = [(f.mean(axis=0), np.cov(f, rowvar=False)) for f in (a, b)]
    expected = {
        "frechet": calculate_frechet_distance(*moments[0], *moments[1]),
        "kernel": mmd2(*(kernel_poly(x, y, **KERNEL) for x, y in ((a, a), (a, b), (b, b)))),
        **{name: value for name, value in compute_prdc(a, b, nearest_k=3).items() if name in ("precision", "recall")},
    }
    ours = studio(str(root / "a"), str(root / "b"), "--features", graph, "--feature-range", "0,1", "--save-statistics", str(root / "a.npz"))["features"]
    by_file = studio(str(root / "a.npz"), str(root / "b"), "--features", graph, "--feature-range", "0,1")["features"]["frechet"]
    kept = np.load(root / "a.npz")
    rows = [(name, ours[name], float(value)) for name, value in expected.items()]
    rows.append(("frechet, A from .npz", by_file, float(expected["frechet"])))
    rows.append(("|sigma of .npz|", float(np.linalg.norm(kept["sigma"])), float(np.linalg.norm(moments[0][1]))))
    flat = [(2 * x - 1).reshape(len(x), -1).astype(np.float64) for x in scaled]
    sliced = ot.sliced_wasserstein_distance(*flat, n_projections=20000, seed=0)
    worst = max(abs(one - other) / max(abs(other), 1e-12) for _, one, other in rows)
    rows.append(("sliced, pixels (random directions)", studio(str(root / "a"), str(root / "b"))["slices"]["pixels"], float(sliced)))
    for name, one, other in rows:
        print(f"{name:36} {one:.9g} {other:.9g} {abs(one - other) / abs(other):.1e}")
    print(f"worst relative difference: {worst:.1e}")
    sys.exit(0 if worst < 1e-3 else 1)


main()
