"""Slerp Studio beside plain PyTorch on this machine's CPU: the same weights, pictures, nodes and DDIM loop, in turns.

    python bench/against_pytorch.py [--steps 20] [--rounds 5] [--threads 2]

Needs the packages of tools/train/requirements.txt and `npm ci`. The network is that of tools/train, whose tests hold
it against the recorded outputs of diffusers. PyTorch runs eagerly in float32, in both memory
layouts; the faster one is the one to beat. Each side is a process of its own that idles while the other works, so
peak memory is that of the whole process. Prints figures and judges none.
"""

import argparse
import base64
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
WORKERS = Path(__file__).parent / "pytorch"


class Side:
    """One of the two, as a process that answers lines of JSON."""

    def __init__(self, command: list[str], env: dict[str, str] | None = None) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, **pipes)
        self.times: list[float] = []
        self.latent = np.zeros(0, np.float32)

    def tell(self, line: Any) -> None:
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} ended with exit code {self.process.wait()}.")
        return json.loads(line)

    def round(self, measured: bool) -> None:
        self.tell("go")
        answer = self.hear()
        self.latent = np.frombuffer(base64.b64decode(answer["latent"]), np.float32)
        if measured:
            self.times.append(answer["seconds"])

    def peak_megabytes(self) -> float:
        """Highest resident memory so far; Linux only."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def write_pictures(target: Path, size: int, batch: int) -> None:
    """x0 [batch, 3, size, size] float32 on [-1, 1] from the bundled samples."""
    files = sorted((ROOT / "resources" / "samples").glob("*.webp"))[:batch]
    pictures = [np.asarray(Image.open(f).convert("RGB").resize((size, size), Image.Resampling.LANCZOS)) for f in files]
    x0 = np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
    x0.tofile(target)


def compare(model: Path, batch: int, steps: int, rounds: int, threads: int) -> None:
    size = json.loads((model / "unet" / "config.json").read_text())["sample_size"]
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "x0.bin"
        write_pictures(pictures, size, batch)
        job = [str(model), str(pictures), str(batch)]
        node = ["node", "--import", "tsx", str(WORKERS / "roundTripWorker.ts"), *job, str(steps), str(threads)]
        python = [sys.executable, str(WORKERS / "round_trip_worker.py"), *job, str(threads)]
        ours = Side(node)
        plan = ours.hear()
        rivals = {layout: Side([*python, layout]) for layout in ("contiguous_format", "channels_last")}
        for side in rivals.values():
            side.tell(plan)
        runtimes = [plan["runtime"]] + [side.hear()["runtime"] for side in rivals.values()]
        for number in range(rounds + 1):
            for side in (ours, *rivals.values()):
                side.round(measured=number > 0)
        print(f"\nBatch {batch}, {steps} steps there and back, {threads} threads; {runtimes[0]}, {runtimes[1]}")
        print(f"  ours               {statistics.median(ours.times):7.2f} s   {ours.peak_megabytes():5.0f} MB")
        for layout, side in rivals.items():
            wall = statistics.median(a / b for a, b in zip(ours.times, side.times))
            memory = ours.peak_megabytes() / side.peak_megabytes()
            print(
                f"  {layout:17}  {statistics.median(side.times):7.2f} s   {side.peak_megabytes():5.0f} MB   "
                f"ours / theirs: {wall:.2f} wall, {memory:.2f} memory"
            )
        theirs = rivals["contiguous_format"].latent
        difference = np.abs(ours.latent - theirs).max() / theirs.std()
        print(f"  largest difference of the latents: {difference:.1e} of their standard deviation")
        for side in (ours, *rivals.values()):
            side.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "resources" / "models" / "fruits-64")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    for batch in (1, 8):
        compare(args.model.resolve(), batch, args.steps, args.rounds, args.threads)


if __name__ == "__main__":
    main()
