"""What the training commands share: their options, going on with a run, and the loop of clock, signals, saving and log."""

import argparse
import json
import signal
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

import parallel
from compute import add_compute_arguments, apply_threads
from record import data_record
from state import append_log, load_state, save_json, save_state
from training import Settings, Training

LOG_SECONDS = 30.0


class Stop:
    """Set by SIGTERM and SIGINT: the loop finishes its step, saves and leaves."""

    def __init__(self) -> None:
        self.signal = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._request)

    def _request(self, number: int, frame: object) -> None:
        self.signal = number


def add_run_arguments(parser: argparse.ArgumentParser, default: Settings) -> None:
    parser.add_argument("--without", nargs="+", default=[], metavar="FOLDER", help="folders of --data to leave out")
    parser.add_argument("--run", type=Path, required=True, help="folder for state, record, log and sheets")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="wall-clock time until the learning rate is 0")
    length.add_argument("--pictures", type=int, help="pictures until then, however long they take")
    parser.add_argument("--init", type=Path, help="diffusers folder to start from (a new run only)")
    parser.add_argument("--note", help="what the start weights had seen: a sentence for the card")
    parser.add_argument("--new-schedule", action="store_true", help="where the schedule is at its end, begin another")
    parser.add_argument("--batch", type=int, default=default.batch, help="pictures a step, of all processes together")
    parser.add_argument("--lr", type=float, default=default.learning_rate)
    parser.add_argument("--warmup", type=int, default=default.warmup_steps, help="steps")
    parser.add_argument("--ema", type=float, default=default.ema_decay)
    parser.add_argument("--bf16", action="store_true", help="bf16 autocast; measure first, old CPUs are slower with it")
    parser.add_argument("--compile", action="store_true", help="torch.compile")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--save-minutes", type=float, default=5.0)
    parser.add_argument("--sheet-minutes", type=float, default=20.0)
    add_compute_arguments(parser)


def common_settings(args: argparse.Namespace) -> dict[str, Any]:
    """The fields of `Settings` as `add_run_arguments` asked for them."""
    return {
        "batch": args.batch,
        "learning_rate": args.lr,
        "warmup_steps": args.warmup,
        "ema_decay": args.ema,
        "bf16": args.bf16,
        "seed": args.seed,
    }


def prepare_run(args: argparse.Namespace) -> None:
    apply_threads(args)
    args.run.mkdir(parents=True, exist_ok=True)


def read_run(args: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """State and record of a run that is gone on with, None of a new one. Raises ValueError when it was of other data."""
    if not (args.run / "state.pt").exists():
        return None
    record = json.loads((args.run / "run.json").read_text())
    if record["data"] != data_record(args.data):
        raise ValueError(f"{args.run} was trained on {record['data']['name']}, and {args.data} is another: give that, or another --run")
    return load_state(args.run / "state.pt"), record


def go_on(trainer: Training, state: dict[str, Any], args: argparse.Namespace) -> None:
    """Restores `state`. Raises ValueError at the end of its schedule, unless another is asked for."""
    trainer.restore(state)
    if trainer.progress >= 1 and not args.new_schedule:
        raise ValueError(f"the schedule of {args.run} is at its end: --new-schedule begins another")
    if trainer.progress >= 1:
        trainer.restart_schedule()


def begin_part(record: dict[str, Any], trainer: Training, args: argparse.Namespace) -> None:
    """One entry of the record for this process's share of the run."""
    part = {"minutes": args.minutes, "pictures": args.pictures, "without": args.without, "device": args.device, "processes": trainer.processes, "threads": torch.get_num_threads()}
    record["parts"].append({"settings": asdict(trainer.settings), **part})


def save(trainer: Training, record: dict[str, Any], run: Path, seconds: float) -> None:
    """State and record, by the first process; the last part of the record grows with the run."""
    state = trainer.state()
    if trainer.rank == 0:
        record["parts"][-1]["seconds"] = round(seconds, 1)
        record |= {key: state[key] for key in ("step_count", "pictures_seen", "progress")}
        save_state(run / "state.pt", state)
        save_json(run / "run.json", record)


def run_schedule(
    trainer: Training,
    record: dict[str, Any],
    args: argparse.Namespace,
    step: Callable[[], None],
    summary: Callable[[], dict[str, Any]],
    look: Callable[[], None],
) -> None:
    """Calls `step` until args.minutes are over, or args.pictures seen, or a signal comes, then raises SystemExit.

    `summary` is what a line of the log says of the steps since the last; `look` writes what people look at.
    """
    if args.compile:
        trainer.compile()
    stop = Stop()
    start = logged = saved = looked = time.monotonic()
    first_progress, first_pictures, logged_pictures, stopped = trainer.progress, trainer.pictures_seen, trainer.pictures_seen, 0.0
    while trainer.progress < 1.0 and not stopped:
        step()
        now = time.monotonic()
        done = (trainer.pictures_seen - first_pictures) / args.pictures if args.pictures else (now - start) / (60 * args.minutes)
        progress = min(1.0, first_progress + (1 - first_progress) * done)
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
            }
            append_log(args.run / "log.jsonl", entry | summary())
            logged, logged_pictures = now, trainer.pictures_seen
        if trainer.rank == 0 and now - looked >= 60 * args.sheet_minutes:
            look()
            looked = time.monotonic()
    save(trainer, record, args.run, time.monotonic() - start)
    parallel.leave()
    if trainer.progress < 1:
        raise SystemExit(128 + stop.signal)
