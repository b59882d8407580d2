"""Start weights for a diffusion network from a trained one of another size: what fits is taken over.

    python transplant.py fruits-64 START --config fruits-96.json

The first levels of the trained one are left out, as many as it has more, so that the deepest stand for the deepest. What
does not fit is drawn at random as ever, and training has to learn it: the first and the last layers at least.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor

from unet import UNet2DModel, load_unet
from weights import save_network

ENDS = ("conv_in.", "conv_norm_out.", "conv_out.")


def name_in(source_levels: int, levels: int, name: str) -> str:
    """The trained network's name of a parameter: down blocks are counted from the picture, up blocks from the deepest."""
    kind, *rest = name.split(".")
    if kind != "down_blocks":
        return name
    return ".".join([kind, str(int(rest[0]) + source_levels - levels), *rest[1:]])


def frequencies(dim: int, source_dim: int) -> Tensor:
    """Places of a sinusoidal embedding of `source_dim` numbers within one of `dim`: the same frequencies, cosine and sine."""
    half, every = source_dim // 2, dim // source_dim
    return torch.cat([torch.arange(half) * every, dim // 2 + torch.arange(half) * every])


@torch.no_grad()
def transplant(model: UNet2DModel, source: UNet2DModel) -> int:
    """Overwrites what fits; returns how many numbers that were. The time embedding is taken over within a wider one."""
    given, taken = source.state_dict(), 0
    levels, source_levels = (len(m.config["block_out_channels"]) for m in (model, source))
    dim, source_dim = (m.config["block_out_channels"][0] for m in (model, source))
    for name, parameter in model.named_parameters():
        value = given.get(name_in(source_levels, levels, name))
        if value is None or name.startswith(ENDS):
            continue
        if "time_emb" in name and parameter.ndim == 2:
            columns = frequencies(dim, source_dim) if name == "time_embedding.linear_1.weight" else torch.arange(value.shape[1])
            parameter[: len(value)] = 0
            parameter[: len(value), columns] = value
        elif "time_emb" in name:
            parameter[: len(value)] = value
        elif value.shape == parameter.shape:
            parameter.copy_(value)
        elif value.ndim == 4 and len(value) == len(parameter) and value.shape[1] < parameter.shape[1]:
            parameter[:, : value.shape[1]] = value
        else:
            continue
        taken += value.numel()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="diffusers folder of the trained network")
    parser.add_argument("target", type=Path, help="folder to write unet/ into")
    parser.add_argument("--config", type=Path, required=True, help="unet config.json of the network to start")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    model = UNet2DModel(json.loads(args.config.read_text()))
    taken = transplant(model, load_unet(args.source))
    save_network(args.target / "unet", model.config, model.state_dict(), torch.float32)
    print(f"{taken:,} of {model.parameter_count():,} numbers")


if __name__ == "__main__":
    main()
