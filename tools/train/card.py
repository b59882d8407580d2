"""The model card, README.md, from the run's own record and nothing else."""

from collections.abc import Callable
from typing import Any

CREDIT = {
    "licence": "cc-by-sa-4.0",
    "text": 'Pictures: Fruits-360 "3-body-problem" (apples, cherries, tomatoes), copyright (c) 2017- Mihai Oltean, '
    "[CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/), "
    "https://github.com/fruits-360/fruits-360-3-body-problem at commit f0f029370699ac3317e66d09878cf537af67a3ae; "
    "changed here: resized from 100x100 to {side}x{side}. The weights are under the same licence.",
}

PREDICTS = {"epsilon": "epsilon", "v_prediction": "v"}


def _how(part: dict[str, Any]) -> str:
    """What parts of every kind of run have in common."""
    s, without = part["settings"], part.get("without")
    return (
        f"EMA {s['ema_decay']:g}, {'bf16 autocast' if s['bf16'] else 'float32'}, seed {s['seed']}"
        + (f"; without {', '.join(without)}." if without else ".")
    )


def _where(part: dict[str, Any]) -> str:
    s = part["settings"]
    return (
        f"- {part.get('seconds', 0) / 3600:.2f} h on {part['device']} ({part['processes']} process(es) of "
        f"{part.get('threads', '?')} thread(s)): batch {s['batch']}, Muon and AdamW {s['learning_rate']:g} falling linearly to 0, "
    )


def _part(part: dict[str, Any]) -> str:
    s = part["settings"]
    below = f"varied copies at sigma < {s['varied_below']:g} only, " if s.get("varied_below") else ""
    fresh = s.get("fresh")
    length = f" with noise of length {s['length']:g}" if "length" in s else ""
    pairs = f"straightened: pairs of a coupling{length}, and {100 * fresh:g} % fresh noise at sigma < 60, " if fresh is not None else ""
    teacher = s.get("teacher")
    taught = (
        f"taught by two stages of the training: guidance {teacher['guidance']:g} at sigma >= {teacher['change']:g}, weights "
        f"extrapolated by {teacher['extrapolation']:g} below, "
        if teacher
        else ""
    )
    drawn, judge = s.get("drawn"), s.get("adversary")
    pace = f"at most at {drawn['pace']:g} times" if drawn and drawn.get("pace", 1) > 1 else "at"
    paced = f" on paths of {drawn['path']}, {pace} their mean pace" if drawn and drawn["path"] else ""
    nearer = f", moved {100 * drawn['nearness']:g} % of the way to the nearest states of pictures" if drawn and drawn["nearness"] else ""
    judged = f", pulled by a judge with a weight of {judge['pull']:g}" if judge else ""
    own = f"{100 * drawn['share']:g} % drawn by the network itself{paced}{nearer}{judged}, " if drawn else ""
    balanced = "noise levels weighed by the inverse of their error, " if s.get("balance") else ""
    return (
        f"{_where(part)}{PREDICTS[s['prediction']]} prediction, min-SNR gamma {s['min_snr_gamma']:g}, t = T u^{s['timestep_power']:g}, "
        f"{pairs}{taught}{own}{balanced}{below}{_how(part)}"
    )


def _autoencoder_part(part: dict[str, Any]) -> str:
    s = part["settings"]
    features = f"{s['feature_weight']:g} EfficientNet-Lite0 features, " if s["feature_weight"] else ""
    alone = f"the decoder alone, states with noise of {s['state_noise']:g}, " if s["decoder_only"] else f"{s['kl_weight']:g} KL, "
    return (
        f"{_where(part)}loss L1 + {s['squared_weight']:g} root mean square of the pictures' MSE + {s['gradient_weight']:g} L1 of the gradients + {features}{alone}{_how(part)}"
    )


def _data(data: dict[str, Any]) -> str:
    return f"`{data['name']}`" + (f", sha256 `{data['sha256']}`" if data["sha256"] else "")


