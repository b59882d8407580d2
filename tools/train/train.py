"""Trains a UNet2DModel on a zip or folder of pictures for a given time.

    python train.py --data train.zip --run run --minutes 92

Call it again with the same --run to go on after a stop. Time is wall-clock: the learning rate falls to 0 over the
minutes given, so the run ends annealed however fast the machine was. A run that was stopped (SIGTERM, SIGINT) or
suspended (SIGSTOP) loses steps; a resumed one goes from where its schedule stood to the end within its own --minutes.
"""

import argparse
import json
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import torch

import parallel
from adversary import AdversarySettings, Judge
from autoencoder import AutoencoderKL
from couple import open_coupling
from data import open_pictures, open_states, varied_of
from drawn import DrawnSettings, Pool
from gallery import open_gallery
from loop import add_run_arguments, begin_part, common_settings, go_on, prepare_run, read_run, run_schedule
from prediction import PREDICTIONS, EpsilonModel
from record import new_record, sha256
from sample import Rule, contact_sheet, sample
from schedule import DEFAULT_SCHEDULER
from state import autoencoder_of, read_scheduler
from teacher import TeacherSettings, teacher_of
from trainer import DiffusionSettings, Trainer
from unet import UNet2DModel, load_unet
from weights import WEIGHTS


def parse_args() -> argparse.Namespace:
    default = DiffusionSettings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="zip, folder or prepared .npy of pictures, or .npy of states")
    parser.add_argument("--vae", type=Path, help="autoencoder whose states --data holds (encode.py): folder or state.pt")
    add_run_arguments(parser, default)
    parser.add_argument("--config", type=Path, help="unet config.json for a start from scratch")
    parser.add_argument("--prediction", choices=PREDICTIONS, help=f"of a new run; {default.prediction} by default")
    parser.add_argument("--min-snr", type=float, default=default.min_snr_gamma, help="gamma; 0 for the plain loss")
    parser.add_argument("--timestep-power", type=float, default=default.timestep_power, help="above 1: less noise")
    parser.add_argument("--varied-below", type=float, metavar="SIGMA", help="show states of varied copies at lower noise only")
    parser.add_argument(
        "--teacher", type=Path, nargs=2, metavar=("LATER", "EARLIER"), help="folders of two stages of the training to learn from (teacher.py)"
    )
    parser.add_argument("--guidance", type=float, default=TeacherSettings.guidance, help="the teacher's at high noise")
    parser.add_argument("--extrapolation", type=float, default=TeacherSettings.extrapolation, help="of its weights at low noise")
    parser.add_argument("--change", type=float, default=TeacherSettings.change, metavar="SIGMA", help="where high noise begins")
    parser.add_argument("--coupling", type=Path, help="folder of states and the noise of each to learn from (couple.py)")
    parser.add_argument("--fresh", type=float, default=0.35, help="share of states that are shown with fresh noise beside a coupling's")
    parser.add_argument("--length", type=float, default=default.length, help="mean length of its noise; 1 is that of N(0, 1)")
    parser.add_argument("--drawn", type=float, default=0, help="share of states that the network draws itself (drawn.py)")
    parser.add_argument("--path", type=int, default=0, help="draw as many on each path, and show them at a slower pace")
    parser.add_argument("--pace", type=float, default=DrawnSettings.pace, help="the fastest, in mean paces of a path; 1 is an even pace")
    parser.add_argument("--nearness", type=float, default=0, help="how far to move them towards the nearest states of pictures, up to 1")
    parser.add_argument("--adversary", action="store_true", help="have a judge pull at them (adversary.py)")
    parser.add_argument("--pull", type=float, default=AdversarySettings.pull, help="how hard it does")
    parser.add_argument("--balance", action="store_true", help="weigh noise levels by the inverse of their error")
    return parser.parse_args()


