"""What every trainer has: a network, its EMA, the optimizer, and where the run stands between start (0) and end (1)."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

import parallel
from muon import MuonWithAdamW


@dataclass(frozen=True)
class Settings:
    """What shapes the result. Written into the run's record as it is."""

    batch: int = 32  # pictures per step, over all processes
    learning_rate: float = 1e-3
    warmup_steps: int = 150
    ema_decay: float = 0.998
    clip_norm: float = 1.0
    bf16: bool = False
    seed: int = 0


class Training:
    """Holds the run's state in memory; knows nothing of files, clocks or signals.

    Of several processes each has one, `rank` of `processes`, that draws its own share of every batch; their gradients
    are averaged, so their weights stay the same.
    """

    def __init__(self, model: nn.Module, settings: Settings, device: str, rank: int = 0, processes: int = 1) -> None:
        if settings.batch % processes:
            raise ValueError(f"a batch of {settings.batch} cannot be shared by {processes} processes: choose a multiple")
        self.settings, self.device, self.rank, self.processes = settings, device, rank, processes
        self.share = settings.batch // processes
        self.model = model.to(device, memory_format=torch.channels_last).train()
        named = [(name, p) for name, p in self.model.named_parameters() if p.requires_grad]
        self.names, self.parameters = [name for name, _ in named], [p for _, p in named]
        self.ema = [p.detach().clone() for p in self.parameters]
        self.optimizer = MuonWithAdamW(self.model, settings.learning_rate)
        self.generator = torch.Generator().manual_seed(settings.seed + rank)
        self.forward = self.model
        self.step_count = 0
        self.schedule_start = 0
        self.pictures_seen = 0
        self.progress = 0.0

    def compile(self) -> None:
        self.forward = torch.compile(self.model)

    def restart_schedule(self) -> None:
        """From here on the learning rate rises and falls as in a new run."""
        self.progress, self.schedule_start = 0.0, self.step_count

    def learning_rate(self) -> float:
        """Linear warm-up by steps, linear fall to 0 by progress (Bergsma et al. 2025, arXiv 2502.15938)."""
        warmup = min(1.0, (self.step_count - self.schedule_start + 1) / self.settings.warmup_steps)
        return self.settings.learning_rate * warmup * max(0.0, 1.0 - self.progress)

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=self.settings.bf16)

    def descend(self, loss: Tensor) -> None:
        """One step of the optimizer and of the averaged weights, all processes together."""
        loss.backward()
        parallel.average_([p.grad for p in self.parameters])
        torch.nn.utils.clip_grad_norm_(self.parameters, self.settings.clip_norm, error_if_nonfinite=True)
        self.optimizer.step(self.learning_rate())
        self.step_count += 1
        self.pictures_seen += self.settings.batch
        self._update_ema()

    @torch.no_grad()
    def _update_ema(self) -> None:
        """Decay rises from 0 with the steps so that the start is forgotten (TensorFlow's (1 + n) / (10 + n))."""
        decay = min(self.settings.ema_decay, (1 + self.step_count) / (10 + self.step_count))
        torch._foreach_lerp_(self.ema, self.parameters, 1 - decay)

    def ema_weights(self) -> dict[str, Tensor]:
        """The averaged weights, by parameter name, on the CPU; those that are not trained as they are."""
        frozen = {name: p.detach().cpu() for name, p in self.model.named_parameters() if not p.requires_grad}
        return frozen | {name: value.cpu() for name, value in zip(self.names, self.ema)}

    def state(self) -> dict[str, Any]:
        """Everything later processes need to go on as if they were these."""
        return {
            "config": self.model.config,
            "model": self.model.state_dict(),
            "ema": self.ema_weights(),
            "optimizer": self.optimizer.state_dict(),
            "generators": parallel.gather(self.generator.get_state()),
            "step_count": self.step_count,
            "schedule_start": self.schedule_start,
            "pictures_seen": self.pictures_seen,
            "progress": self.progress,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """The inverse of `state`. Raises ValueError when that was of another number of processes."""
        if len(state["generators"]) != self.processes:
            raise ValueError(f"the run was of {len(state['generators'])} process(es): go on with as many")
        self.model.load_state_dict(state["model"])
        for average, name in zip(self.ema, self.names):
            average.copy_(state["ema"][name])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generators"][self.rank])
        self.step_count = state["step_count"]
        self.schedule_start = state["schedule_start"]
        self.pictures_seen = state["pictures_seen"]
        self.progress = state["progress"]