def _run(record: dict[str, Any], describe: Callable[[dict[str, Any]], str]) -> list[str]:
    """What started a run, and its parts."""
    init = record["init"]
    return [
        f"- Started from: `{init['name']}`, weights sha256 `{init['sha256']}`." if init else "- Started from random weights.",
        *([f"- {record['note']}"] if record["note"] else []),
        f"- {record['step_count']:,} steps, {record['pictures_seen']:,} pictures seen in this run, "
        f"{100 * record['progress']:.0f} % of its schedule, on {record['machine']}, torch {record['torch']}.",
        *(describe(part) for part in record["parts"]),
    ]


def _states(states: dict[str, Any]) -> str:
    mirrored = "each picture as it is and mirrored" if states["both"] else "every second picture mirrored"
    varied = f", and {states['varied']} varied copies of each" if states.get("varied") else ""
    without = f"; without {', '.join(states['without'])}" if states["without"] else ""
    return f"- Data: {states['count']:,} states of {_data(states['data'])}, {mirrored}{varied}{without}."


def _autoencoder(autoencoder: dict[str, Any]) -> list[str]:
    config, held_out = autoencoder["config"], autoencoder["held_out"]
    lines = [
        "## Autoencoder",
        "",
        f"diffusers `AutoencoderKL`, {autoencoder['parameters'] / 1e6:.2f} M parameters (channels "
        f"{'-'.join(str(c) for c in config['block_out_channels'])}, no attention). A state is the mean, and its scaling factor is 1: "
        "the channels' own factors are in the weights.",
        "",
        f"- {held_out['count']} held-out pictures, evenly spaced in `{held_out['name']}`: PSNR {held_out['psnr']:.2f} dB on average, "
        f"{held_out['worst']:.2f} at worst. Standard deviation of their states by channel: "
        f"{', '.join(f'{v:.3f}' for v in held_out['std'])}; mean: {', '.join(f'{v:.3f}' for v in held_out['mean'])}.",
        "- `reconstructions.png`: 16 of them, and below what comes back.",
        "",
    ]
    for record in autoencoder["runs"]:
        lines += [f"- Data: {_data(record['data'])}, mirrored at random.", *_run(record, _autoencoder_part), ""]
    return lines


def _sources(parts: list[dict[str, Any]]) -> list[str]:
    """What the parts of a run learned from beside its data, each of them once."""
    lines = [line for part in parts for line in (*_stages(part), *_coupled(part))]
    return list(dict.fromkeys(lines))


def _stages(part: dict[str, Any]) -> list[str]:
    """The teacher's stages, of networks that had one."""
    weights = part.get("teacher", [])
    later_and_earlier = " and ".join(f"`{w}`" for w in weights)
    return [f"- Its teacher: the stages of the training with weights of sha256 {later_and_earlier}, the later one first."] if weights else []


def _coupled(part: dict[str, Any]) -> list[str]:
    """The pairs that a network was straightened with."""
    coupling = part.get("coupling")
    if not coupling:
        return []
    samples = f", and {coupling['samples']:,} samples of it with theirs" if coupling["samples"] else ""
    return [
        f"- Its pairs of a coupling: {coupling['count']:,} of the states with the noise that the network with weights of sha256 "
        f"`{coupling['network']}` encodes them to in {coupling['steps']} steps, made normal{samples}."
    ]


def _averaged(others: list[str]) -> list[str]:
    names = ", ".join(f"`{other}`" for other in others)
    return [f"- Averaged, in equal parts, with the weights of sha256 {names}."] if others else []


def _loss_table(evaluation: dict[str, Any]) -> list[str]:
    held_out, train = evaluation["held_out_loss"], evaluation["train_loss"]
    rows = [f"| {t} | {held_out[t]:.5f} | {train[t]:.5f} |" for t in held_out]
    return ["| t | held-out | training |", "| --- | --- | --- |", *rows]


