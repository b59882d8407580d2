"""Trains an AutoencoderKL on a zip or folder of pictures for a given time.

    python train_autoencoder.py --data train.zip --held-out test.zip --run run --minutes 40

As train.py: the same --run goes on after a stop, and the learning rate falls to 0 over the minutes given. With
--decoder-only the encoder, and so the states that a diffusion network learns, stay as they are.
"""

import argparse
from collections import deque
from pathlib import Path

import numpy as np
import torch

import parallel
from autoencoder import AutoencoderKL, load_autoencoder
from autoencoder_trainer import AutoencoderSettings, AutoencoderTrainer
from data import evenly, open_pictures
from loop import add_run_arguments, begin_part, common_settings, go_on, prepare_run, read_run, run_schedule
from record import new_record
from reconstruction import HELD_OUT, SHOWN, measured, reconstructed, side_by_side, states_of
from sample import contact_sheet
from state import append_log

#: Number of pictures whose states show by how much the channels of the initial weights are off.
STANDARDIZING = 256


def parse_args() -> argparse.Namespace:
    default = AutoencoderSettings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="zip, folder or prepared .npy of pictures")
    parser.add_argument("--held-out", type=Path, required=True, help="the same of pictures it never sees")
    add_run_arguments(parser, default)
    parser.add_argument("--feature-weight", type=float, default=default.feature_weight, help="0: without EfficientNet")
    parser.add_argument("--squared-weight", type=float, default=default.squared_weight, help="what the worst pixels count")
    parser.add_argument("--kl-weight", type=float, default=default.kl_weight)
    parser.add_argument("--decoder-only", action="store_true", help="leave the encoder as it is")
    parser.add_argument("--keep-channels", action="store_true", help="leave those of --init as they are: a network has learned them")
    parser.add_argument("--state-noise", type=float, default=default.state_noise, help="with --decoder-only: added to states")
    return parser.parse_args()


def build(args: argparse.Namespace) -> tuple[AutoencoderTrainer, dict]:
    """The trainer and the run's record: resumed when --run holds a state, else from --init, else from scratch.

    What --init brings is standardized first, unless its states or its channels are in use.
    """
    settings = AutoencoderSettings(
        **common_settings(args),
        feature_weight=args.feature_weight,
        squared_weight=args.squared_weight,
        kl_weight=args.kl_weight,
        decoder_only=args.decoder_only,
        state_noise=args.state_noise,
    )
    resumed, place = read_run(args), parallel.join(args.device)
    if resumed:
        state, record = resumed
        trainer = AutoencoderTrainer(AutoencoderKL(state["config"]), settings, *place)
        go_on(trainer, state, args)
    else:
        torch.manual_seed(args.seed)
        model = load_autoencoder(args.init) if args.init else AutoencoderKL()
        if args.init and not (args.decoder_only or args.keep_channels):
            sample = evenly(open_pictures(args.data, args.run / "cache", model.config["sample_size"], args.without), STANDARDIZING)
            model.standardize(states_of(model, sample), whiten=True)
        trainer = AutoencoderTrainer(model, settings, *place)
        record = new_record(args.data, args.init, args.note, model, "vae")
    begin_part(record, trainer, args)
    return trainer, record


def look(trainer: AutoencoderTrainer, held_out: np.ndarray, run: Path) -> None:
    """Measures the averaged weights, and puts held-out pictures beside their reconstructions."""
    network = AutoencoderKL(trainer.model.config)
    network.load_state_dict(trainer.ema_weights())
    states, y = reconstructed(network.to(trainer.device), held_out)
    append_log(run / "held-out.jsonl", {"pictures": trainer.pictures_seen, **measured(held_out, states, y)})
    contact_sheet(side_by_side(held_out, y), columns=SHOWN).save(run / "reconstructions.png")


def main() -> None:
    args = parse_args()
    prepare_run(args)
    try:
        trainer, record = build(args)
        side = trainer.model.config["sample_size"]
        pictures = open_pictures(args.data, args.run / "cache", side, args.without)
        held_out = evenly(open_pictures(args.held_out, args.run / "cache", side), HELD_OUT)
    except (OSError, ValueError) as error:
        raise SystemExit(f"train_autoencoder.py: {error}") from error
    recent: deque[dict[str, float]] = deque(maxlen=100)

    def means() -> dict[str, float]:
        return {name: round(sum(parts[name] for parts in recent) / len(recent), 6) for name in recent[0]}

    run_schedule(
        trainer,
        record,
        args,
        step=lambda: recent.append(trainer.step(pictures)),
        summary=means,
        look=lambda: look(trainer, held_out, args.run),
    )


if __name__ == "__main__":
    main()
