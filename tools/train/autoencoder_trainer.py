"""Training of an autoencoder, or of its decoder alone once its states are in use."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from autoencoder import AutoencoderKL
from data import random_batch
from features import FeatureDistance
from training import Settings, Training


@dataclass(frozen=True)
class AutoencoderSettings(Settings):
    """Weights of the loss beside the mean absolute error, whose weight is 1."""

    batch: int = 16
    squared_weight: float = 2.0
    gradient_weight: float = 1.0
    feature_weight: float = 0.02
    kl_weight: float = 1e-2
    state_noise: float = 0.0  # decoder only: standard deviation of the noise added to the states
    decoder_only: bool = False


def squared_by_picture(error: Tensor) -> Tensor:
    """The root mean square, over the pictures, of their mean squared errors: a picture twice as wrong counts four times."""
    return error.square().mean(dim=(1, 2, 3)).square().mean().sqrt()


class AutoencoderTrainer(Training):
    """`step` returns the parts of the loss by name."""

    def __init__(self, model: AutoencoderKL, settings: AutoencoderSettings, device: str, rank: int = 0, processes: int = 1) -> None:
        model.encoder.requires_grad_(not settings.decoder_only)
        super().__init__(model, settings, device, rank, processes)
        self.features = FeatureDistance().to(device) if settings.feature_weight else None

    def reconstruct(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstructions [N, 3, H, W] and the divergence of the states from N(0, 1), a value of the picture."""
        s, c, side = self.settings, self.model.config["latent_channels"], x.shape[-1] >> (len(self.model.config["block_out_channels"]) - 1)
        noise = torch.randn((len(x), c, side, side), generator=self.generator).to(self.device)
        if s.decoder_only:
            with torch.no_grad():
                states = self.model.encode(x)
            return self.model.decoder(states + s.state_noise * noise).float(), torch.zeros(())
        y, mean, log_variance = (t.float() for t in self.forward(x, noise))
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum() / 2
        return y.float(), divergence / x.numel()

    def step(self, pictures: np.ndarray) -> dict[str, float]:
        """One step on uint8 pictures [M, H, W, 3]."""
        s = self.settings
        x = random_batch(pictures, self.share, self.generator).to(self.device, memory_format=torch.channels_last)
        with self.autocast():
            y, divergence = self.reconstruct(x)
            unlike = self.features(x, y) if self.features else torch.zeros(())
        error = y - x
        across, down = error.diff(dim=-1).abs().mean(), error.diff(dim=-2).abs().mean()
        parts = {"absolute": error.abs().mean(), "squared": squared_by_picture(error), "gradient": across + down, "feature": unlike, "kl": divergence}
        weights = {"absolute": 1.0} | {name: getattr(s, f"{name}_weight") for name in list(parts)[1:]}
        self.descend(sum(weights[name] * part for name, part in parts.items()))
        return {name: float(part.detach()) for name, part in parts.items()}
