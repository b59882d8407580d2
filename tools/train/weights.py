"""Networks on disk as diffusers has them: a folder of config.json and safetensors."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

WEIGHTS = "diffusion_pytorch_model.safetensors"


def read_network(folder: Path, part: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Configuration and float32 weights of folder `part` of a diffusers folder, or of that folder itself."""
    folder = folder / part if (folder / part).is_dir() else folder
    config = json.loads((folder / "config.json").read_text())
    return config, {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}


def save_network(folder: Path, config: Mapping[str, Any], weights: Mapping[str, Tensor], dtype: torch.dtype) -> None:
    """Writes config.json and the weights as safetensors of `dtype` into `folder`, as diffusers does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(dict(config), indent=2) + "\n")
    save_file({k: v.to(dtype).contiguous() for k, v in weights.items()}, folder / WEIGHTS, metadata={"format": "pt"})
    (folder / WEIGHTS).chmod(0o644)  # save_file makes it readable by its owner only