def build(args: argparse.Namespace) -> tuple[Trainer, dict]:
    """The trainer and the run's record: resumed when --run holds a state, else from --init, else from scratch."""
    if args.coupling and not args.vae:
        raise ValueError("--coupling is of states: give their autoencoder (--vae)")
    if args.nearness and not args.vae:
        raise ValueError("--nearness is of states: give their autoencoder (--vae)")
    if (args.path or args.nearness or args.adversary) and not args.drawn:
        raise ValueError("--path, --nearness and --adversary are for what is drawn: give its share (--drawn)")
    resumed = read_run(args)
    prediction = resumed[0]["scheduler"]["prediction_type"] if resumed else args.prediction or DiffusionSettings.prediction
    if args.prediction not in (None, prediction):
        raise ValueError(f"{args.run} predicts {prediction}: what a run predicts is chosen at its start")
    settings = DiffusionSettings(
        **common_settings(args),
        prediction=prediction,
        min_snr_gamma=args.min_snr,
        timestep_power=args.timestep_power,
        balance=args.balance,
        varied_below=args.varied_below,
        fresh=args.fresh if args.coupling else None,
        length=args.length,
        teacher=TeacherSettings(args.guidance, args.extrapolation, args.change) if args.teacher else None,
        drawn=DrawnSettings(args.drawn, args.path, args.pace, args.nearness) if args.drawn else None,
        adversary=AdversarySettings(args.pull) if args.adversary else None,
    )
    place = parallel.join(args.device)
    torch.manual_seed(args.seed)
    if resumed:
        state, record = resumed
        trainer = Trainer(UNet2DModel(state["config"]), state["scheduler"], settings, *place)
        add_teachers(trainer, args)
        go_on(trainer, state, args)
    else:
        config = json.loads(args.config.read_text()) if args.config else None
        model = load_unet(args.init) if args.init else UNet2DModel(config)
        scheduler = read_scheduler(args.init) if args.init else dict(DEFAULT_SCHEDULER)
        trainer = Trainer(model, scheduler, settings, *place)
        add_teachers(trainer, args)
        record = new_record(args.data, args.init, args.note, model)
    begin_part(record, trainer, args)
    record["parts"][-1] |= sources(args)
    return trainer, record


def add_teachers(trainer: Trainer, args: argparse.Namespace) -> None:
    """What the data's own noise does not teach."""
    settings = trainer.settings
    if args.teacher:
        trainer.teacher = teacher_of(*args.teacher, trainer.scheduler, settings.teacher, trainer.device)
    if args.drawn:
        trainer.pool = Pool(trainer.model.config, trainer.scheduler, settings.drawn, trainer.device)
    if args.adversary:
        trainer.judge = Judge(trainer.model.config["in_channels"], settings.adversary, trainer.device, settings.bf16)


def sources(args: argparse.Namespace) -> dict[str, Any]:
    """What a part of a run learns from beside its data, for the record: weights by their SHA-256, and pairs."""
    found: dict[str, Any] = {}
    if args.teacher:
        found["teacher"] = [sha256(stage / "unet" / WEIGHTS) for stage in args.teacher]
    if args.coupling:
        found["coupling"] = json.loads((args.coupling / "coupling.json").read_text())
    return found


def write_sheet(trainer: Trainer, run: Path, autoencoder: AutoencoderKL | None) -> None:
    """24 pictures of the EMA weights from seeds 0 … 23, in 20 evaluations."""
    network = UNet2DModel(trainer.model.config)
    network.load_state_dict(trainer.ema_weights())
    network = network.eval().to(trainer.device, memory_format=torch.channels_last)
    pictures = sample(EpsilonModel(network, trainer.scheduler, autoencoder), range(24), Rule(steps=20))
    (run / "sheets").mkdir(exist_ok=True)
    contact_sheet(pictures, columns=8).save(run / "sheets" / f"step-{trainer.step_count:07d}.png")


def error_by_noise(recent: deque[tuple[torch.Tensor, torch.Tensor]], total: int) -> list[float]:
    """Mean error over the recent batches in five bands of t, least noise first."""
    timesteps, errors = torch.cat([t for t, _ in recent]), torch.cat([e for _, e in recent])
    bands = timesteps * 5 // total
    return [round(float(errors[bands == b].mean()), 5) for b in range(5)]


def judged(trainer: Trainer) -> dict[str, Any]:
    """Mean logits of the last states that the network said, and of the last ones of pictures."""
    return {"judge": [round(mean, 3) for mean in trainer.judge.logits]} if trainer.judge else {}


def main() -> None:
    args = parse_args()
    prepare_run(args)
    try:
        trainer, record = build(args)
        config = trainer.model.config
        side, autoencoder = config["sample_size"], autoencoder_of(args.vae).to(trainer.device).eval() if args.vae else None
        if autoencoder:
            data = open_states(args.data, (config["in_channels"], side, side))
            varied = varied_of(args.data, len(data)) if args.varied_below else None
            coupling = open_coupling(args.coupling, data.shape[1:]) if args.coupling else None
            trainer.gallery = open_gallery(args.data, data, varied) if args.nearness else None
        else:
            data, varied, coupling = open_pictures(args.data, args.run / "cache", side, args.without), None, None
    except (OSError, ValueError) as error:
        raise SystemExit(f"train.py: {error}") from error
    recent: deque[tuple[torch.Tensor, torch.Tensor]] = deque(maxlen=100)
    run_schedule(
        trainer,
        record,
        args,
        step=lambda: recent.append(trainer.step(data, varied, coupling)),
        summary=lambda: {"error": error_by_noise(recent, len(trainer.ab))} | judged(trainer),
        look=lambda: write_sheet(trainer, args.run, autoencoder),
    )


if __name__ == "__main__":
    main()
