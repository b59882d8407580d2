"""How much each noise level counts in training: how often it is drawn, and with what weight."""

import torch
from torch import Tensor

import parallel

BANDS = 20


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


class ErrorByNoise:
    """Running mean of the squared error in BANDS bands of t, least noise first; the same in every process.

    Its weights make every noise level count alike: otherwise most of the gradient is of high noise, whose error is
    large but mostly beyond learning. Source: Karras et al. 2024 (arXiv 2312.02696), section 2.2, where a network learns
    that mean.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.mean = torch.ones(BANDS)

    def bands(self, timesteps: Tensor) -> Tensor:
        return timesteps * BANDS // self.total

    def weights(self, timesteps: Tensor) -> Tensor:
        """[N]: overall over band's mean, from 1/3 to 3."""
        return (self.mean.mean() / self.mean)[self.bands(timesteps)].clamp(1 / 3, 3)

    def update(self, timesteps: Tensor, squared: Tensor, rate: float = 0.02) -> None:
        """Takes in one step's errors [N], of all processes; bands without any stay."""
        bands = self.bands(timesteps)
        sums, counts = torch.bincount(bands, squared, BANDS), torch.bincount(bands, minlength=BANDS).float()
        parallel.average_([sums, counts])
        self.mean = torch.where(counts > 0, self.mean.lerp((sums / counts.clamp(min=1e-9)).float(), rate), self.mean)
