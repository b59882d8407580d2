"""Makes small diffusers models of many published shapes and records what diffusers itself computes with them.

    python bench/diffusers/make_models.py FOLDER
    npx tsx bench/diffusers/index.ts FOLDER

Weights are random, sizes small, the structure is that of the published models. Beside each model lies
expected.safetensors: `x_T` and the picture `x_0` that diffusers' DDIM decodes it to in 10 steps, not clipped; for
networks of classes with `class`. Written with diffusers 0.42 and torch 2.13.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    DEISMultistepScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    HeunDiscreteScheduler,
    KDPM2DiscreteScheduler,
    LMSDiscreteScheduler,
    PNDMScheduler,
    UNet2DModel,
    UniPCMultistepScheduler,
)
from diffusers.training_utils import EMAModel
from safetensors.torch import save_file

DOWN, ATTN_DOWN, UP, ATTN_UP = "DownBlock2D", "AttnDownBlock2D", "UpBlock2D", "AttnUpBlock2D"


def blocks(levels, attention):
    """Block types with attention at the levels named, as diffusers lists them."""
    down = [ATTN_DOWN if i in attention else DOWN for i in range(levels)]
    up = [ATTN_UP if levels - 1 - i in attention else UP for i in range(levels)]
    return {"down_block_types": down, "up_block_types": up}


# The structure of published models, with a quarter or less of their channels, and small pictures.
SHAPES = {
    "ddpm-cifar10-32": dict(sample_size=32, block_out_channels=[32, 64, 64, 64], attention_head_dim=None, flip_sin_to_cos=False, freq_shift=1, downsample_padding=0, norm_eps=1e-6, **blocks(4, [1])),
    "ddpm-celebahq-256": dict(sample_size=64, block_out_channels=[32, 32, 64, 64, 128, 128], attention_head_dim=None, flip_sin_to_cos=False, freq_shift=1, downsample_padding=0, norm_eps=1e-6, **blocks(6, [4])),
    "ddpm-church-256": dict(sample_size=64, block_out_channels=[32, 32, 64, 64, 96, 96], attention_head_dim=None, flip_sin_to_cos=False, freq_shift=1, downsample_padding=0, norm_eps=1e-6, **blocks(6, [4])),
    "ddpm-ema-bedroom-256": dict(sample_size=64, block_out_channels=[32, 32, 64, 64, 64, 64], attention_head_dim=None, flip_sin_to_cos=False, freq_shift=1, downsample_padding=0, norm_eps=1e-6, **blocks(6, [4])),
    "train-unconditional": dict(sample_size=64, block_out_channels=[32, 32, 64, 64, 128, 128], **blocks(6, [4])),
    "butterflies-128": dict(sample_size=64, block_out_channels=[32, 32, 64, 64], **blocks(4, [2, 3])),
    "tutorial-butterflies": dict(sample_size=32, block_out_channels=[32, 64, 96], **blocks(3, [1, 2])),
    "pokemon-64": dict(sample_size=64, block_out_channels=[32, 64, 64, 128], attention_head_dim=8, **blocks(4, [3])),
    "anime-faces-64": dict(sample_size=64, block_out_channels=[32, 64, 128], layers_per_block=1, **blocks(3, [2])),
    "mnist-28": dict(sample_size=28, in_channels=1, out_channels=1, block_out_channels=[32, 64, 64], **blocks(3, [1, 2])),
    "fashion-mnist-32": dict(sample_size=32, in_channels=1, out_channels=1, block_out_channels=[32, 64], **blocks(2, [1])),
    "wide-48x80": dict(sample_size=[48, 80], block_out_channels=[32, 64, 64], **blocks(3, [2])),
    "no-attention": dict(sample_size=32, block_out_channels=[32, 64, 64], add_attention=False, **blocks(3, [])),
    "all-attention": dict(sample_size=16, block_out_channels=[32, 64], **blocks(2, [0, 1])),
    "deep-blocks": dict(sample_size=32, block_out_channels=[32, 64], layers_per_block=3, **blocks(2, [1])),
    "resnet-resampling": dict(sample_size=32, block_out_channels=[32, 64, 64], down_block_types=["ResnetDownsampleBlock2D", ATTN_DOWN, DOWN], up_block_types=[UP, ATTN_UP, "ResnetUpsampleBlock2D"], downsample_type="resnet", upsample_type="resnet"),
    "scale-shift": dict(sample_size=32, block_out_channels=[32, 64], resnet_time_scale_shift="scale_shift", **blocks(2, [1])),
    "centered": dict(sample_size=32, block_out_channels=[32, 64], center_input_sample=True, **blocks(2, [1])),
    "fine-groups": dict(sample_size=32, block_out_channels=[24, 48], norm_num_groups=8, attn_norm_num_groups=4, **blocks(2, [1])),
    "heads-of-16": dict(sample_size=32, block_out_channels=[32, 64], attention_head_dim=16, mid_block_scale_factor=2**0.5, **blocks(2, [1])),
}

LINEAR = dict(num_train_timesteps=1000, beta_start=1e-4, beta_end=0.02, beta_schedule="linear")

# Every supported scheduler class, as a folder may be published with it; only its noise levels matter.
SCHEDULERS = {
    "DDPM": DDPMScheduler(**LINEAR),
    "DDPM-cosine": DDPMScheduler(beta_schedule="squaredcos_cap_v2"),
    "DDPM-v": DDPMScheduler(**LINEAR, prediction_type="v_prediction"),
    "DDPM-sample": DDPMScheduler(**LINEAR, prediction_type="sample"),
    "DDIM": DDIMScheduler(**LINEAR),
    "PNDM": PNDMScheduler(**LINEAR),
    "Euler": EulerDiscreteScheduler(**LINEAR),
    "Heun": HeunDiscreteScheduler(**LINEAR),
    "LMS": LMSDiscreteScheduler(**LINEAR),
    "KDPM2": KDPM2DiscreteScheduler(**LINEAR),
    "DPMSolver": DPMSolverMultistepScheduler(**LINEAR),
    "UniPC": UniPCMultistepScheduler(**LINEAR),
    "DEIS": DEISMultistepScheduler(**LINEAR),
}


def scheduler_of(config):
    """diffusers' DDIM on a folder's noise levels: evenly spaced, nothing clipped, down to the clean picture."""
    keep = {k: config[k] for k in ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "trained_betas", "prediction_type") if config.get(k) is not None}
    return DDIMScheduler(**keep, clip_sample=False, set_alpha_to_one=config.get("set_alpha_to_one", True), timestep_spacing="trailing")


@torch.no_grad()
def record(folder, unet, config, label=None):
    scheduler = scheduler_of(config)
    scheduler.set_timesteps(10)
    size = unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    channels = unet.config.in_channels
    x_T = torch.randn(1, channels, height, width, generator=torch.Generator().manual_seed(7))
    x = x_T.clone()
    for t in scheduler.timesteps:
        answer = unet(x, t, class_labels=None if label is None else torch.tensor([label])).sample
        x = scheduler.step(answer[:, :channels], t, x).prev_sample
    tensors = {"x_T": x_T, "x_0": x.contiguous()}
    if label is not None:
        tensors["class"] = torch.tensor([float(label)])
    save_file(tensors, folder / "expected.safetensors")


def make(root, name, unet, scheduler, label=None, **saving):
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    unet.eval()
    unet.save_pretrained(folder / "unet", **saving)
    scheduler.save_pretrained(folder / "scheduler")
    record(folder, unet, json.loads((folder / "scheduler/scheduler_config.json").read_text()), label)
    return folder


def quiet(unet):
    """Random weights answer far from what a trained network does: the answer is scaled to a spread near 1."""
    with torch.no_grad():
        size = unet.config.sample_size
        height, width = (size, size) if isinstance(size, int) else size
        label = torch.tensor([0]) if unet.config.num_class_embeds else None
        answer = unet(torch.randn(1, unet.config.in_channels, height, width), 500, class_labels=label).sample
        unet.conv_out.weight.div_(answer.std())
        unet.conv_out.bias.div_(answer.std())
    return unet


def main():
    root = Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    ddpm = DDPMScheduler(**LINEAR)
    for name, options in SHAPES.items():
        unet = quiet(UNet2DModel(**options).eval())
        make(root, f"{name}.safetensors", unet, ddpm)
        make(root, f"{name}.bin", unet, ddpm, safe_serialization=False)
    small = lambda **more: quiet(UNet2DModel(sample_size=32, block_out_channels=[32, 64], **blocks(2, [1]), **more).eval())
    unet = small()
    for name, scheduler in SCHEDULERS.items():
        make(root, f"scheduler-{name}", unet, scheduler)
    make(root, "sharded", unet, ddpm, max_shard_size="200KB")
    make(root, "sharded-bin", unet, ddpm, max_shard_size="200KB", safe_serialization=False)
    half = small().half()
    folder = root / "fp16-variant"
    shutil.rmtree(folder, ignore_errors=True)
    half.save_pretrained(folder / "unet", variant="fp16")
    ddpm.save_pretrained(folder / "scheduler")
    record(folder, half.float(), dict(ddpm.config))
    averaged = EMAModel(unet.parameters(), model_cls=UNet2DModel, model_config=unet.config)
    folder = root / "ema-only"
    shutil.rmtree(folder, ignore_errors=True)
    averaged.save_pretrained(folder / "unet_ema")
    ddpm.save_pretrained(folder / "scheduler")
    record(folder, UNet2DModel.from_pretrained(folder / "unet_ema").eval(), dict(ddpm.config))
    make(root, "classes", small(num_class_embeds=10), ddpm, label=3)
    make(root, "learned-variance", small(out_channels=6), ddpm)


main()
