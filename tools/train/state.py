"""What a run keeps on disk: `state.pt` (weights, EMA, optimizer, progress), `run.json` (its record), `log.jsonl`."""

import json
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from autoencoder import AutoencoderKL, load_autoencoder
from prediction import EpsilonModel
from schedule import DEFAULT_SCHEDULER
from unet import UNet2DModel, load_unet


def write_atomically(path: Path, save: Any) -> None:
    """Calls `save(partial)` and renames: a reader sees the old file or the new one, never half of one."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    save(partial)
    partial.replace(path)


def save_state(path: Path, state: dict[str, Any]) -> None:
    write_atomically(path, lambda partial: torch.save(state, partial))


def load_state(path: Path) -> dict[str, Any]:
    """The dictionary `Trainer.state` wrote, on the CPU."""
    return torch.load(path, map_location="cpu", weights_only=True)


def save_json(path: Path, content: dict[str, Any]) -> None:
    write_atomically(path, lambda partial: partial.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n"))


def append_log(path: Path, entry: dict[str, Any]) -> None:
    """One line of JSON."""
    with path.open("a") as file:
        file.write(json.dumps(entry) + "\n")


def read_scheduler(folder: Path) -> dict[str, Any]:
    """scheduler_config.json of a diffusers folder, or the default schedule where there is none."""
    path = folder / "scheduler" / "scheduler_config.json"
    return json.loads(path.read_text()) if path.exists() else dict(DEFAULT_SCHEDULER)


def averaged(networks: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Mean of the weights of networks of one shape, by name, float32.

    Of runs that went on from one another it is nearer to the bottom of the valley than each of them (Wortsman et al.
    2022, arXiv 2203.05482). Raises ValueError when names or shapes differ.
    """
    shapes = [{name: value.shape for name, value in network.items()} for network in networks]
    if any(others != shapes[0] for others in shapes):
        raise ValueError("only networks of one configuration can be averaged")
    return {name: torch.stack([network[name].float() for network in networks]).mean(dim=0) for name in shapes[0]}


def load_for_inference(source: Path, device: str, autoencoder: Path | None = None) -> EpsilonModel:
    """The model of a diffusers folder with or without `vae/`, or of a `state.pt` (EMA weights).

    `autoencoder` is the folder or state of one that the folder does not hold.
    """
    if source.is_file():
        state = load_state(source)
        network, scheduler = UNet2DModel(state["config"]), state["scheduler"]
        network.load_state_dict(state["ema"])
    else:
        network, scheduler = load_unet(source), read_scheduler(source)
    def placed(module: Any) -> Any:
        return module.eval().requires_grad_(False).to(device, memory_format=torch.channels_last)

    if autoencoder is None and (source / "vae").is_dir():
        autoencoder = source
    return EpsilonModel(placed(network), scheduler, placed(autoencoder_of(autoencoder)) if autoencoder else None)


def autoencoder_of(source: Path) -> AutoencoderKL:
    """The autoencoder of a diffusers folder, or of a `state.pt` (EMA weights)."""
    if source.is_dir():
        return load_autoencoder(source)
    state = load_state(source)
    model = AutoencoderKL(state["config"])
    model.load_state_dict(state["ema"])
    return model
