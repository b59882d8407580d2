"""Slerp Studio beside PyTorch on a graphics card: the same weights, noise and batch, one network evaluation at a time.

    python bench/gpu_against_pytorch.py [--device cuda] [--batches 1 8 64 256] [--rounds 20] [--no-compile]

Needs the packages of tools/train/requirements.txt, `npm ci`, `npm run build` and `npm run setup:cuda`. PyTorch runs
eagerly and compiled, in fp32, TF32 and fp16. Ours brings every batch from the processor's memory and back, as the
solvers do; PyTorch's stays on the card. Each side has the card to itself. Prints a table for docs/gpu.md; judges nothing.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from against_pytorch import ROOT, WORKERS, Side

PRECISIONS = {"cuda": ("fp32", "tf32", "fp16"), "webgpu": ("fp32", "fp16"), "cpu": ("fp32",)}
WARM_UPS = 3


def measure(command: list[str], rounds: int, precision: str) -> tuple[dict[str, Any], Side]:
    """Runs one side by itself; answers what it said of itself, and the side with its times."""
    environment = {**os.environ, "NVIDIA_TF32_OVERRIDE": "0"}
    if precision == "tf32":
        del environment["NVIDIA_TF32_OVERRIDE"]
    side = Side(command, environment)
    plan = side.hear()
    for number in range(WARM_UPS + rounds):
        side.round(measured=number >= WARM_UPS)
    side.close()
    return plan, side


def describe_driver() -> str:
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        return subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no NVIDIA driver"


def compare(model: Path, batch: int, device: str, rounds: int, ways: tuple[str, ...]) -> None:
    config = json.loads((model / "unet" / "config.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        noise = Path(folder) / "noise.bin"
        size = config["sample_size"]
        shape = (batch, config["in_channels"], size, size)
        np.random.default_rng(1).standard_normal(shape, np.float32).tofile(noise)
        job = [str(model), str(noise), str(batch)]
        reference = None
        for precision in PRECISIONS[device]:
            limits: dict[str, float] = {}
            for way in ways:
                python = [sys.executable, str(WORKERS / "evaluation_worker.py")]
                theirs = "cpu" if device == "webgpu" else device
                limits, side = measure([*python, *job, theirs, precision, way], rounds, precision)
                reference = side.latent if reference is None else reference
                show(batch, precision, f"{limits['runtime']} {way}", side, limits, reference)
            node = ["node", "--import", "tsx", str(WORKERS / "evaluationWorker.ts")]
            plan, side = measure([*node, *job, device, precision], rounds, precision)
            name = f"ours, {plan['provider']} {plan['precision']}, {plan['runtime']}"
            show(batch, precision, name, side, limits, reference)
            if plan["reason"]:
                print(f"  {plan['reason']}", file=sys.stderr)


def show(batch: int, precision: str, name: str, side: Side, limits: dict[str, Any], reference: np.ndarray) -> None:
    seconds = statistics.median(side.times)
    share = batch * limits["gigaflops"] / 1e3 / seconds / limits["limit"]
    difference = np.abs(side.latent - reference).max() / reference.std()
    figures = f"{1e3 * seconds:.2f} | {batch / seconds:.1f} | {100 * share:.0f} % | {difference:.1e}"
    print(f"| {batch} | {precision} | {name} | {figures} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "resources" / "models" / "fruits-64")
    parser.add_argument("--device", choices=tuple(PRECISIONS), default="cuda")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 64, 256])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--no-compile", action="store_true", help="leave out torch.compile, which takes minutes")
    args = parser.parse_args()
    print(f"{describe_driver()}; Python {sys.version.split()[0]}\n")
    print("| batch | precision | who | ms/evaluation | images/s | share of the limit | difference / std |")
    print("| ----- | --------- | --- | ------------- | -------- | ------------------ | ---------------- |")
    ways = ("eager",) if args.no_compile else ("eager", "compile")
    for batch in args.batches:
        compare(args.model.resolve(), batch, args.device, args.rounds, ways)


if __name__ == "__main__":
    main()
