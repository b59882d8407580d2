"""States that a network draws while it learns, and what they are made into before it is shown them.

A network with straight paths says nearly its whole sample at once, so it can be taught what to draw from any noise: its own averaged
weights draw states in few evaluations, these are changed for the better, and shown to it with the noise they were drawn from,
as the pairs of couple.py are. They can be changed in two ways:

- **A slower pace.** Noise is taken along great circles, the way films go. Where a path is walked at an even angle, what is drawn from it
  may change hardly at all for a while, and then all at once. Each noise is given the state that belongs where the path would be if
  its states nowhere followed each other faster than some times their mean pace, drawn from the noise there. So leaps are spread over more of
  the path; at once the mean pace, over all of it.
- **Nearness to pictures** (gallery.py). Each is moved towards the nearest state of a picture: what is blurred, or has colours that
  nothing has, is drawn as something that there is. States within a leap that was spread stay as they are: they would leap again.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from couple import Coupling
from gallery import Gallery
from prediction import EpsilonModel
from sample import decode
from schedule import falling_nodes
from unet import UNet2DModel


@dataclass(frozen=True)
class DrawnSettings:
    """How many states are drawn, from what noise, and what they are made into."""

    share: float = 0.5  # of every batch
    path: int = 0  # states on each path that is drawn; 0: each from noise of its own
    pace: float = 1.0  # that they are shown at, at most, in mean paces of their path: 1 is an even pace
    nearness: float = 0.0  # how far they are moved towards the nearest states of pictures: 1 takes those in their place
    pool: int = 1024  # that each process keeps
    renewed: int = 256  # as many of them are drawn anew
    every: int = 25  # after as many steps
    evaluations: int = 4  # for each


class Pool:
    """Drawn states, and the noise of each. Not part of a run's state: it is drawn anew."""

    def __init__(self, config: dict[str, Any], scheduler: dict[str, Any], settings: DrawnSettings, device: str) -> None:
        self.settings = settings
        network = UNet2DModel(config).eval().requires_grad_(False).to(device, memory_format=torch.channels_last)
        self.model = EpsilonModel(network, scheduler)
        self.nodes = falling_nodes(self.model.ab, "karras", settings.evaluations)
        self.states = self.noise = torch.empty(0, *self.model.shape)

    def renew(
        self, step: int, weights: dict[str, Tensor], gallery: Gallery | None, ends: Coupling | None, generator: torch.Generator
    ) -> None:
        """Draws states with `weights` of the network: all at first, then a part every some steps in place of the oldest. Half of the
        paths go between noise of pictures, where there are `ends` to take it from."""
        s = self.settings
        if len(self.states) and step % s.every:
            return
        self.model.network.load_state_dict(weights)
        count = s.renewed if len(self.states) else s.pool
        if s.path:
            noise = paths_between(self.ends(count // s.path, ends, generator), s.path)
            elsewhere, slowed = at_slower_pace(noise, self.draw(noise), s.path, s.pace)
            drawn = self.draw(elsewhere)
        else:
            noise = torch.randn((count, *self.model.shape), generator=generator)
            drawn, slowed = self.draw(noise), torch.zeros(count, dtype=torch.bool)
        if s.nearness:
            drawn = torch.where(slowed[:, None, None, None], drawn, drawn.lerp(gallery.nearest(drawn), s.nearness))
        self.noise, self.states = (torch.cat([new, old])[: s.pool] for new, old in ((noise, self.noise), (drawn, self.states)))

    def draw(self, noise: Tensor) -> Tensor:
        """States [N, C, h, w] of noise [N, C, h, w]."""
        pieces = (piece.to(self.model.device) for piece in noise.split(64))
        return torch.cat([decode(self.model, z, self.model.ab, self.nodes, order=2, softened=True).cpu() for z in pieces])

    def ends(self, count: int, coupling: Coupling | None, generator: torch.Generator) -> Tensor:
        """Noise where `count` paths begin and end, [2, count, C, h, w]."""
        noise = torch.randn((2, count, *self.model.shape), generator=generator)
        if coupling is not None:
            which = torch.randint(len(coupling.noise), (2, count // 2), generator=generator).numpy()
            noise[:, : count // 2] = torch.from_numpy(coupling.noise[which]).float()
        return noise

    def pairs(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """`count` states and the noise of each, [count, C, h, w]."""
        which = torch.randint(len(self.noise), (count,), generator=generator)
        return self.states[which], self.noise[which]


def paths_between(ends: Tensor, count: int) -> Tensor:
    """[2, N, C, h, w] -> `count` points at equal angles on each slerp path from one to the other, both ends among them, [N count, C, h, w]."""
    a, b = ends.flatten(2)
    angle = torch.nn.functional.cosine_similarity(a, b).clamp(-0.99, 0.99).acos()[:, None, None]
    t = torch.linspace(0, 1, count)[None, :, None]
    points = (((1 - t) * angle).sin() * a[:, None] + (t * angle).sin() * b[:, None]) / angle.sin()
    return points.reshape(-1, *ends.shape[2:])


def at_slower_pace(noise: Tensor, drawn: Tensor, count: int, fastest: float) -> tuple[Tensor, Tensor]:
    """Where on their paths to draw from, so that states nowhere follow each other faster than `fastest` times their mean pace (>= 1).

    `noise` and what is `drawn` from it, [N count, C, h, w]: paths of `count` points each. Returns noise [N count, C, h, w] on the same
    paths, the ends where they were, no shorter for lying between two points, and which of it lies where the pace was lowered, [N count].
    """
    paths = drawn.reshape(-1, count, drawn[0].numel())
    stay = durations((paths[:, 1:] - paths[:, :-1]).norm(dim=2), fastest)
    slowed = stay > stay.min(1, keepdim=True).values * 1.01
    reached = torch.nn.functional.pad(stay.cumsum(1), (1, 0))
    wanted = torch.linspace(0, 1, count).expand(len(paths), count).contiguous()
    after = torch.searchsorted(reached, wanted).clamp(1, count - 1)
    part = ((wanted - reached.gather(1, after - 1)) / stay.gather(1, after - 1)).clamp(0, 1).flatten()[:, None]
    first = (after - 1 + count * torch.arange(len(paths))[:, None]).flatten()
    a, b = (noise.flatten(1)[first + i] for i in (0, 1))
    between = torch.lerp(a, b, part)
    length = torch.lerp(a.norm(dim=1, keepdim=True), b.norm(dim=1, keepdim=True), part)
    return (between * (length / between.norm(dim=1, keepdim=True))).reshape(noise.shape), slowed.gather(1, after - 1).flatten()


def durations(steps: Tensor, fastest: float) -> Tensor:
    """The share of a path's duration that each step takes, [N, n], of their lengths [N, n]: all as long, but those longer that
    would be faster than `fastest` times the mean pace."""
    needed = steps / (fastest * steps.sum(1, keepdim=True)).clamp(min=1e-9)
    low, high = torch.zeros(len(steps), 1), torch.full((len(steps), 1), 1 / steps.shape[1])
    for _ in range(30):
        middle = (low + high) / 2
        fits = needed.maximum(middle).sum(1, keepdim=True) <= 1
        low, high = torch.where(fits, middle, low), torch.where(fits, high, middle)
    stay = needed.maximum(low).clamp(min=1e-9)
    return stay / stay.sum(1, keepdim=True)
