"""Training of a diffusion network: one step on pictures, or on the states an autoencoder made of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from adversary import AdversarySettings, Judge
from couple import Coupling
from data import batch_at, random_places
from drawn import DrawnSettings, Pool
from gallery import Gallery
from loss import ErrorByNoise, min_snr_weights, stratified_timesteps
from prediction import noised, target, to_x0
from schedule import alphas_cumprod, sigmas
from teacher import Teacher, TeacherSettings
from training import Settings, Training
from unet import UNet2DModel


#: Beside pairs, states are shown with fresh noise where some of the picture can be seen through it: so the network still knows
#: what pictures look like when a state comes that is on no path of a pair.
FRESH_BELOW = 60.0


@dataclass(frozen=True)
class DiffusionSettings(Settings):
    """And what shapes the loss."""

    prediction: str = "v_prediction"
    min_snr_gamma: float = 0.0  # 0: the plain loss
    timestep_power: float = 1.2  # above 1: samples less noisy levels more often
    balance: bool = False  # gives every noise level equal weight
    varied_below: float | None = None  # sigma from which on states of varied copies are not shown
    fresh: float | None = None  # share of states with fresh noise beside a coupling's, at sigma < FRESH_BELOW; None: no coupling
    length: float = 0.972  # of a coupling's noise: pictures that were not learned come out longer by some hundredths, and are to have 1
    teacher: TeacherSettings | None = None  # None: taught by the noise of the data alone
    drawn: DrawnSettings | None = None  # None: the network is shown nothing that it draws
    adversary: AdversarySettings | None = None  # None: nothing that it draws is judged


class Trainer(Training):
    """`step` returns this process's timesteps and their errors. With a `teacher` those are distances to what it says. With a `pool`
    a part of the states that are shown is drawn: changed by a `gallery`, if its settings say so, and judged, if there is a `judge`."""

    def __init__(
        self, model: UNet2DModel, scheduler: dict[str, Any], settings: DiffusionSettings, device: str, rank: int = 0, processes: int = 1
    ) -> None:
        if model.config["num_class_embeds"]:
            raise ValueError("networks with classes are not trained here: start from one without")
        super().__init__(model, settings, device, rank, processes)
        self.scheduler = scheduler | {"prediction_type": settings.prediction}
        self.ab = alphas_cumprod(self.scheduler)
        self.sigmas = sigmas(self.ab)
        self.weights = min_snr_weights(self.ab, settings.min_snr_gamma, settings.prediction)
        self.error = ErrorByNoise(len(self.ab))
        self.teacher: Teacher | None = None
        self.pool: Pool | None = None
        self.gallery: Gallery | None = None
        self.judge: Judge | None = None

    def step(self, data: np.ndarray, varied: np.ndarray | None = None, coupling: Coupling | None = None) -> tuple[Tensor, Tensor]:
        """One step on pictures or states drawn from `data`. Returns this process's timesteps and squared errors, [share] each.

        `varied` [N], bool, says which are of varied copies. With a `coupling` most states and their noise are those of its pairs.
        """
        s = self.settings
        timesteps = stratified_timesteps(self.share, len(self.ab), s.timestep_power, self.generator)
        x0, epsilon = self.shown(timesteps, data, varied, coupling)
        drawn = self.draw_into(x0, epsilon, coupling)
        ab = self.ab[timesteps]
        x_t = noised(x0, epsilon, ab).to(self.device, memory_format=torch.channels_last)
        with self.autocast():
            output = self.forward(x_t, timesteps.to(self.device)).float()
            taught = self.teacher(x_t, timesteps) if self.teacher else target(x0, epsilon, ab, s.prediction).to(self.device)
        error = output - taught
        squared = error.square().mean(dim=(1, 2, 3))
        weights = self.weights[timesteps].float() * (self.error.weights(timesteps) if s.balance else 1)
        loss = (weights.to(self.device) * squared).mean()
        if self.judge:
            judged = drawn[self.sigmas[timesteps[drawn]] >= s.adversary.judged_above]
            said = to_x0(output[judged], x_t[judged], ab[judged], s.prediction)
            loss = loss + self.pull(said, data, varied) / len(timesteps)
        self.descend(loss)
        errors = squared.detach().cpu()
        self.error.update(timesteps, errors)
        return timesteps, errors

    def shown(
        self, timesteps: Tensor, data: np.ndarray, varied: np.ndarray | None, coupling: Coupling | None
    ) -> tuple[Tensor, Tensor]:
        """x0 and epsilon [N, C, H, W] to show at `timesteps` [N]."""
        x0 = batch_at(self.places(timesteps, len(data), varied), data, self.generator)
        epsilon = torch.randn(x0.shape, generator=self.generator)
        if coupling is None:
            return x0, epsilon
        pairs = self.places(timesteps, len(coupling.states), coupling.varied)
        states, noise = batch_at(pairs, coupling.states, self.generator), coupling.noise_at(pairs, self.settings.length, self.generator)
        fresh = torch.rand(len(timesteps), generator=self.generator) < self.settings.fresh
        fresh = (fresh & (self.sigmas[timesteps] < FRESH_BELOW))[:, None, None, None]
        return torch.where(fresh, x0, states), torch.where(fresh, epsilon, noise)

    def draw_into(self, x0: Tensor, epsilon: Tensor, coupling: Coupling | None) -> Tensor:
        """Puts states that the network draws, and their noise, in place of some; returns of which. Of none without a pool."""
        if self.pool is None:
            return torch.empty(0, dtype=torch.long)
        which = torch.randperm(len(x0), generator=self.generator)[: round(self.settings.drawn.share * len(x0))]
        self.pool.renew(self.step_count, self.ema_weights(), self.gallery, coupling, self.generator)
        x0[which], epsilon[which] = self.pool.pairs(len(which), self.generator)
        return which

    def pull(self, said: Tensor, data: np.ndarray, varied: np.ndarray | None) -> Tensor:
        """The loss whose gradient is the judge's pull at states that the network `said` [n, C, H, W]."""
        adversary = self.settings.adversary
        noisiest = torch.full((len(said),), len(self.ab) - 1)
        real = [
            batch_at(self.places(noisiest, len(data), varied), data, self.generator).to(self.device) for _ in range(adversary.rounds)
        ]
        growing = min(1.0, (self.step_count - self.schedule_start) / adversary.warmup_steps)
        return growing * adversary.pull * (self.judge(said, real, self.generator) * said).mean((1, 2, 3)).sum()

    def places(self, timesteps: Tensor, total: int, varied: np.ndarray | None) -> np.ndarray:
        """Which of `total` pictures or states to show at `timesteps` [N]: any, but where there is much noise no varied copies."""
        any_of_all = random_places(len(timesteps), total, self.generator)
        below = self.settings.varied_below
        if varied is None or below is None:
            return any_of_all
        plain = np.flatnonzero(~varied)
        any_plain = plain[random_places(len(timesteps), len(plain), self.generator)]
        return np.where(self.sigmas[timesteps].numpy() < below, any_of_all, any_plain)

    def state(self) -> dict[str, Any]:
        judge = {"judge": self.judge.state()} if self.judge else {}
        return super().state() | {"scheduler": self.scheduler, "error": self.error.mean} | judge

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.error.mean = state["error"]
        if self.judge and "judge" in state:
            self.judge.restore(state["judge"])
