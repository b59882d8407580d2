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


def remove_mean(error: Tensor) -> tuple[Tensor, Tensor]:
    """Error [N, C, H, W] -> the error without each picture's own mean, and those means [N, C]."""
    means = error.mean(dim=(2, 3))
    return error - means[:, :, None, None], means


def local_error(error: Tensor, scales: dict[int, float]) -> Tensor:
    """Error without its mean [N, C, H, W] -> [N] sum over s of weight * s^2 * mean(average_pool(error, s)^2).

    s = 1 is the plain loss. White noise scores 1 at every scale, so a term s > 1 raises the price of errors that
    neighbours share. Every term is minimised by the same E[epsilon | x_t]: the weights change how fast the network
    gets there, not where it ends.
    Source of the idea: Hoogeboom et al. 2023, "simple diffusion" (arXiv 2301.11093), section 3.3.
    """
    total = torch.zeros(error.shape[0], device=error.device)
    for scale, weight in scales.items():
        pooled = F.avg_pool2d(error, scale) if scale > 1 else error
        total = total + weight * scale**2 * pooled.square().mean(dim=(1, 2, 3))
    return total


def mean_error(means: Tensor, side: int) -> Tensor:
    """Means of the error [N, C] -> [N] their square in units of the noise's own mean: predicting 0 would give 1."""
    return side**2 * means.square().mean(dim=1)


def centred(means: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Means [N, C], weights [N] -> the means less their weighted average over the batch, and that average [C].

    The average is an offset every weight of the network can cause at once, so its gradient drowns that of the
    differences between pictures, which is all there is to learn; the offset itself is conv_out's bias and is tracked
    there without a gradient.
    """
    offset = (weights[:, None] * means).sum(dim=0) / weights.sum()
    return means - offset, offset
