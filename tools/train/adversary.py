"""A judge that teaches a network to draw states which cannot be told from those of pictures.

A network that follows straight paths says nearly its whole sample at once, whatever the noise, and that can be judged while
it learns. The judge, a small convolutional network, learns to tell states of pictures from what the network says, and the network
is pulled to where the judge would take its states for those of pictures. Source: adversarial post-training (Lin et al. 2025, arXiv
2501.08316) with its approximated R1 penalty, and the hinge loss (Lim & Ye 2017, arXiv 1705.02894).

It is judged on states that it draws itself (drawn.py).
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import parallel

#: Channels of the judge at a whole, a half, a quarter and an eighth of the states' side.
WIDTHS = (64, 96, 128, 192)

#: Standard deviation of the noise that hides details of states which are too small to matter, and of that of the penalty.
HIDDEN, APART = 0.05, 0.05


@dataclass(frozen=True)
class AdversarySettings:
    """How hard the judge pulls, and how it learns."""

    pull: float = 1.0  # weight of its pull, whose root mean square is 1, beside the squared error: states move by half of it
    judged_above: float = 1.0  # sigma from which on what the network says is judged: below, it only cleans what it is shown
    penalty: float = 0.5  # on what the judge says of neighbouring states of pictures
    learning_rate: float = 1e-3  # of the judge
    rounds: int = 3  # that it learns in for each pull, each of other states of pictures
    warmup_steps: int = 200  # in which the pull grows, while the judge learns


class JudgeNetwork(nn.Module):
    """States [N, C, h, w] -> logits [N, 2], above 0 for states of pictures: of their details, and of the whole."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = channels, *WIDTHS
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(inner, outer, 3, 1 if i == 0 else 2, 1), nn.GroupNorm(8, outer), nn.SiLU())
            for i, (inner, outer) in enumerate(zip(widths, widths[1:]))
        )
        self.details = nn.Conv2d(WIDTHS[1], 1, 1)
        self.whole = nn.Sequential(nn.Conv2d(WIDTHS[3], WIDTHS[3], 3, 1, 1), nn.SiLU(), nn.Conv2d(WIDTHS[3], 1, 1))

    def forward(self, states: Tensor) -> Tensor:
        seen = [states]
        for block in self.blocks:
            seen.append(block(seen[-1]))
        return torch.cat([logits.float().mean((2, 3)) for logits in (self.details(seen[2]), self.whole(seen[4]))], 1)


class Judge:
    """Tells states of pictures from others, and learns to as it is asked."""

    def __init__(self, channels: int, settings: AdversarySettings, device: str, bf16: bool = False) -> None:
        self.settings, self.device, self.bf16 = settings, device, bf16
        self.network = JudgeNetwork(channels).to(device, memory_format=torch.channels_last)
        self.parameters = list(self.network.parameters())
        self.optimizer = torch.optim.AdamW(self.parameters, lr=settings.learning_rate, betas=(0.0, 0.99), weight_decay=0.01)
        self.logits = 0.0, 0.0  # mean of the last states that were said, and of the last ones of pictures

    def __call__(self, said: Tensor, real: list[Tensor], generator: torch.Generator) -> Tensor:
        """Learns from states that a network `said`, [n, C, h, w], in a round for each of as many states of pictures. Returns the
        direction [n, C, h, w] that leads away from pictures, with a root mean square of 1 over all."""
        said = said.detach()
        with torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=self.bf16):
            for states in real:
                noise = torch.randn((3, *said.shape), generator=generator).to(self.device)
                hidden = states + HIDDEN * noise[0]
                self.learn(said + HIDDEN * noise[1], hidden, hidden + APART * noise[2])
            self.network.requires_grad_(False)
            (pull,) = torch.autograd.grad(-self.network(said.requires_grad_()).sum(), said)
            self.network.requires_grad_(True)
        return pull / pull.square().mean().sqrt().clamp(min=1e-12)

    def learn(self, said: Tensor, real: Tensor, beside: Tensor) -> None:
        """One step on states of both kinds and neighbours of the real ones, all processes together."""
        count = len(said)
        s, r, b = self.network(torch.cat([said, real, beside])).split([count] * 3)
        penalty = self.settings.penalty * ((r - b) / APART).square()
        loss = (F.relu(1 + s) + F.relu(1 - r) + penalty).sum() / max(count, 1)
        loss.backward()
        parallel.average_([p.grad for p in self.parameters])
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.logits = tuple(float(logits.detach().sum()) / max(logits.numel(), 1) for logits in (s, r))

    def state(self) -> dict[str, Any]:
        return {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
