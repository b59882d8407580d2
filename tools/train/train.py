"""Trains a UNet2DModel on a zip or folder of pictures for a given time.

    python train.py --data train.zip --run run --minutes 92

Call it again with the same --run to go on after a stop. Time is wall-clock: the learning rate falls to 0 over the
minutes given, so the run ends annealed however fast the machine was. A run that was stopped (SIGTERM, SIGINT) or
suspended (SIGSTOP) loses steps; a resumed one goes from where its schedule stood to the end within its own --minutes.
"""

import argparse
import json
import signal
import time
from collections import deque
from dataclasses import asdict
from pathlib import Path

import torch

import parallel
from data import open_pictures
from prediction import PREDICTIONS, EpsilonModel
from record import data_record, new_record
from sample import Rule, contact_sheet, sample
from schedule import DEFAULT_SCHEDULER
from state import append_log, load_state, read_scheduler, save_json, save_state
from trainer import Settings, Trainer
from unet import UNet2DModel, load_unet

LOG_SECONDS = 30.0


class Stop:
    """Set by SIGTERM and SIGINT: the loop finishes its step, saves and leaves."""

    def __init__(self) -> None:
        self.signal = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._request)

    def _request(self, number: int, frame: object) -> None:
        self.signal = number


def parse_args() -> argparse.Namespace:
    default = Settings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="zip, folder or prepared .npy of pictures")
    parser.add_argument("--without", nargs="+", default=[], metavar="FOLDER", help="folders of --data to leave out")
    parser.add_argument("--run", type=Path, required=True, help="folder for state, record, log and sheets")
    parser.add_argument("--minutes", type=float, required=True, help="wall-clock time until the learning rate is 0")
    parser.add_argument("--init", type=Path, help="diffusers folder to start from (a new run only)")
    parser.add_argument("--note", help="what the start weights had seen: a sentence for the card")
    parser.add_argument("--config", type=Path, help="unet config.json for a start from scratch")
    parser.add_argument("--new-schedule", action="store_true", help="where the schedule is at its end, begin another")
    parser.add_argument("--batch", type=int, default=default.batch, help="pictures a step, of all processes together")
    parser.add_argument("--lr", type=float, default=default.learning_rate)
    parser.add_argument("--warmup", type=int, default=default.warmup_steps, help="steps")
    parser.add_argument("--ema", type=float, default=default.ema_decay)
    parser.add_argument("--prediction", choices=PREDICTIONS, help=f"of a new run; {default.prediction} by default")
    parser.add_argument("--min-snr", type=float, default=default.min_snr_gamma, help="gamma; 0 for the plain loss")
    parser.add_argument("--timestep-power", type=float, default=default.timestep_power, help="above 1: less noise")
    parser.add_argument("--balance", action="store_true", help="weigh noise levels by the inverse of their error")
    parser.add_argument("--bf16", action="store_true", help="bf16 autocast; measure first, old CPUs are slower with it")
    parser.add_argument("--compile", action="store_true", help="torch.compile")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    parser.add_argument("--save-minutes", type=float, default=5.0)
    parser.add_argument("--sheet-minutes", type=float, default=20.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def read_run(run: Path, data: Path) -> tuple[dict, dict]:
    """State and record of a run that is gone on with. Raises ValueError when it was of other data."""
    record = json.loads((run / "run.json").read_text())
    if record["data"] != data_record(data):
        raise ValueError(f"{run} was trained on {record['data']['name']}, and {data} is another: give that, or another --run")
    return load_state(run / "state.pt"), record


def build(args: argparse.Namespace) -> tuple[Trainer, dict]:
    """The trainer and the run's record: resumed when --run holds a state, else from --init, else from scratch."""
    resumed = read_run(args.run, args.data) if (args.run / "state.pt").exists() else None
    prediction = resumed[0]["scheduler"]["prediction_type"] if resumed else args.prediction or Settings.prediction
    if args.prediction not in (None, prediction):
        raise ValueError(f"{args.run} predicts {prediction}: what a run predicts is chosen at its start")
    settings = Settings(
        batch=args.batch,
        learning_rate=args.lr,
        warmup_steps=args.warmup,
        ema_decay=args.ema,
        prediction=prediction,
        min_snr_gamma=args.min_snr,
        timestep_power=args.timestep_power,
        balance=args.balance,
        bf16=args.bf16,
        seed=args.seed,
    )
    place = parallel.join(args.device)
    if resumed:
        state, record = resumed
        trainer = Trainer(UNet2DModel(state["config"]), state["scheduler"], settings, *place)
        trainer.restore(state)
        if trainer.progress >= 1 and not args.new_schedule:
            raise ValueError(f"the schedule of {args.run} is at its end: --new-schedule begins another")
        if trainer.progress >= 1:
            trainer.restart_schedule()
    else:
        torch.manual_seed(args.seed)
        config = json.loads(args.config.read_text()) if args.config else None
        model = load_unet(args.init) if args.init else UNet2DModel(config)
        scheduler = read_scheduler(args.init) if args.init else dict(DEFAULT_SCHEDULER)
        trainer = Trainer(model, scheduler, settings, *place)
        record = new_record(args.data, args.init, args.note, model)
    part = {"minutes": args.minutes, "without": args.without, "device": args.device, "processes": trainer.processes, "threads": torch.get_num_threads()}
    record["parts"].append({"settings": asdict(settings), **part})
    return trainer, record


def save(trainer: Trainer, record: dict, run: Path, seconds: float) -> None:
    """State and record, by the first process; the last part of the record grows with the run."""
    state = trainer.state()
    if trainer.rank == 0:
        record["parts"][-1]["seconds"] = round(seconds, 1)
        record |= {key: state[key] for key in ("step_count", "pictures_seen", "progress")}
        save_state(run / "state.pt", state)
        save_json(run / "run.json", record)


def write_sheet(trainer: Trainer, run: Path) -> None:
    """24 pictures of the EMA weights from seeds 0 … 23, in 20 evaluations."""
    network = UNet2DModel(trainer.model.config)
    network.load_state_dict(trainer.ema_weights())
    network = network.eval().to(trainer.device, memory_format=torch.channels_last)
    pictures = sample(EpsilonModel(network, trainer.scheduler), range(24), Rule(steps=20))
    (run / "sheets").mkdir(exist_ok=True)
    contact_sheet(pictures, columns=8).save(run / "sheets" / f"step-{trainer.step_count:07d}.png")


def error_by_noise(recent: deque[tuple[torch.Tensor, torch.Tensor]], total: int) -> list[float]:
    """Mean error over the recent batches in five bands of t, least noise first."""
    timesteps, errors = torch.cat([t for t, _ in recent]), torch.cat([e for _, e in recent])
    bands = timesteps * 5 // total
    return [round(float(errors[bands == b].mean()), 5) for b in range(5)]


def main() -> None:
    args = parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    args.run.mkdir(parents=True, exist_ok=True)
    try:
        trainer, record = build(args)
        pictures = open_pictures(args.data, args.run / "cache", trainer.model.config["sample_size"], args.without)
    except (OSError, ValueError) as error:
        raise SystemExit(f"train.py: {error}") from error
    if args.compile:
        trainer.compile()
    stop = Stop()
    recent: deque[tuple[torch.Tensor, torch.Tensor]] = deque(maxlen=100)
    start = logged = saved = sheet = time.monotonic()
    first_progress, logged_pictures, stopped = trainer.progress, trainer.pictures_seen, 0.0
    while trainer.progress < 1.0 and not stopped:
        recent.append(trainer.step(pictures))
        now = time.monotonic()
        progress = min(1.0, first_progress + (1 - first_progress) * (now - start) / (60 * args.minutes))
        to_save = now - saved >= 60 * args.save_minutes
        trainer.progress, to_save, stopped = parallel.furthest(progress, to_save, bool(stop.signal))
        if to_save:
            save(trainer, record, args.run, now - start)
            saved = now
        if trainer.rank == 0 and now - logged >= LOG_SECONDS:
            entry = {
                "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "step": trainer.step_count,
                "pictures": trainer.pictures_seen,
                "progress": round(trainer.progress, 5),
                "lr": trainer.learning_rate(),
                "rate": round((trainer.pictures_seen - logged_pictures) / (now - logged), 2),
                "error": error_by_noise(recent, len(trainer.ab)),
            }
            append_log(args.run / "log.jsonl", entry)
            logged, logged_pictures = now, trainer.pictures_seen
        if trainer.rank == 0 and now - sheet >= 60 * args.sheet_minutes:
            write_sheet(trainer, args.run)
            sheet = time.monotonic()
    save(trainer, record, args.run, time.monotonic() - start)
    parallel.leave()
    if trainer.progress < 1:
        raise SystemExit(128 + stop.signal)


if __name__ == "__main__":
    main()
