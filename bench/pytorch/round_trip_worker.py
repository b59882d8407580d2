"""PyTorch's side of `bench/against_pytorch.py`: MODEL PICTURES BATCH THREADS LAYOUT, and the plan as one line on stdin.

The plan is { timesteps, finalAlphaBar }; every line after it is one round of DDIM there and back (eta = 0), answered by
{ seconds, latent } as the other side does.
"""

import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "tools" / "train"))
from prediction import EpsilonModel  # noqa: E402
from state import read_scheduler  # noqa: E402
from unet import load_unet  # noqa: E402

Point = tuple[int, float]


def follow(model: EpsilonModel, x: torch.Tensor, points: list[Point]) -> torch.Tensor:
    """DDIM (paper, eq. 12 with sigma_t = 0) from point to point; each state is shown with its own timestep."""
    for (t, ab), (_, ab_to) in zip(points, points[1:]):
        epsilon = model(x, torch.full((len(x),), t))
        scale = (ab_to / ab) ** 0.5
        x = scale * x + ((1 - ab_to) ** 0.5 - scale * (1 - ab) ** 0.5) * epsilon
    return x


@torch.inference_mode()
def main() -> None:
    folder, pictures, batch, threads, layout = sys.argv[1:]
    torch.set_num_threads(int(threads))
    memory_format = getattr(torch, layout)
    network = load_unet(Path(folder)).eval().to(memory_format=memory_format)
    model = EpsilonModel(network, read_scheduler(Path(folder)), memory_format)
    x0 = torch.from_numpy(np.fromfile(pictures, np.float32)).reshape(int(batch), *model.shape)
    x0 = x0.contiguous(memory_format=memory_format)
    plan = json.loads(sys.stdin.readline())
    points = [(0, plan["finalAlphaBar"])] + [(t, float(model.ab[t])) for t in plan["timesteps"]]
    print(json.dumps({"runtime": f"torch {torch.__version__}"}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        latent = follow(model, x0, points)
        follow(model, latent, points[::-1])
        seconds = time.perf_counter() - started
        raw = latent.contiguous(memory_format=torch.contiguous_format).numpy().tobytes()
        print(json.dumps({"seconds": seconds, "latent": base64.b64encode(raw).decode()}), flush=True)


main()
