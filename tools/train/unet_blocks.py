"""The down, middle and up blocks of diffusers' `UNet2DModel`, with its parameter names.

Source: diffusers `models/unets/unet_2d_blocks.py`.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from unet_layers import Attention, Downsample2D, ResnetBlock2D, Upsample2D

DOWN_BLOCKS = ("DownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D")
UP_BLOCKS = ("UpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D")


def _resnet(config: Mapping[str, Any], in_channels: int, out_channels: int, resample: str | None = None) -> ResnetBlock2D:
    return ResnetBlock2D(
        in_channels,
        out_channels,
        temb_channels=config["block_out_channels"][0] * 4,
        groups=config["norm_num_groups"],
        eps=config["norm_eps"],
        time_scale_shift=config["resnet_time_scale_shift"],
        dropout=config["dropout"],
        resample=resample,
    )


def _attention(config: Mapping[str, Any], channels: int, groups: int | None) -> Attention:
    return Attention(channels, config["attention_head_dim"] or channels, groups, config["norm_eps"])


class DownBlock(nn.Module):
    """`kind` is one of DOWN_BLOCKS. Returns its output and every state the up path will join again."""

    def __init__(self, kind: str, config: Mapping[str, Any], in_channels: int, out_channels: int, last: bool) -> None:
        super().__init__()
        layers = config["layers_per_block"]
        self.resnets = nn.ModuleList(
            _resnet(config, in_channels if i == 0 else out_channels, out_channels) for i in range(layers)
        )
        self.attentions = nn.ModuleList(
            _attention(config, out_channels, config["norm_num_groups"]) for _ in range(layers if "Attn" in kind else 0)
        )
        self.downsamplers = nn.ModuleList()
        if not last and kind == "ResnetDownsampleBlock2D":
            self.downsamplers.append(_resnet(config, out_channels, out_channels, "down"))
        elif not last:
            self.downsamplers.append(Downsample2D(out_channels, config["downsample_padding"]))

    def forward(self, x: Tensor, temb: Tensor) -> tuple[Tensor, list[Tensor]]:
        skips = []
        for i, resnet in enumerate(self.resnets):
            x = resnet(x, temb)
            if self.attentions:
                x = self.attentions[i](x)
            skips.append(x)
        for downsampler in self.downsamplers:
            x = downsampler(x, temb)
            skips.append(x)
        return x, skips


class MidBlock(nn.Module):
    """Resnet, attention (if `add_attention`), resnet. With scale_shift its attention has no norm, as in diffusers."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        channels = config["block_out_channels"][-1]
        groups = config["norm_num_groups"] if config["resnet_time_scale_shift"] == "default" else None
        self.resnets = nn.ModuleList(_resnet(config, channels, channels) for _ in range(2))
        self.attentions = nn.ModuleList(
            _attention(config, channels, groups) for _ in range(1 if config["add_attention"] else 0)
        )

    def forward(self, x: Tensor, temb: Tensor) -> Tensor:
        x = self.resnets[0](x, temb)
        for attention in self.attentions:
            x = attention(x)
        return self.resnets[1](x, temb)


class UpBlock(nn.Module):
    """`kind` is one of UP_BLOCKS. Takes one skip per resnet, concatenated along the channels."""

    def __init__(
        self, kind: str, config: Mapping[str, Any], in_channels: int, out_channels: int, skip_channels: int, last: bool
    ) -> None:
        super().__init__()
        layers = config["layers_per_block"] + 1
        self.resnets = nn.ModuleList(
            _resnet(
                config,
                (in_channels if i == 0 else out_channels) + (skip_channels if i == layers - 1 else out_channels),
                out_channels,
            )
            for i in range(layers)
        )
        self.attentions = nn.ModuleList(
            _attention(config, out_channels, config["norm_num_groups"]) for _ in range(layers if "Attn" in kind else 0)
        )
        self.upsamplers = nn.ModuleList()
        if not last and kind == "ResnetUpsampleBlock2D":
            self.upsamplers.append(_resnet(config, out_channels, out_channels, "up"))
        elif not last:
            self.upsamplers.append(Upsample2D(out_channels))

    def forward(self, x: Tensor, temb: Tensor, skips: list[Tensor]) -> Tensor:
        for i, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], dim=1), temb)
            if self.attentions:
                x = self.attentions[i](x)
        for upsampler in self.upsamplers:
            x = upsampler(x, temb)
        return x
