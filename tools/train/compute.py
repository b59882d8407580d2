"""Where the commands compute: their options for the device and the CPU threads."""

import argparse

import torch


def add_device_argument(parser: argparse.ArgumentParser) -> None:
    """Adds --device: CUDA where there is a GPU, otherwise the CPU."""
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def add_compute_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds --threads and --device; `apply_threads` makes torch use the former."""
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    add_device_argument(parser)


def apply_threads(args: argparse.Namespace) -> None:
    """Sets the number of CPU threads that torch uses, unless it is left to torch."""
    if args.threads:
        torch.set_num_threads(args.threads)
