"""The layers of diffusers' `UNet2DModel`, with its parameter names.

Shapes: pictures and features [N, C, H, W], time embedding [N, D].
Source: diffusers `models/resnet.py`, `models/attention_processor.py`, `models/embeddings.py`.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from group_norm import GroupNorm


def sinusoidal_embedding(timesteps: Tensor, dim: int, flip_sin_to_cos: bool, freq_shift: float) -> Tensor:
    """Timesteps [N] -> sinusoids [N, dim] (Vaswani et al. 2017, section 3.5), computed in float32."""
    half = dim // 2
    exponent = -math.log(10000.0) * torch.arange(half, dtype=torch.float32, device=timesteps.device)
    angles = timesteps.float()[:, None] * torch.exp(exponent / (half - freq_shift))[None, :]
    parts = (angles.cos(), angles.sin()) if flip_sin_to_cos else (angles.sin(), angles.cos())
    return torch.cat(parts, dim=-1)


class TimestepEmbedding(nn.Module):
    """Sinusoids [N, in_dim] -> time embedding [N, out_dim]."""

    def __init__(self, in_dim: int, out_dim: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(in_dim, out_dim)
        self.linear_2 = nn.Linear(out_dim, out_dim)

    def forward(self, sinusoids: Tensor) -> Tensor:
        return self.linear_2(F.silu(self.linear_1(sinusoids)))


class Downsample2D(nn.Module):
    """[N, C, H, W] -> [N, C, H/2, W/2] by a strided convolution; padding 0 pads right and bottom only."""

    def __init__(self, channels: int, padding: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=padding)

    def forward(self, x: Tensor, temb: Tensor | None = None) -> Tensor:
        if self.conv.padding == (0, 0):
            x = F.pad(x, (0, 1, 0, 1))
        return self.conv(x)


class Upsample2D(nn.Module):
    """[N, C, H, W] -> [N, C, 2H, 2W]: nearest neighbour, then a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, temb: Tensor | None = None) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class ResnetBlock2D(nn.Module):
    """Residual block with the time embedding added, or applied as scale and shift; `temb_channels` None: without one.

    `resample` "down" halves the resolution by averaging, "up" doubles it by repetition, both on the main and on the
    residual branch, right after the first activation.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        temb_channels: int | None,
        groups: int,
        eps: float,
        time_scale_shift: str = "default",
        dropout: float = 0.0,
        resample: str | None = None,
    ) -> None:
        super().__init__()
        self.scale_shift = time_scale_shift == "scale_shift"
        self.resample = resample
        self.norm1 = GroupNorm(groups, in_channels, eps)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        if temb_channels is not None:
            self.time_emb_proj = nn.Linear(temb_channels, out_channels * (2 if self.scale_shift else 1))
        self.norm2 = GroupNorm(groups, out_channels, eps)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(in_channels, out_channels, 1) if in_channels != out_channels else None

    def _resampled(self, x: Tensor) -> Tensor:
        if self.resample == "down":
            return F.avg_pool2d(x, 2)
        if self.resample == "up":
            return F.interpolate(x, scale_factor=2.0, mode="nearest")
        return x

    def forward(self, x: Tensor, temb: Tensor | None = None) -> Tensor:
        h = self.conv1(self._resampled(F.silu(self.norm1(x))))
        emb = None if temb is None else self.time_emb_proj(F.silu(temb))[:, :, None, None]
        if emb is not None and self.scale_shift:
            scale, shift = emb.chunk(2, dim=1)
            h = self.norm2(h) * (1 + scale) + shift
        else:
            h = self.norm2(h if emb is None else h + emb)
        h = self.conv2(self.dropout(F.silu(h)))
        x = self._resampled(x)
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


def attended(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k' / sqrt(d)) v, [N, heads, L, d]. Of few tokens on a CPU PyTorch's own takes 3 to 8 times as long."""
    if q.device.type != "cpu" or q.shape[-2] > 256:
        return F.scaled_dot_product_attention(q, k, v)
    return torch.softmax(q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2), dim=-1) @ v


class Attention(nn.Module):
    """Self-attention over the H*W positions with a residual connection; `groups` None leaves the norm out."""

    def __init__(self, channels: int, head_dim: int, groups: int | None, eps: float) -> None:
        super().__init__()
        self.heads = channels // head_dim
        self.group_norm = GroupNorm(groups, channels, eps) if groups is not None else None
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels), nn.Identity()])

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        tokens = x if self.group_norm is None else self.group_norm(x)
        tokens = tokens.reshape(n, c, h * w).transpose(1, 2)

        def split(t: Tensor) -> Tensor:
            return t.view(n, h * w, self.heads, -1).transpose(1, 2)

        mixed = attended(split(self.to_q(tokens)), split(self.to_k(tokens)), split(self.to_v(tokens)))
        mixed = self.to_out[0](mixed.transpose(1, 2).reshape(n, h * w, c))
        return x + mixed.transpose(1, 2).reshape(n, c, h, w)
