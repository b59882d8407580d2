"""The run's record, `run.json`: what the model card is written from, and nothing the run did not do."""

import hashlib
import json
import platform
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from weights import WEIGHTS


def sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def cpu_name() -> str:
    """The processor's name as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores" if names else platform.processor() or "unknown CPU"


def data_record(data: Path) -> dict[str, str | None]:
    """What names the pictures of a run: file or folder, and of a file its hash."""
    if not data.exists():
        raise FileNotFoundError(f"{data} does not exist")
    return {"name": data.name, "sha256": sha256(data) if data.is_file() else None}


def new_record(data: Path, init: Path | None, note: str | None, model: nn.Module, part: str = "unet") -> dict[str, Any]:
    """The start of a record of the network that is `part` of a diffusers folder. `parts` gets one entry for every process that worked on the run."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else cpu_name()
    return {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": data_record(data),
        "states": json.loads(states.read_text()) if (states := data.with_suffix(".json")).exists() else None,
        "init": {"name": init.name, "sha256": sha256(init / part / WEIGHTS)} if init else None,
        "note": note,
        "parameters": model.parameter_count(),
        "machine": device,
        "torch": torch.__version__,
        "parts": [],
    }
