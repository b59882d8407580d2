"""PyTorch's side of `bench/gpu_against_pytorch.py`: MODEL NOISE BATCH DEVICE PRECISION HOW, HOW being eager or compile.

Says in one line of JSON what computes: { device, runtime, gigaflops of one picture, limit in teraflops }. The limit is
what a large matrix product reaches here at that precision. Then every line on stdin is one evaluation at timestep 500,
with noise and answer in the device's memory, answered by { seconds, latent } as the other side does.
"""

import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).parents[2] / "tools" / "train"))
from prediction import to_epsilon  # noqa: E402
from schedule import alphas_cumprod  # noqa: E402
from state import read_scheduler  # noqa: E402
from unet import load_unet  # noqa: E402


def wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def measure_limit(device: str, dtype: torch.dtype) -> float:
    """Teraflops of a square matrix product, the best of five."""
    side = 8192 if device == "cuda" else 1024
    a = torch.randn(side, side, device=device, dtype=dtype)
    times = []
    for _ in range(6):
        wait(device)
        started = time.perf_counter()
        a @ a
        wait(device)
        times.append(time.perf_counter() - started)
    return 2 * side**3 / min(times[1:]) / 1e12


def describe(device: str) -> str:
    return torch.cuda.get_device_name() if device == "cuda" else "CPU"


@torch.inference_mode()
def main() -> None:
    folder, noise, batch, device, precision, how = sys.argv[1:]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    dtype = torch.float16 if precision == "fp16" else torch.float32
    model = load_unet(Path(folder)).eval()
    scheduler = read_scheduler(Path(folder))
    ab = alphas_cumprod(scheduler)[500:501]
    size = model.config["sample_size"]
    x = torch.from_numpy(np.fromfile(noise, np.float32)).reshape(int(batch), -1, size, size)
    timesteps = torch.full((len(x),), 500)
    with FlopCounterMode(display=False) as counter:
        model(x[:1], timesteps[:1])
    model, x, timesteps = model.to(device, dtype), x.to(device, dtype), timesteps.to(device)
    plan = {
        "device": describe(device),
        "runtime": f"torch {torch.__version__}",
        "gigaflops": counter.get_total_flops() / 1e9,
        "limit": measure_limit(device, dtype),
    }
    print(json.dumps(plan), flush=True)
    network = torch.compile(model) if how == "compile" else model
    for _ in sys.stdin:
        wait(device)
        started = time.perf_counter()
        output = network(x, timesteps)
        wait(device)
        seconds = time.perf_counter() - started
        epsilon = to_epsilon(output[:1].float().cpu(), x[:1].float().cpu(), ab, scheduler["prediction_type"])
        raw = epsilon.contiguous().numpy().tobytes()
        print(json.dumps({"seconds": seconds, "latent": base64.b64encode(raw).decode()}), flush=True)


main()
