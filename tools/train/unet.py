"""A torch module shaped like diffusers' `UNet2DModel`: same config, same parameter names, same numbers.

Source: diffusers `models/unets/unet_2d.py`. Only what unconditional pixel models use is here; a config that asks for
more is refused by name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from group_norm import GroupNorm
from unet_blocks import DOWN_BLOCKS, UP_BLOCKS, DownBlock, MidBlock, UpBlock
from unet_layers import TimestepEmbedding, sinusoidal_embedding
from weights import read_network

#: Every field written by diffusers. The defaults are the network of fruits-64 (7.05 M parameters).
DEFAULT_CONFIG: dict[str, Any] = {
    "_class_name": "UNet2DModel",
    "_diffusers_version": "0.40.0",
    "act_fn": "silu",
    "add_attention": True,
    "attention_head_dim": 32,
    "attn_norm_num_groups": None,
    "block_out_channels": [32, 64, 128, 192],
    "center_input_sample": False,
    "class_embed_type": None,
    "down_block_types": ["DownBlock2D", "DownBlock2D", "DownBlock2D", "AttnDownBlock2D"],
    "downsample_padding": 1,
    "downsample_type": "conv",
    "dropout": 0.0,
    "flip_sin_to_cos": True,
    "freq_shift": 0,
    "in_channels": 3,
    "layers_per_block": 1,
    "mid_block_scale_factor": 1,
    "mid_block_type": "UNetMidBlock2D",
    "norm_eps": 1e-05,
    "norm_num_groups": 16,
    "num_class_embeds": None,
    "num_train_timesteps": None,
    "out_channels": 3,
    "resnet_time_scale_shift": "default",
    "sample_size": 64,
    "time_embedding_dim": None,
    "time_embedding_type": "positional",
    "up_block_types": ["AttnUpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D"],
    "upsample_type": "conv",
}

#: Fields for which this module supports only one value.
FIXED = (
    "act_fn",
    "attn_norm_num_groups",
    "class_embed_type",
    "downsample_type",
    "mid_block_scale_factor",
    "mid_block_type",
    "time_embedding_dim",
    "time_embedding_type",
    "upsample_type",
)


def check_config(config: Mapping[str, Any]) -> None:
    """Raises ValueError naming the first field this module cannot honour."""
    for field in FIXED:
        if config[field] != DEFAULT_CONFIG[field]:
            raise ValueError(f"{field} = {config[field]!r} is not supported, only {DEFAULT_CONFIG[field]!r}")
    if config["resnet_time_scale_shift"] not in ("default", "scale_shift"):
        raise ValueError(f"resnet_time_scale_shift = {config['resnet_time_scale_shift']!r} is not supported")
    for field, known in (("down_block_types", DOWN_BLOCKS), ("up_block_types", UP_BLOCKS)):
        if len(config[field]) != len(config["block_out_channels"]):
            raise ValueError(f"{field} and block_out_channels differ in length")
        for kind in config[field]:
            if kind not in known:
                raise ValueError(f"{field}: {kind!r} is not supported, only {', '.join(known)}")


class UNet2DModel(nn.Module):
    """x_t [N, C, H, W], timesteps [N] and, of a network with classes, labels [N] -> predicted epsilon [N, C, H, W]."""

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.config: dict[str, Any] = {**DEFAULT_CONFIG, **(config or {})}
        check_config(self.config)
        channels = self.config["block_out_channels"]
        levels = len(channels)
        self.conv_in = nn.Conv2d(self.config["in_channels"], channels[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(channels[0], channels[0] * 4)
        classes = self.config["num_class_embeds"]
        self.class_embedding = nn.Embedding(classes, channels[0] * 4) if classes else None
        self.down_blocks = nn.ModuleList(
            DownBlock(kind, self.config, channels[max(i - 1, 0)], channels[i], last=i == levels - 1)
            for i, kind in enumerate(self.config["down_block_types"])
        )
        self.mid_block = MidBlock(self.config)
        rising = channels[::-1]
        self.up_blocks = nn.ModuleList(
            UpBlock(kind, self.config, rising[max(i - 1, 0)], rising[i], rising[min(i + 1, levels - 1)], last=i == levels - 1)
            for i, kind in enumerate(self.config["up_block_types"])
        )
        self.conv_norm_out = GroupNorm(self.config["norm_num_groups"], channels[0], self.config["norm_eps"])
        self.conv_out = nn.Conv2d(channels[0], self.config["out_channels"], 3, padding=1)

    def forward(self, x: Tensor, timesteps: Tensor, class_labels: Tensor | None = None) -> Tensor:
        if self.config["center_input_sample"]:
            x = 2 * x - 1
        sinusoids = sinusoidal_embedding(
            timesteps, self.config["block_out_channels"][0], self.config["flip_sin_to_cos"], self.config["freq_shift"]
        )
        temb = self.time_embedding(sinusoids.to(self.conv_in.weight.dtype))
        if self.class_embedding is not None:
            temb = temb + self.class_embedding(class_labels)
        h = self.conv_in(x)
        skips = [h]
        for down in self.down_blocks:
            h, states = down(h, temb)
            skips += states
        h = self.mid_block(h, temb)
        for up in self.up_blocks:
            h = up(h, temb, skips)
        return self.conv_out(F.silu(self.conv_norm_out(h)))

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())


def load_unet(folder: Path) -> UNet2DModel:
    """Reads `unet/` of a diffusers folder, or that folder itself. Raises on any missing or unknown weight."""
    config, weights = read_network(folder, "unet")
    model = UNet2DModel(config)
    model.load_state_dict(weights, strict=True)
    return model
