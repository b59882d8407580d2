"""Makes published latent models at full size, with random weights, and records what PyTorch computes with one part of each.

    python bench/diffusers/full_size.py FOLDER PART
    npx tsx bench/diffusers/fullSize.ts FOLDER PART

PART is one of ldm-unet, ldm-vqvae, sd-unet, sd-vae, sd-text. Beside the model's folder lies PART.safetensors with inputs and answers, and
PART.json with the milliseconds of a second evaluation and the most memory that the process held. float32, one thread. Needs
diffusers 0.42, transformers and torch.
"""
import json
import resource
import shutil
import sys
import time
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel, UNet2DModel, VQModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

root, part = Path(sys.argv[1]), sys.argv[2]
torch.set_num_threads(1)
torch.manual_seed(0)
model, name = part.split("-")
folder = root / model
tokenizer = Path(__file__).resolve().parents[2] / "test/golden/fixtures/text/sd1/tokenizer"

# The configurations of CompVis/ldm-celebahq-256 and of Stable Diffusion 1.5.
MAKE = {
    "ldm-unet": lambda: UNet2DModel(sample_size=64, in_channels=3, out_channels=3, layers_per_block=2, block_out_channels=(224, 448, 672, 896),
                                    down_block_types=("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
                                    up_block_types=("AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"), attention_head_dim=32),
    "ldm-vqvae": lambda: VQModel(down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3, block_out_channels=(128, 256, 512),
                                 layers_per_block=2, latent_channels=3, num_vq_embeddings=8192, sample_size=256),
    "sd-unet": lambda: UNet2DConditionModel(sample_size=64, cross_attention_dim=768),
    "sd-vae": lambda: AutoencoderKL(down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4, block_out_channels=(128, 256, 512, 512),
                                    layers_per_block=2, latent_channels=4, sample_size=512),
    "sd-text": lambda: CLIPTextModel(CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12, num_hidden_layers=12, projection_dim=768,
                                                    hidden_act="quick_gelu")),
}
SUBFOLDER = {"text": "text_encoder"}


def evaluate(network, inputs):
    if name == "unet":
        options = {"encoder_hidden_states": inputs["text"]} if model == "sd" else {}
        return {"predicted": network(inputs["states"], 500, **options).sample}
    if name == "text":
        return {"text": network(inputs["ids"])[0]}
    encoded = network.encode(inputs["pictures"])
    scale = network.config.scaling_factor if name == "vae" else 1
    codes = encoded.latent_dist.mode() if name == "vae" else encoded.latents
    return {"encoded": codes * scale, "decoded": network.decode(inputs["states"] / scale).sample}


def inputs_of():
    if name == "text":
        ids = CLIPTokenizer.from_pretrained(tokenizer)("a house", padding="max_length", max_length=77, return_tensors="pt").input_ids
        return {"ids": ids}
    side, channels = 64, 3 if model == "ldm" else 4
    made = {"states": torch.randn(1, channels, side, side)}
    if name == "unet":
        return {**made, **({"text": torch.randn(1, 77, 768)} if model == "sd" else {})}
    pixels = 256 if model == "ldm" else 512
    return {**made, "pictures": torch.rand(1, 3, pixels, pixels) * 2 - 1}


network = MAKE[part]().eval()
target = folder / SUBFOLDER.get(name, name)
network.save_pretrained(target)
if part == "ldm-vqvae":
    # As published: the model is older than this option.
    config = json.loads((target / "config.json").read_text())
    del config["scaling_factor"]
    (target / "config.json").write_text(json.dumps(config))
DDIMScheduler(beta_schedule="scaled_linear", beta_start=0.0015, beta_end=0.0195, clip_sample=False).save_pretrained(folder / "scheduler")
if model == "sd":
    shutil.copytree(tokenizer, folder / "tokenizer", dirs_exist_ok=True)
inputs = inputs_of()
with torch.no_grad():
    evaluate(network, inputs)
    started = time.perf_counter()
    answers = evaluate(network, inputs)
    milliseconds = 1000 * (time.perf_counter() - started)
tensors = {key: value.contiguous().float() for key, value in {**inputs, **answers}.items() if key != "ids"}
save_file(tensors, root / f"{part}.safetensors")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
parameters = sum(parameter.numel() for parameter in network.parameters())
(root / f"{part}.json").write_text(json.dumps({"milliseconds": milliseconds, "peakBytes": peak, "parameters": parameters}))
