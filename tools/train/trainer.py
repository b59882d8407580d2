"""Training of a diffusion network: one step on pictures, or on the states an autoencoder made of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data import batch_at, random_places
from loss import ErrorByNoise, min_snr_weights, stratified_timesteps
from prediction import noised, target
from schedule import alphas_cumprod
from training import Settings, Training
from unet import UNet2DModel


@dataclass(frozen=True)
class DiffusionSettings(Settings):
    """And what shapes the loss."""

    prediction: str = "v_prediction"
    min_snr_gamma: float = 0.0  # 0: the plain loss
    timestep_power: float = 1.2  # above 1: samples less noisy levels more often
    balance: bool = False  # gives every noise level equal weight
    varied_apart: bool = False  # tells the network which states are of varied copies


class Trainer(Training):
    """`step` returns this process's timesteps and their errors."""

    def __init__(
        self, model: UNet2DModel, scheduler: dict[str, Any], settings: DiffusionSettings, device: str, rank: int = 0, processes: int = 1
    ) -> None:
        super().__init__(model, settings, device, rank, processes)
        self.scheduler = scheduler | {"prediction_type": settings.prediction}
        self.ab = alphas_cumprod(self.scheduler)
        self.weights = min_snr_weights(self.ab, settings.min_snr_gamma, settings.prediction)
        self.error = ErrorByNoise(len(self.ab))

    def step(self, data: np.ndarray, labels: np.ndarray | None = None) -> tuple[Tensor, Tensor]:
        """One step on pictures or states drawn from `data`. Returns this process's timesteps and squared errors, [share] each.

        `labels` are the classes of `data`, int64 [N], of a network that has some.
        """
        s = self.settings
        timesteps = stratified_timesteps(self.share, len(self.ab), s.timestep_power, self.generator)
        places = random_places(self.share, data, self.generator)
        x0 = batch_at(places, data, self.generator)
        epsilon, ab = torch.randn(x0.shape, generator=self.generator), self.ab[timesteps]
        x_t = noised(x0, epsilon, ab).to(self.device, memory_format=torch.channels_last)
        with self.autocast():
            classes = () if labels is None else (torch.from_numpy(labels[places]).to(self.device),)
            output = self.forward(x_t, timesteps.to(self.device), *classes).float()
        error = output - target(x0, epsilon, ab, s.prediction).to(self.device)
        squared = error.square().mean(dim=(1, 2, 3))
        weights = self.weights[timesteps].float() * (self.error.weights(timesteps) if s.balance else 1)
        self.descend((weights.to(self.device) * squared).mean())
        errors = squared.detach().cpu()
        self.error.update(timesteps, errors)
        return timesteps, errors

    def state(self) -> dict[str, Any]:
        return super().state() | {"scheduler": self.scheduler, "error": self.error.mean}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.error.mean = state["error"]
