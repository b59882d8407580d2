"""The training loss: squared epsilon error, weighted by noise level and, if asked, by spatial scale."""

import torch
import torch.nn.functional as F
from torch import Tensor


def stratified_timesteps(count: int, total: int, power: float, generator: torch.Generator) -> Tensor:
    """[count] timesteps t = total u^power with u uniform, spread evenly over the batch: less noise in the gradient.

    `power` 1 draws every level alike, below 1 the noisy ones more often.
    Source of the spreading: Kingma et al. 2021 (arXiv 2107.00630), appendix I.1.
    """
    offset = torch.rand(1, generator=generator)
    spread = (offset + torch.arange(count) / count) % 1
    return (spread**power * total).long().clamp(max=total - 1)


def epsilon_error(error: Tensor, scales: dict[int, float]) -> Tensor:
    """epsilon - prediction [N, C, H, W] -> [N] sum over s of weight * s^2 * mean(average_pool(error, s)^2).

    s = 1 is the plain loss. White noise scores 1 at every scale, so a term s > 1 raises the price of errors that
    neighbours share. Every term is minimised by the same E[epsilon | x_t]: the weights change how fast the network
    gets there, not where it ends. It is the low frequencies of the high noise levels that decide the colours of fruit
    and background, and the plain loss sees them as 1 / (H * W) of the whole.
    Source of the idea: Hoogeboom et al. 2023, "simple diffusion" (arXiv 2301.11093), section 3.3.
    """
    total = torch.zeros(error.shape[0], device=error.device)
    for scale, weight in scales.items():
        pooled = F.avg_pool2d(error, scale) if scale > 1 else error
        total = total + weight * scale**2 * pooled.square().mean(dim=(1, 2, 3))
    return total


def mean_error(error: Tensor) -> Tensor:
    """epsilon - prediction [N, C, H, W] -> [N] squared error of the picture's mean; 1 is what predicting 0 would give."""
    return error.shape[2] * error.shape[3] * error.mean(dim=(2, 3)).square().mean(dim=1)
