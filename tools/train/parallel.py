"""Several processes that train one network, each on its share of every batch: `torchrun --nproc-per-node 2 -- train.py …`.

On a CPU two processes of one thread are faster than one process of two, whose threads wait for each other at every
layer. Everything here does nothing in a process that torchrun did not start.
"""

import os
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor


#: Longer than any suspension of the processes, so that they resume together afterwards.
PATIENCE = timedelta(days=30)


def join(device: str) -> tuple[str, int, int]:
    """This process's device and rank, and the number of processes: (`device`, 0, 1) without torchrun."""
    if "RANK" not in os.environ:
        return device, 0, 1
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo", timeout=PATIENCE)
    return device, dist.get_rank(), dist.get_world_size()


def leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def _meeting_device() -> str:
    """Where tensors have to be for the processes to exchange them."""
    return "cuda" if dist.get_backend() == "nccl" else "cpu"


def sum_(tensors: list[Tensor], factor: float = 1.0) -> None:
    """Replaces each tensor by its sum over the processes times `factor`."""
    if not dist.is_initialized():
        return
    flat = torch.cat([t.flatten() for t in tensors]).to(_meeting_device())
    dist.all_reduce(flat)
    flat *= factor
    for tensor, total in zip(tensors, flat.split([t.numel() for t in tensors])):
        tensor.copy_(total.view_as(tensor))


def average_(tensors: list[Tensor]) -> None:
    """Replaces each tensor by its mean over the processes."""
    if dist.is_initialized():
        sum_(tensors, 1 / dist.get_world_size())


def dealt(costs: list[int], processes: int) -> list[int]:
    """Which process does each of several pieces of work, so that all have nearly as much: the dearest first, to whom has least."""
    sums, owners = [0] * processes, [0] * len(costs)
    for i in sorted(range(len(costs)), key=lambda i: -costs[i]):
        owners[i] = sums.index(min(sums))
        sums[owners[i]] += costs[i]
    return owners


def mine(costs: list[int]) -> list[bool]:
    """Of every piece of work, whether it is this process's."""
    rank, processes = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    return [owner == rank for owner in dealt(costs, processes)]


def furthest(*values: float) -> list[float]:
    """Each value's maximum over the processes, so that all of them decide alike."""
    if not dist.is_initialized():
        return list(values)
    shared = torch.tensor(values, dtype=torch.float64, device=_meeting_device())
    dist.all_reduce(shared, dist.ReduceOp.MAX)
    return shared.tolist()


def gather(value: Tensor) -> list[Tensor]:
    """`value` of every process, by rank. Every process has to ask."""
    if not dist.is_initialized():
        return [value]
    values: list[Tensor] = [value] * dist.get_world_size()
    dist.all_gather_object(values, value)
    return values
