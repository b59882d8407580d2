"""Group normalization that is quick on a CPU: PyTorch's own is 2 to 4 times slower in bf16, channels last."""

from typing import Any

import torch
from torch import Tensor, nn


class _GroupNorm(torch.autograd.Function):
    """Forward: sums over the positions per channel, then y = scale x + offset. Backward: dx = scale g + slope x + offset.

    Follows from y = w (x - mean) rstd + b by the chain rule; Wu & He 2018 (arXiv 1803.08494), eq. 1 to 3. In bf16 the
    products are rounded before they are summed, and factors before they are applied: results are off by some 0.6 % where
    the mean is three standard deviations, more beyond.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float) -> Tensor:
        n, c, h, w = x.shape
        x = x.contiguous(memory_format=torch.channels_last)
        count = h * w * (c // groups)
        mean = x.sum((2, 3), dtype=torch.float32).view(n, groups, -1).sum(2) / count
        square = (x * x).sum((2, 3), dtype=torch.float32).view(n, groups, -1).sum(2) / count
        rstd = (square - mean * mean).clamp(min=0).add(eps).rsqrt()
        ctx.save_for_backward(x, weight, mean, rstd)
        scale = rstd[..., None] * weight.view(groups, -1)
        offset = bias.view(groups, -1) - mean[..., None] * scale
        scale, offset = (t.reshape(n, c, 1, 1).to(x.dtype) for t in (scale, offset))
        return torch.addcmul(offset, x, scale)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        x, weight, mean, rstd = ctx.saved_tensors
        (n, c, h, w), groups = x.shape, mean.shape[1]
        g = grads[0].contiguous(memory_format=torch.channels_last)
        # per picture, group and channel of the group
        by_group = (n, groups, c // groups)
        sum_g = g.sum((2, 3), dtype=torch.float32).view(by_group)
        sum_gx = (g * x).sum((2, 3), dtype=torch.float32).view(by_group)
        mean, rstd, weight = mean.float()[..., None], rstd.float()[..., None], weight.view(by_group[1:])
        d_bias, d_weight = sum_g.sum(0).view(c), ((sum_gx - sum_g * mean) * rstd).sum(0).view(c)
        mean_g = (sum_g * weight).sum(2, keepdim=True) / (h * w * by_group[2])
        mean_gx = (sum_gx * weight).sum(2, keepdim=True) / (h * w * by_group[2])
        slope = rstd**3 * (mean_g * mean - mean_gx)
        scale, slope, offset = (
            t.expand(by_group).reshape(n, c, 1, 1).to(x.dtype) for t in (rstd * weight, slope, -slope * mean - rstd * mean_g)
        )
        return torch.addcmul(offset, g, scale).addcmul_(x, slope), d_weight, d_bias, None, None


class GroupNorm(nn.GroupNorm):
    """`nn.GroupNorm` for [N, C, H, W], by the same parameters; elsewhere than on a CPU it is that one."""

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != "cpu" or not torch.is_grad_enabled():
            return super().forward(x)
        return _GroupNorm.apply(x, self.weight, self.bias, self.num_groups, self.eps)
