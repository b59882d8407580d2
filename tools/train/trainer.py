"""One training run: the network, its EMA, the optimizer, and where it stands between start (0) and end (1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

import parallel
from data import random_batch
from loss import ErrorByNoise, min_snr_weights, stratified_timesteps
from muon import MuonWithAdamW
from prediction import noised, target
from schedule import alphas_cumprod
from unet import UNet2DModel


@dataclass(frozen=True)
class Settings:
    """What shapes the result. Written into the run's record as it is."""

    batch: int = 32  # pictures a step, of all processes together
    learning_rate: float = 1e-3
    warmup_steps: int = 150
    ema_decay: float = 0.998
    clip_norm: float = 1.0
    prediction: str = "v_prediction"
    min_snr_gamma: float = 0.0  # 0: the plain loss
    timestep_power: float = 1.2  # above 1: levels with little noise more often
    balance: bool = False  # every noise level counts alike
    bf16: bool = False
    seed: int = 0


class Trainer:
    """Holds the run's state in memory; knows nothing of files, clocks or signals.

    Of several processes each has a trainer, `rank` of `processes`, that draws its own share of every batch; their
    gradients are averaged, so their weights stay the same.
    """

    def __init__(
        self, model: UNet2DModel, scheduler: dict[str, Any], settings: Settings, device: str, rank: int = 0, processes: int = 1
    ) -> None:
        if settings.batch % processes:
            raise ValueError(f"a batch of {settings.batch} cannot be shared by {processes} processes: choose a multiple")
        self.settings, self.device, self.rank, self.processes = settings, device, rank, processes
        self.scheduler = scheduler | {"prediction_type": settings.prediction}
        self.model = model.to(device, memory_format=torch.channels_last).train()
        self.parameters = list(self.model.parameters())
        self.ema = [p.detach().clone() for p in self.parameters]
        self.optimizer = MuonWithAdamW(self.model, settings.learning_rate)
        self.ab = alphas_cumprod(self.scheduler)
        self.weights = min_snr_weights(self.ab, settings.min_snr_gamma, settings.prediction)
        self.error = ErrorByNoise(len(self.ab))
        self.generator = torch.Generator().manual_seed(settings.seed + rank)
        self.forward = self.model
        self.step_count = 0
        self.schedule_start = 0
        self.pictures_seen = 0
        self.progress = 0.0

    def compile(self) -> None:
        self.forward = torch.compile(self.model)

    def restart_schedule(self) -> None:
        """From here on the learning rate rises and falls as in a new run."""
        self.progress, self.schedule_start = 0.0, self.step_count

    def learning_rate(self) -> float:
        """Linear warm-up by steps, linear fall to 0 by progress (Bergsma et al. 2025, arXiv 2502.15938)."""
        warmup = min(1.0, (self.step_count - self.schedule_start + 1) / self.settings.warmup_steps)
        return self.settings.learning_rate * warmup * max(0.0, 1.0 - self.progress)

    def step(self, pictures: np.ndarray) -> tuple[Tensor, Tensor]:
        """One step on uint8 pictures [M, H, W, 3]. Returns this process's timesteps and squared errors, [share] each."""
        s, share = self.settings, self.settings.batch // self.processes
        timesteps = stratified_timesteps(share, len(self.ab), s.timestep_power, self.generator)
        x0 = random_batch(pictures, share, self.generator)
        epsilon, ab = torch.randn(x0.shape, generator=self.generator), self.ab[timesteps]
        x_t = noised(x0, epsilon, ab).to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=s.bf16):
            output = self.forward(x_t, timesteps.to(self.device)).float()
        error = output - target(x0, epsilon, ab, s.prediction).to(self.device)
        squared = error.square().mean(dim=(1, 2, 3))
        weights = self.weights[timesteps].float() * (self.error.weights(timesteps) if s.balance else 1)
        (weights.to(self.device) * squared).mean().backward()
        parallel.average_([p.grad for p in self.parameters])
        torch.nn.utils.clip_grad_norm_(self.parameters, s.clip_norm, error_if_nonfinite=True)
        self.optimizer.step(self.learning_rate())
        self.step_count += 1
        self.pictures_seen += s.batch
        self._update_ema()
        errors = squared.detach().cpu()
        self.error.update(timesteps, errors)
        return timesteps, errors

    @torch.no_grad()
    def _update_ema(self) -> None:
        """Decay rises from 0 with the steps so that the start is forgotten (TensorFlow's (1 + n) / (10 + n))."""
        decay = min(self.settings.ema_decay, (1 + self.step_count) / (10 + self.step_count))
        torch._foreach_lerp_(self.ema, self.parameters, 1 - decay)

    def ema_weights(self) -> dict[str, Tensor]:
        """The averaged weights, by parameter name, on the CPU."""
        return {name: value.cpu() for (name, _), value in zip(self.model.named_parameters(), self.ema)}

    def state(self) -> dict[str, Any]:
        """Everything later processes need to go on as if they were these."""
        return {
            "config": self.model.config,
            "scheduler": self.scheduler,
            "model": self.model.state_dict(),
            "ema": self.ema_weights(),
            "optimizer": self.optimizer.state_dict(),
            "generators": parallel.gather(self.generator.get_state()),
            "error": self.error.mean,
            "step_count": self.step_count,
            "schedule_start": self.schedule_start,
            "pictures_seen": self.pictures_seen,
            "progress": self.progress,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """The inverse of `state`. Raises ValueError when that was of another number of processes."""
        if len(state["generators"]) != self.processes:
            raise ValueError(f"the run was of {len(state['generators'])} process(es): go on with as many")
        self.model.load_state_dict(state["model"])
        for average, (name, _) in zip(self.ema, self.model.named_parameters()):
            average.copy_(state["ema"][name])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generators"][self.rank])
        self.error.mean = state["error"]
        self.step_count = state["step_count"]
        self.schedule_start = state["schedule_start"]
        self.pictures_seen = state["pictures_seen"]
        self.progress = state["progress"]
