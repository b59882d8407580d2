"""How near an autoencoder's reconstructions come to the pictures, and how its states are spread."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autoencoder import AutoencoderKL
from data import to_model_range, to_uint8

#: Number of pictures that an autoencoder is measured on, and of those that are shown.
HELD_OUT, SHOWN = 64, 16


@torch.no_grad()
def states_of(model: AutoencoderKL, pictures: np.ndarray, batch: int = 16) -> Tensor:
    """uint8 [N, H, W, 3] -> states (their mean), on the CPU."""
    device, model = next(model.parameters()).device, model.eval()
    pieces = [to_model_range(pictures[start : start + batch]) for start in range(0, len(pictures), batch)]
    return torch.cat([model.encode(x.to(device, memory_format=torch.channels_last)).float().cpu() for x in pieces])


@torch.no_grad()
def reconstructed(model: AutoencoderKL, pictures: np.ndarray, batch: int = 16) -> tuple[Tensor, Tensor]:
    """uint8 [N, H, W, 3] -> states and reconstructions in about [-1, 1], on the CPU."""
    states, device = states_of(model, pictures, batch), next(model.parameters()).device
    pieces = states.to(device, memory_format=torch.channels_last).split(batch)
    return states, torch.cat([model.decoder(z).float().cpu() for z in pieces])


def psnr(pictures: np.ndarray, y: Tensor) -> Tensor:
    """uint8 [N, H, W, 3] and reconstructions in about [-1, 1] -> [N] decibels over the range [0, 1], no rounding."""
    error = (to_model_range(pictures) - y.clamp(-1, 1)) / 2
    return -10 * error.square().mean(dim=(1, 2, 3)).log10()


def side_by_side(pictures: np.ndarray, y: Tensor) -> np.ndarray:
    """The first SHOWN pictures, and below them what came back, for a sheet of SHOWN columns."""
    return np.concatenate([pictures[:SHOWN], to_uint8(y[:SHOWN])])


def measured(pictures: np.ndarray, states: Tensor, y: Tensor) -> dict[str, Any]:
    db = psnr(pictures, y)
    mean, std = states.mean(dim=(0, 2, 3)), states.std(dim=(0, 2, 3))
    return {
        "psnr": round(float(db.mean()), 2),
        "worst": round(float(db.min()), 2),
        "mean": [round(float(v), 3) for v in mean],
        "std": [round(float(v), 3) for v in std],
    }
