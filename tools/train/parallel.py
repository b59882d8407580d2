"""Several processes that train one network, each on its share of every batch: `torchrun --nproc-per-node 2 -- train.py …`.

On a CPU two processes of one thread are faster than one process of two, whose threads wait for each other at every
layer. Everything here does nothing in a process that torchrun did not start.
"""

import os

import torch
import torch.distributed as dist
from torch import Tensor


def join() -> tuple[int, int]:
    """This process's rank and the number of processes: (0, 1) without torchrun."""
    if "RANK" not in os.environ:
        return 0, 1
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return dist.get_rank(), dist.get_world_size()


def leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def average_(tensors: list[Tensor]) -> None:
    """Replaces each tensor by its mean over the processes."""
    if not dist.is_initialized():
        return
    flat = torch.cat([t.flatten() for t in tensors])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for tensor, mean in zip(tensors, flat.split([t.numel() for t in tensors])):
        tensor.copy_(mean.view_as(tensor))


def furthest(*values: float) -> list[float]:
    """Each value's maximum over the processes, so that all of them decide alike."""
    if not dist.is_initialized():
        return list(values)
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    shared = torch.tensor(values, dtype=torch.float64, device=device)
    dist.all_reduce(shared, dist.ReduceOp.MAX)
    return shared.tolist()


def gather(value: Tensor) -> list[Tensor]:
    """`value` of every process, by rank. Every process has to ask."""
    if not dist.is_initialized():
        return [value]
    values: list[Tensor] = [value] * dist.get_world_size()
    dist.all_gather_object(values, value)
    return values
