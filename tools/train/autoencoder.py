"""A torch module shaped like diffusers' `AutoencoderKL`: same config, same parameter names, same numbers.

Source: diffusers `models/autoencoders/autoencoder_kl.py` and `vae.py`. Only what a small one needs is here: no
attention, no quant convolutions; a config that asks for more is refused by name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from group_norm import GroupNorm
from unet_layers import Downsample2D, ResnetBlock2D, Upsample2D
from weights import read_network

EPS = 1e-6

#: Every field written by diffusers that matters here. The defaults are the autoencoder of fruits-96 (2.57 M
#: parameters).
DEFAULT_CONFIG: dict[str, Any] = {
    "_class_name": "AutoencoderKL",
    "_diffusers_version": "0.40.0",
    "act_fn": "silu",
    "block_out_channels": [32, 64, 128],
    "down_block_types": ["DownEncoderBlock2D"] * 3,
    "force_upcast": False,
    "in_channels": 3,
    "latent_channels": 4,
    "layers_per_block": 1,
    "mid_block_add_attention": False,
    "norm_num_groups": 8,
    "out_channels": 3,
    "sample_size": 96,
    "scaling_factor": 1.0,
    "up_block_types": ["UpDecoderBlock2D"] * 3,
    "use_post_quant_conv": False,
    "use_quant_conv": False,
}

#: Fields for which this module supports only one value.
FIXED = ("act_fn", "mid_block_add_attention", "use_post_quant_conv", "use_quant_conv")


def check_config(config: Mapping[str, Any]) -> None:
    """Raises ValueError naming the first field this module cannot honour."""
    for field in FIXED:
        if config[field] != DEFAULT_CONFIG[field]:
            raise ValueError(f"{field} = {config[field]!r} is not supported, only {DEFAULT_CONFIG[field]!r}")
    for field in ("down_block_types", "up_block_types"):
        known = DEFAULT_CONFIG[field][0]
        if config[field] != [known] * len(config["block_out_channels"]):
            raise ValueError(f"{field} = {config[field]!r} is not supported, only {known} at each level")


def _resnets(config: Mapping[str, Any], in_channels: int, out_channels: int, count: int) -> nn.ModuleList:
    groups = config["norm_num_groups"]
    return nn.ModuleList(
        ResnetBlock2D(in_channels if i == 0 else out_channels, out_channels, None, groups, EPS) for i in range(count)
    )


class Block(nn.Module):
    """Resnets and, but for the last level, a change of size: halved with padding right and bottom, or doubled."""

    def __init__(self, resnets: nn.ModuleList, **resamplers: nn.ModuleList) -> None:
        super().__init__()
        self.resnets = resnets
        for name, modules in resamplers.items():
            setattr(self, name, modules)

    def forward(self, x: Tensor) -> Tensor:
        for modules in self.children():
            for module in modules:
                x = module(x)
        return x


class Encoder(nn.Module):
    """Pictures [N, 3, H, W] -> mean and log variance of the states [N, 2 C, H/4, W/4]."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        channels, layers = config["block_out_channels"], config["layers_per_block"]
        self.conv_in = nn.Conv2d(config["in_channels"], channels[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        for i, c in enumerate(channels):
            resampler = {} if i == len(channels) - 1 else {"downsamplers": nn.ModuleList([Downsample2D(c, 0)])}
            self.down_blocks.append(Block(_resnets(config, channels[max(i - 1, 0)], c, layers), **resampler))
        self.mid_block = Block(_resnets(config, channels[-1], channels[-1], 2))
        self.conv_norm_out = GroupNorm(config["norm_num_groups"], channels[-1], EPS)
        self.conv_out = nn.Conv2d(channels[-1], 2 * config["latent_channels"], 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for block in self.down_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(self.mid_block(x))))


class Decoder(nn.Module):
    """States [N, C, H/4, W/4] -> pictures [N, 3, H, W]."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        channels, layers = config["block_out_channels"][::-1], config["layers_per_block"]
        self.conv_in = nn.Conv2d(config["latent_channels"], channels[0], 3, padding=1)
        self.mid_block = Block(_resnets(config, channels[0], channels[0], 2))
        self.up_blocks = nn.ModuleList()
        for i, c in enumerate(channels):
            resampler = {} if i == len(channels) - 1 else {"upsamplers": nn.ModuleList([Upsample2D(c)])}
            self.up_blocks.append(Block(_resnets(config, channels[max(i - 1, 0)], c, layers + 1), **resampler))
        self.conv_norm_out = GroupNorm(config["norm_num_groups"], channels[-1], EPS)
        self.conv_out = nn.Conv2d(channels[-1], config["out_channels"], 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        x = self.mid_block(self.conv_in(z))
        for block in self.up_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class AutoencoderKL(nn.Module):
    """Encoder and decoder. Its states are as the U-Net sees them: `scaling_factor` is 1, see `standardize`."""

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.config: dict[str, Any] = {**DEFAULT_CONFIG, **(config or {})}
        check_config(self.config)
        self.encoder, self.decoder = Encoder(self.config), Decoder(self.config)

    def forward(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures and N(0, 1) of the states' shape -> reconstructions, mean and log variance of the states."""
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        log_variance = log_variance.clamp(-20, 5)
        return self.decoder(mean + (log_variance / 2).exp() * noise), mean, log_variance

    def encode(self, x: Tensor) -> Tensor:
        """Pictures in [-1, 1] -> the mean of their states."""
        return self.encoder(x).chunk(2, dim=1)[0]

    @torch.no_grad()
    def scale(self, forth: Tensor, centre: Tensor | None = None) -> None:
        """Changes the weights so that the states z become `forth` (z - `centre`), and the reconstructions stay.

        Exactly so but for two things: the decoder pads with 0 whatever the centre was, and the log variance has a value
        a channel and cannot be turned.
        """
        out, into, c = self.encoder.conv_out, self.decoder.conv_in, len(forth)
        forth, centre = forth.double(), torch.zeros(c).double() if centre is None else centre.double()
        weight, bias = into.weight.double(), out.bias[:c].double()
        into.bias += torch.einsum("oikl,i->o", weight, centre).float()
        into.weight.copy_(torch.einsum("oikl,ij->ojkl", weight, forth.inverse()))
        out.weight[:c] = torch.einsum("ij,jokl->iokl", forth, out.weight[:c].double()).float()
        out.bias[:c] = (forth @ (bias - centre)).float()
        out.bias[c:] += 2 * forth.diagonal().log().float()

    def standardize(self, states: Tensor, whiten: bool) -> None:
        """Gives states like `states` [N, C, h, w] a standard deviation of 1 in each channel.

        With `whiten` the channels lose their mean and their correlation too, each staying as near to itself as it can.
        """
        flat = states.transpose(0, 1).flatten(1).double()
        if not whiten:
            return self.scale(flat.std(dim=1).reciprocal().diag())
        values, vectors = torch.linalg.eigh(flat.cov())
        return self.scale(vectors @ values.rsqrt().diag() @ vectors.T, flat.mean(dim=1))

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())


def load_autoencoder(folder: Path) -> AutoencoderKL:
    """Reads `vae/` of a diffusers folder, or that folder itself; its `scaling_factor` goes into the weights."""
    config, weights = read_network(folder, "vae")
    factor = config["scaling_factor"]
    model = AutoencoderKL(config | {"scaling_factor": 1.0})
    model.load_state_dict(weights, strict=True)
    model.scale(torch.full((config["latent_channels"],), factor).diag())
    return model
