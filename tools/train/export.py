"""A run's newest state -> a diffusers folder with model card and sample sheet.

    python export.py RUN FOLDER --name fruits-64 --dtype f32 --average PREVIOUS

Writes into FOLDER unet/, scheduler/, model_index.json, samples.png and README.md, and nearest.png with --evaluation. The run may go on meanwhile.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch

from card import model_card
from record import sha256
from sample import add_rule_arguments, contact_sheet, rule_of, sample
from state import averaged, load_for_inference, load_state, save_json
from unet import WEIGHTS, load_unet, save_unet

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
    add_rule_arguments(parser)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    state = load_state(args.run / "state.pt")
    record = json.loads((args.run / "run.json").read_text())
    record |= {key: state[key] for key in ("step_count", "pictures_seen", "progress")}
    config, scheduler = state["config"], state["scheduler"]
    dtype, dtype_name = DTYPES[args.dtype]
    weights = averaged([state["ema"], *(load_unet(other).state_dict() for other in args.average)])
    record["averaged"] = [sha256(other / "unet" / WEIGHTS) for other in args.average]
    save_unet(args.folder / "unet", config, weights, dtype)
    (args.folder / "scheduler").mkdir(exist_ok=True)
    save_json(args.folder / "scheduler" / "scheduler_config.json", scheduler)
    index = {"_class_name": "DDPMPipeline", "scheduler": ["diffusers", scheduler["_class_name"]], "unet": ["diffusers", "UNet2DModel"]}
    save_json(args.folder / "model_index.json", index)

    pictures = sample(load_for_inference(args.folder, args.device), range(args.count), rule_of(args))
    contact_sheet(pictures, columns=8).save(args.folder / "samples.png", optimize=True)
    sheet = (
        f"{args.count} samples of fixed seeds 0 to {args.count - 1}, none left out: solver {args.solver} on {args.nodes} nodes, "
        f"{args.steps} evaluations each, no clipping."
    )
    evaluation = json.loads(args.evaluation.read_text()) if args.evaluation else None
    if args.evaluation:
        shutil.copy(args.evaluation.with_name("nearest.png"), args.folder)
    card = model_card(args.name or args.folder.name, config, scheduler, record, dtype_name, sheet, evaluation)
    (args.folder / "README.md").write_text(card)


if __name__ == "__main__":
    main()