def _evaluation(evaluation: dict[str, Any]) -> list[str]:
    ratio, near, rule = evaluation["ratio"], evaluation["nearest_rms"], evaluation["rule"]
    lines = ["## Measured", "", "Mean squared error of what the network predicts from fresh noise:", "", *_loss_table(evaluation), "", *_round_trip(evaluation)]
    lines += [
        f"Sliced Wasserstein distance to {evaluation['samples']} training pictures (solver {rule['solver']} on "
        f"{rule['nodes']} timesteps, {rule['steps']} evaluations a sample; lower is nearer):",
        "",
        "| | samples | held-out varieties | other training pictures | samples / held-out |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key in ("pixels", "pyramid"):
        values = [evaluation[of][key] for of in ("samples_to_train", "held_out_to_train", "train_to_train")]
        lines.append(f"| {key} | " + " | ".join(f"{v:.4f}" for v in values) + f" | {ratio[key]:.2f} |")
    lines += [
        "",
        f"Sixteen samples, each followed by its three nearest training pictures; the nearest is {min(near):.3f} to "
        f"{max(near):.3f} away (RMS of pixels on [0, 1]):",
        "",
        "![samples and their nearest training pictures](nearest.png)",
        "",
    ]
    return lines


def _round_trip(evaluation: dict[str, Any]) -> list[str]:
    """Of evaluations that measured one."""
    if "round_trip" not in evaluation:
        return []
    lines = [
        f"{evaluation['round_trip_pictures']} held-out pictures encoded to x_T and decoded again, compared with what the autoencoder alone returns (for a pixel model, the pictures themselves) "
        "(squared error on [0, 1]; S evaluations each way):",
        "",
        "| solver, timestep spacing, S | mean | median | PSNR, dB | worst | std of x_T |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for rule, r in evaluation["round_trip"].items():
        lines.append(f"| {rule} | {r['mean']:.1e} | {r['median']:.1e} | {r['psnr']:.1f} | {r['worst_psnr']:.1f} | {r['latent_std']:.3f} |")
    return [*lines, ""]


def model_card(
    name: str,
    config: dict[str, Any],
    scheduler: dict[str, Any],
    record: dict[str, Any],
    weights: str,
    sheet: str,
    evaluation: dict[str, Any] | None,
    autoencoder: dict[str, Any] | None = None,
) -> str:
    """Markdown with the front matter model hubs read. `sheet` says how samples.png was made."""
    channels, side = "-".join(str(c) for c in config["block_out_channels"]), config["sample_size"]
    pictures = autoencoder["config"]["sample_size"] if autoencoder else side
    on = f", on states of {side}x{side}x{config['in_channels']}" if autoencoder else ""
    lines = [
        f"---\nlicense: {CREDIT['licence']}\n---",
        f"# {name}",
        "",
        f"Unconditional {PREDICTS[scheduler['prediction_type']]}-prediction diffusion model at {pictures}x{pictures} RGB{on}, "
        f"{record['parameters'] / 1e6:.2f} M parameters, diffusers `UNet2DModel` (channels {channels}, "
        f"{config['layers_per_block']} layer(s) a block), linear betas, T = 1000. EMA weights, {weights}.",
        "",
        "![samples](samples.png)",
        "",
        sheet,
        "",
        "## Data and licence",
        "",
        CREDIT["text"].format(side=pictures),
        "",
        "## Training",
        "",
        _states(record["states"]) if autoencoder else f"- Data: {_data(record['data'])}, mirrored at random.",
        *_run(record, _part),
        *_sources(record["parts"]),
        *_averaged(record.get("averaged", [])),
        "",
        *(_autoencoder(autoencoder) if autoencoder else []),
        *(_evaluation(evaluation) if evaluation else []),
    ]
    return "\n".join(lines).rstrip() + "\n"
