"""One training run: the network, its EMA, the optimizer, and where it stands between start (0) and end (1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data import random_batch
from loss import centred, local_error, mean_error, remove_mean, stratified_timesteps
from schedule import alphas_cumprod, mean_weights, min_snr_weights
from unet import UNet2DModel


@dataclass(frozen=True)
class Settings:
    """What shapes the result. Written into the run's record as it is."""

    batch: int = 8
    learning_rate: float = 1.5e-4
    warmup_steps: int = 100
    beta2: float = 0.99
    weight_decay: float = 0.0
    clip_norm: float = 1.0
    ema_decay: float = 0.995
    min_snr_gamma: float = 5.0  # 0: plain epsilon loss
    scales: dict[int, float] | None = None  # weight of each pooling of the error; None: {1: 1.0}
    mean_weight: float = 0.05  # of the error of a picture's mean
    bias_rate: float = 0.5  # of the tracking of conv_out's bias
    timestep_power: float = 1.0  # below 1: noisy levels more often
    only: tuple[str, ...] = ()  # train just the parameters whose names start so; (): all
    bf16: bool = False
    seed: int = 0


class Trainer:
    """Holds the run's state in memory; knows nothing of files, clocks or signals."""

    def __init__(self, model: UNet2DModel, scheduler: dict[str, Any], settings: Settings, device: str) -> None:
        self.settings, self.scheduler, self.device = settings, scheduler, device
        self.model = model.to(device, memory_format=torch.channels_last).train()
        self.parameters = list(self.model.parameters())
        for name, parameter in self.model.named_parameters():
            chosen = not settings.only or name.startswith(settings.only)
            parameter.requires_grad_(chosen and name != "conv_out.bias")
        self.ema = [p.detach().clone() for p in self.parameters]
        self.optimizer = torch.optim.AdamW(
            self.parameters,
            lr=settings.learning_rate,
            betas=(0.9, settings.beta2),
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self.ab = alphas_cumprod(scheduler)
        gamma = settings.min_snr_gamma
        self.weights = min_snr_weights(self.ab, gamma) if gamma > 0 else torch.ones_like(self.ab)
        self.mean_weights = self.weights * mean_weights(self.ab, model.config["sample_size"])
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.forward = self.model
        self.step_count = 0
        self.pictures_seen = 0
        self.progress = 0.0

    def compile(self) -> None:
        self.forward = torch.compile(self.model)

    def learning_rate(self) -> float:
        """Linear warm-up by steps, linear fall to 0 by progress (Bergsma et al. 2025, arXiv 2502.15938)."""
        warmup = min(1.0, (self.step_count + 1) / self.settings.warmup_steps)
        return self.settings.learning_rate * warmup * max(0.0, 1.0 - self.progress)

    def noised(self, x0: Tensor, timesteps: Tensor) -> tuple[Tensor, Tensor]:
        """x0 [N, C, H, W], timesteps [N] -> x_t and its epsilon (DDIM, eq. 4)."""
        epsilon = torch.randn(x0.shape, generator=self.generator)
        ab = self.ab[timesteps].float()[:, None, None, None]
        return ab.sqrt() * x0 + (1 - ab).sqrt() * epsilon, epsilon

    def step(self, pictures: np.ndarray) -> tuple[Tensor, Tensor]:
        """One step on uint8 pictures [M, H, W, 3].

        Returns timesteps [batch] and errors [batch, 2]: the plain squared error and that of the picture's mean.
        """
        s = self.settings
        timesteps = stratified_timesteps(s.batch, len(self.ab), s.timestep_power, self.generator)
        x_t, epsilon = self.noised(random_batch(pictures, s.batch, self.generator), timesteps)
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        with torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=s.bf16):
            x_t = x_t.to(self.device, memory_format=torch.channels_last)
            error = self.forward(x_t, timesteps.to(self.device)).float() - epsilon.to(self.device)
        loss, offset = self._loss(error, timesteps)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, s.clip_norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.model.conv_out.bias.data.sub_(s.bias_rate * (1 - self.progress) * offset)
        self.step_count += 1
        self.pictures_seen += s.batch
        self._update_ema()
        error = error.detach()
        means = mean_error(error.mean(dim=(2, 3)), error.shape[-1])
        return timesteps, torch.stack([error.square().mean(dim=(1, 2, 3)), means], dim=1).cpu()

    def _loss(self, error: Tensor, timesteps: Tensor) -> tuple[Tensor, Tensor]:
        """Prediction - epsilon [N, C, H, W] -> the loss and the offset [C] to take from conv_out's bias."""
        weights, of_means = (w[timesteps].float().to(error.device) for w in (self.weights, self.mean_weights))
        local, means = remove_mean(error)
        means, offset = centred(means, of_means)
        loss = weights * local_error(local, self.settings.scales or {1: 1.0})
        loss = loss + self.settings.mean_weight * of_means * mean_error(means, error.shape[-1])
        return loss.mean(), offset.detach()

    @torch.no_grad()
    def _update_ema(self) -> None:
        """Decay rises from 0 with the steps so that the start is forgotten (TensorFlow's (1 + n) / (10 + n))."""
        decay = min(self.settings.ema_decay, (1 + self.step_count) / (10 + self.step_count))
        torch._foreach_lerp_(self.ema, self.parameters, 1 - decay)

    def ema_weights(self) -> dict[str, Tensor]:
        """The averaged weights, by parameter name, on the CPU."""
        return {name: value.cpu() for (name, _), value in zip(self.model.named_parameters(), self.ema)}

    def state(self) -> dict[str, Any]:
        """Everything a later process needs to go on as if it were this one."""
        return {
            "config": self.model.config,
            "scheduler": self.scheduler,
            "model": self.model.state_dict(),
            "ema": self.ema_weights(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "step_count": self.step_count,
            "pictures_seen": self.pictures_seen,
            "progress": self.progress,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        self.model.load_state_dict(state["model"])
        for average, (name, _) in zip(self.ema, self.model.named_parameters()):
            average.copy_(state["ema"][name])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.step_count = state["step_count"]
        self.pictures_seen = state["pictures_seen"]
        self.progress = state["progress"]
