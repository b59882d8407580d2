"""A run's newest state -> a diffusers folder with model card and sample sheet.

    python export.py RUN FOLDER --name fruits-64 --dtype f32 --average PREVIOUS

A latent model takes its autoencoder too, and measures it on pictures it never saw:

    python export.py RUN FOLDER --vae STATES --vae-runs AE_RUN --held-out test.zip --cache CACHE

Writes into FOLDER unet/, scheduler/, model_index.json, samples.png and README.md, and nearest.png with --evaluation;
vae/ and reconstructions.png with --vae. The run may go on meanwhile.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch

from card import model_card
from compute import add_device_argument
from data import evenly, open_pictures
from reconstruction import HELD_OUT, SHOWN, measured, reconstructed, side_by_side
from record import sha256
from sample import add_rule_arguments, contact_sheet, rule_of, sample
from state import autoencoder_of, averaged, load_for_inference, load_state, save_json
from unet import load_unet
from weights import WEIGHTS, save_network

DTYPES = {"f32": (torch.float32, "float32"), "f16": (torch.float16, "float16")}


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="folder of the run, with state.pt and run.json")
    parser.add_argument("folder", type=Path, help="diffusers folder to write")
    parser.add_argument("--name", help="the model's name; the folder's by default")
    parser.add_argument("--dtype", choices=list(DTYPES), default="f32")
    parser.add_argument(
        "--average", type=Path, nargs="+", default=[], metavar="MODEL", help="folders whose weights count as much as the run's"
    )
    parser.add_argument("--evaluation", type=Path, help="evaluation.json for the card, with nearest.png beside it")
    parser.add_argument("--count", type=int, default=64, help="pictures on the sheet, seeds from 0")
    parser.add_argument("--vae", type=Path, help="autoencoder of a latent model: folder that encode.py wrote, or state.pt")
    parser.add_argument("--vae-runs", type=Path, nargs="+", default=[], metavar="RUN", help="its runs, for the card")
    parser.add_argument("--held-out", type=Path, help="zip, folder or .npy of pictures to measure the autoencoder on")
    parser.add_argument("--cache", type=Path, help="folder for the decoded pictures")
    add_rule_arguments(parser)
    add_device_argument(parser)
    return parser.parse_args()


def index_of(scheduler: dict[str, Any], latent: bool) -> dict[str, Any]:
    """model_index.json."""
    parts = {"scheduler": scheduler["_class_name"], "unet": "UNet2DModel"} | ({"vae": "AutoencoderKL"} if latent else {})
    return {"_class_name": "LDMPipeline" if latent else "DDPMPipeline", **{part: ["diffusers", name] for part, name in parts.items()}}


def about_autoencoder(args: argparse.Namespace) -> dict[str, Any]:
    """What the card says of the exported autoencoder; writes reconstructions.png."""
    model = autoencoder_of(args.folder)
    held_out = evenly(open_pictures(args.held_out, args.cache, model.config["sample_size"]), HELD_OUT)
    states, y = reconstructed(model, held_out)
    contact_sheet(side_by_side(held_out, y), columns=SHOWN).save(args.folder / "reconstructions.png", optimize=True)
    return {
        "config": model.config,
        "parameters": model.parameter_count(),
        "held_out": {"name": args.held_out.name, "count": len(held_out), **measured(held_out, states, y)},
        "runs": [json.loads((run / "run.json").read_text()) for run in args.vae_runs],
    }


def main() -> None:
    args = parse_args()
    state = load_state(args.run / "state.pt")
    record = json.loads((args.run / "run.json").read_text())
    record |= {key: state[key] for key in ("step_count", "pictures_seen", "progress")}
    config, scheduler = state["config"], state["scheduler"]
    dtype, dtype_name = DTYPES[args.dtype]
    weights = averaged([state["ema"], *(load_unet(other).state_dict() for other in args.average)])
    record["averaged"] = [sha256(other / "unet" / WEIGHTS) for other in args.average]
    save_network(args.folder / "unet", config, weights, dtype)
    (args.folder / "scheduler").mkdir(exist_ok=True)
    save_json(args.folder / "scheduler" / "scheduler_config.json", scheduler)
    if args.vae:
        model = autoencoder_of(args.vae)
        save_network(args.folder / "vae", model.config, model.state_dict(), dtype)
    save_json(args.folder / "model_index.json", index_of(scheduler, latent=args.vae is not None))

    pictures = sample(load_for_inference(args.folder, args.device), range(args.count), rule_of(args))
    contact_sheet(pictures, columns=8).save(args.folder / "samples.png", optimize=True)
    sheet = (
        f"{args.count} samples of fixed seeds 0 to {args.count - 1}, none left out: solver {args.solver} on {args.nodes} timesteps, "
        f"{args.steps} evaluations each, no clipping."
    )
    evaluation = json.loads(args.evaluation.read_text()) if args.evaluation else None
    if args.evaluation:
        shutil.copy(args.evaluation.with_name("nearest.png"), args.folder)
    autoencoder = about_autoencoder(args) if args.vae else None
    card = model_card(args.name or args.folder.name, config, scheduler, record, dtype_name, sheet, evaluation, autoencoder)
    (args.folder / "README.md").write_text(card)


if __name__ == "__main__":
    main()
