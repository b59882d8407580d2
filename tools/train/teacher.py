"""What a network can be taught in place of the data's own noise: what two stages of its training say together.

Where there is much noise, and the shape and colour of a sample are decided, by autoguidance: it goes beyond what the
later stage says, away from the earlier one (Karras et al. 2024, arXiv 2406.02507). Where there is little, by a network
whose weights lie beyond the later stage's on the line from the earlier one's (Zheng et al. 2024, arXiv 2404.16792). That
network changes more slowly from one state to the next, so an inversion keeps more of its picture.

A teacher costs up to two evaluations a step; a network that has learned what it says costs one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from schedule import alphas_cumprod, sigmas
from state import read_scheduler
from unet import UNet2DModel, load_unet


@dataclass(frozen=True)
class TeacherSettings:
    """How far beyond the later stage, and where the one kind of beyond gives way to the other."""

    guidance: float = 2.0  # 1 says what the later stage says, 0 what the earlier one does
    extrapolation: float = 0.4  # 0 has the later stage's weights, -1 the earlier one's
    change: float = 8.0  # sigma from which on there is much noise


def beyond(later: UNet2DModel, earlier: UNet2DModel, extrapolation: float) -> UNet2DModel:
    """A network with the weights later + extrapolation (later - earlier)."""
    network, first = UNet2DModel(later.config), earlier.state_dict()
    network.load_state_dict({name: last + extrapolation * (last - first[name]) for name, last in later.state_dict().items()})
    return network


class Teacher:
    """Says what a network of the same kind should say of x_t."""

    def __init__(self, later: UNet2DModel, earlier: UNet2DModel, ab: Tensor, settings: TeacherSettings, device: str) -> None:
        """Raises ValueError when the stages are of two configurations."""
        if later.config != earlier.config:
            raise ValueError("two stages of one network are needed, and these are two networks")
        self.guidance = settings.guidance
        self.is_noisy = sigmas(ab) >= settings.change
        networks = later, earlier, beyond(later, earlier, settings.extrapolation)
        self.later, self.earlier, self.beyond = (
            network.eval().requires_grad_(False).to(device, memory_format=torch.channels_last) for network in networks
        )

    @torch.no_grad()
    def __call__(self, x_t: Tensor, timesteps: Tensor) -> Tensor:
        """x_t [N, C, H, W], timesteps [N] on the CPU -> what to say of it [N, C, H, W], float32."""
        noisy = self.is_noisy[timesteps].to(x_t.device)
        t, said = timesteps.to(x_t.device), torch.empty_like(x_t)
        if bool(noisy.any()):
            there = x_t[noisy], t[noisy]
            later, earlier = self.later(*there).float(), self.earlier(*there).float()
            said[noisy] = earlier + self.guidance * (later - earlier)
        if not bool(noisy.all()):
            said[~noisy] = self.beyond(x_t[~noisy], t[~noisy]).float()
        return said


def teacher_of(later: Path, earlier: Path, scheduler: dict[str, Any], settings: TeacherSettings, device: str) -> Teacher:
    """The teacher that the diffusers folders of two stages make.

    Raises ValueError when they predict another thing than `scheduler`, or on other noise.
    """
    alike = "prediction_type", "beta_start", "beta_end", "num_train_timesteps"
    for folder in (later, earlier):
        if any(read_scheduler(folder)[key] != scheduler[key] for key in alike):
            raise ValueError(f"{folder} does not predict what the network does: choose stages of its own training")
    return Teacher(load_unet(later), load_unet(earlier), alphas_cumprod(scheduler), settings, device)
