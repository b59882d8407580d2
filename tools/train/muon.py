"""Muon for the weights that are matrices, AdamW for the rest: one step of a U-Net in fewer pictures than AdamW alone."""

from typing import Any

import torch
from torch import Tensor, nn

import parallel

#: Coefficients a, b, c of x <- a x + b (x x^T) x + c (x x^T)^2 x for each step. Five such steps bring every
#: singular value roughly to 1, which is all Muon needs. Source: Y. Jiacheng's coefficients, as used in K.
#: Jordan's modded-nanogpt.
NEWTON_SCHULZ = (
    (4.0848, -6.8946, 2.9270),
    (3.9505, -6.3029, 2.6377),
    (3.7418, -5.5913, 2.3037),
    (2.8769, -3.1427, 1.2046),
    (2.8366, -3.0525, 1.2012),
)


def orthogonalized(matrix: Tensor) -> Tensor:
    """[m, n] -> float32 [m, n] with the same singular vectors and singular values of about 1 (0.7 … 1.2)."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).bfloat16()
    x = x / (x.float().norm() + 1e-7).bfloat16()
    for a, b, c in NEWTON_SCHULZ:
        square = x @ x.T
        x = a * x + (b * square + c * (square @ square)) @ x
    return (x.T if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum, then its nearest orthogonal matrix as the step. A convolution counts as [out, in * kh * kw].

    The step is scaled by 0.2 sqrt(max(m, n)), which makes its root mean square that of AdamW's, so that both take one
    learning rate. torch.optim.Muon refuses convolutions.
    Source: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon; the scale: Liu et al. 2025 (arXiv
    2502.16982), section 2.2.
    """

    def __init__(self, parameters: list[nn.Parameter], lr: float, momentum: float = 0.95) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self) -> None:
        """Every process orthogonalizes its share of the matrices and gets the others'."""
        for group in self.param_groups:
            steps, mine = [], parallel.mine([p.numel() for p in group["params"]])
            for p, is_mine in zip(group["params"], mine):
                if not self.state[p]:
                    self.state[p]["momentum"] = torch.zeros_like(p)
                average = self.state[p]["momentum"]
                average.lerp_(p.grad, 1 - group["momentum"])
                matrix = p.grad.lerp(average, group["momentum"]).flatten(1)
                steps.append(orthogonalized(matrix) if is_mine else torch.zeros_like(matrix))
            parallel.sum_(steps)
            for p, step in zip(group["params"], steps):
                p.add_(step.view(p.shape), alpha=-group["lr"] * 0.2 * max(step.shape) ** 0.5)


class MuonWithAdamW:
    """Both optimizers as one. AdamW has what is no matrix, the first and last convolution and embeddings, as Muon's authors advise."""

    def __init__(self, model: nn.Module, lr: float) -> None:
        matrices, others = [], []
        for name, parameter in model.named_parameters():
            if not parameter.requires_grad:
                continue
            hidden = parameter.ndim >= 2 and not name.split(".")[-2].startswith(("conv_in", "conv_out", "class_embedding"))
            (matrices if hidden else others).append(parameter)
        adamw = torch.optim.AdamW(others, lr=lr, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
        self.parts: tuple[torch.optim.Optimizer, ...] = (Muon(matrices, lr), adamw)

    def step(self, lr: float) -> None:
        """One step at learning rate `lr`; the gradients are gone afterwards."""
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = lr
            part.step()
            part.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict[str, Any]]:
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)
