"""What a network predicts, and how that becomes epsilon. With a = sqrt(ab), s = sqrt(1 - ab): x_t = a x0 + s epsilon."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autoencoder import AutoencoderKL
from data import to_model_range
from schedule import alphas_cumprod
from unet import UNet2DModel

#: The supported values of `prediction_type` in a diffusers scheduler config.
PREDICTIONS = ("epsilon", "v_prediction")


def _parts(ab: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
    """alphas_cumprod at the pictures' timesteps [N] -> a and s, float32 [N, 1, 1, 1]."""
    ab = ab[:, None, None, None]
    return ab.sqrt().float().to(device), (1 - ab).sqrt().float().to(device)


def noised(x0: Tensor, epsilon: Tensor, ab: Tensor) -> Tensor:
    """x0, epsilon [N, C, H, W] and ab [N] -> x_t (DDIM, arXiv 2010.02502, eq. 4)."""
    a, s = _parts(ab, x0.device)
    return a * x0 + s * epsilon


def target(x0: Tensor, epsilon: Tensor, ab: Tensor, prediction: str) -> Tensor:
    """What the network is to say of x_t: epsilon, or v = a epsilon - s x0 (Salimans & Ho, arXiv 2202.00512, app. D)."""
    if prediction == "epsilon":
        return epsilon
    a, s = _parts(ab, x0.device)
    return a * epsilon - s * x0


def to_epsilon(output: Tensor, x_t: Tensor, ab: Tensor, prediction: str) -> Tensor:
    """What the network said of x_t -> epsilon; of v it is a v + s x_t."""
    if prediction == "epsilon":
        return output
    a, s = _parts(ab, x_t.device)
    return a * output + s * x_t


def to_x0(output: Tensor, x_t: Tensor, ab: Tensor, prediction: str) -> Tensor:
    """What the network said of x_t -> x0; of v it is a x_t - s v."""
    a, s = _parts(ab, x_t.device)
    return (x_t - s * output) / a if prediction == "epsilon" else a * x_t - s * output


class EpsilonModel:
    """A network and its scheduler config: predicts epsilon whatever the network predicts.

    With an autoencoder what it predicts of are states; without one the pictures themselves, on [-1, 1].
    """

    def __init__(
        self,
        network: UNet2DModel,
        scheduler: dict[str, Any],
        autoencoder: AutoencoderKL | None = None,
        memory_format: torch.memory_format = torch.channels_last,
    ) -> None:
        self.memory_format = memory_format
        self.network, self.prediction, self.ab = network, scheduler["prediction_type"], alphas_cumprod(scheduler)
        self.autoencoder = autoencoder
        side = network.config["sample_size"]
        self.shape = (network.config["in_channels"], side, side)
        self.picture_side = autoencoder.config["sample_size"] if autoencoder else side
        self.device = next(network.parameters()).device

    def __call__(self, x: Tensor, timesteps: Tensor) -> Tensor:
        """x_t [N, C, H, W], timesteps [N] on the CPU -> epsilon [N, C, H, W], float32."""
        return to_epsilon(self.output(x, timesteps), x, self.ab[timesteps], self.prediction)

    def output(self, x: Tensor, timesteps: Tensor) -> Tensor:
        """What the network itself says, float32."""
        x = x.contiguous(memory_format=self.memory_format)
        return self.network(x, timesteps.to(self.device)).float()

    def encode(self, pictures: np.ndarray) -> Tensor:
        """uint8 [N, H, W, 3] -> x0 [N, C, h, w], on the device."""
        x = to_model_range(pictures).to(self.device, memory_format=self.memory_format)
        return self.autoencoder.encode(x).float() if self.autoencoder else x

    def decode(self, x0: Tensor) -> Tensor:
        """x0 [N, C, h, w] -> pictures [N, 3, H, W] in about [-1, 1]."""
        return self.autoencoder.decoder(x0.contiguous(memory_format=self.memory_format)).float() if self.autoencoder else x0
