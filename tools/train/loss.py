"""How much each noise level counts in training: how often it is drawn, and with what weight."""

import torch
from torch import Tensor


def stratified_timesteps(count: int, total: int, power: float, generator: torch.Generator) -> Tensor:
    """[count] timesteps t = total u^power with u uniform, spread evenly over the batch: less noise in the gradient.

    `power` 1 draws every level alike, above 1 those with little noise more often.
    Source of the spreading: Kingma et al. 2021 (arXiv 2107.00630), appendix I.1.
    """
    offset = torch.rand(1, generator=generator)
    spread = (offset + torch.arange(count) / count) % 1
    return (spread**power * total).long().clamp(max=total - 1)


def min_snr_weights(ab: Tensor, gamma: float, prediction: str) -> Tensor:
    """[T] weights of the squared error that make it min(SNR, gamma) times that of x0; `gamma` 0: all 1.

    Source: Hang et al. 2023 (arXiv 2303.09556), section 3.4.
    """
    if gamma == 0:
        return torch.ones_like(ab)
    snr = ab / (1 - ab)
    return snr.clamp(max=gamma) / (snr if prediction == "epsilon" else snr + 1)
