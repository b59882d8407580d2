"""The forward process: alphas_cumprod and what follows from it. Float64 throughout; T = num_train_timesteps.

Notation: ab = alphas_cumprod[t] (alpha in the DDIM paper, arXiv 2010.02502), sigma = sqrt((1 - ab) / ab),
lambda = -ln sigma, SNR = ab / (1 - ab) = sigma^-2.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

#: What diffusers needs to sample from the model; the schedule is that of DDPM (Ho et al. 2020).
DEFAULT_SCHEDULER: dict[str, Any] = {
    "_class_name": "DDPMScheduler",
    "_diffusers_version": "0.40.0",
    "beta_end": 0.02,
    "beta_schedule": "linear",
    "beta_start": 0.0001,
    "clip_sample": False,
    "clip_sample_range": 1.0,
    "dynamic_thresholding_ratio": 0.995,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "rescale_betas_zero_snr": False,
    "sample_max_value": 1.0,
    "steps_offset": 0,
    "thresholding": False,
    "timestep_spacing": "leading",
    "trained_betas": None,
    "variance_type": "fixed_small",
}


def alphas_cumprod(scheduler: dict[str, Any]) -> Tensor:
    """[T] float64, falling from nearly 1 to nearly 0. Raises ValueError on a schedule not known here."""
    if scheduler["beta_schedule"] != "linear" or scheduler.get("rescale_betas_zero_snr") or scheduler.get("trained_betas"):
        raise ValueError(f"beta_schedule {scheduler['beta_schedule']!r} is not supported, only plain 'linear'")
    betas = torch.linspace(
        scheduler["beta_start"], scheduler["beta_end"], scheduler["num_train_timesteps"], dtype=torch.float64
    )
    return torch.cumprod(1 - betas, dim=0)


def sigmas(ab: Tensor) -> Tensor:
    """alphas_cumprod [T] -> sigma [T]."""
    return ((1 - ab) / ab).sqrt()


#: Quantities in which nodes may be uniform, each of shape [T]: t itself, log sigma, or sigma^(1/6) (Karras et
#: al. 2022, eq. 5; the studio's presets).
NODES: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda ab: torch.arange(len(ab), dtype=torch.float64),
    "logSnr": lambda ab: sigmas(ab).log(),
    "karras": lambda ab: sigmas(ab) ** (1 / 6),
}


def falling_nodes(ab: Tensor, kind: str, steps: int) -> list[int]:
    """The studio's nodes: `steps` falling timesteps from T-1, uniform as NODES says, the clean picture behind the last.

    Neighbours that round together are moved apart. Raises ValueError for more steps than timesteps.
    """
    if not 1 <= steps <= len(ab):
        raise ValueError(f"{steps} steps do not fit into {len(ab)} timesteps")
    values = NODES[kind](ab)
    targets = torch.linspace(float(values[0]), float(values[-1]), steps + 1, dtype=torch.float64)[1:]
    nodes: list[int] = []
    for at, nearest in enumerate((values[None, :] - targets[:, None]).abs().argmin(dim=1).tolist()):
        latest = len(ab) - steps + at
        nodes.append(max(nodes[-1] + 1 if nodes else 0, min(nearest, latest)))
    return nodes[::-1]
