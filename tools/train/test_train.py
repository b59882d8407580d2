"""Tests of the training tool: `python -m unittest test_train` or `python -m pytest` in this folder."""

import json
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

from adversary import AdversarySettings, Judge
from autoencoder import AutoencoderKL, load_autoencoder
from autoencoder_trainer import AutoencoderSettings, AutoencoderTrainer, squared_by_picture
from couple import Coupling, Normalizer, open_coupling
from data import (
    evenly, fit, open_pictures, open_states, pictures_by_folder, prepare, random_batch, to_model_range, to_uint8, varied_of, varieties_of
)
from distance import nearest, sliced_wasserstein
from drawn import DrawnSettings, Pool, at_slower_pace, durations, paths_between
from evaluate import round_trip
from gallery import Gallery
from group_norm import GroupNorm
from loss import ErrorByNoise, min_snr_weights, stratified_timesteps
from muon import MuonWithAdamW, orthogonalized
from parallel import dealt
from patches import blended, of_patches, rebuilt
from prediction import PREDICTIONS, EpsilonModel, noised, target, to_epsilon, to_x0
from reconstruction import psnr, reconstructed
from sample import Rule, decode, encode, seeded_noise
from schedule import DEFAULT_SCHEDULER, NODES, alphas_cumprod, falling_nodes, sigmas
from state import load_for_inference, load_state
from teacher import Teacher, TeacherSettings, teacher_of
from trainer import DiffusionSettings, Trainer
from transplant import transplant
from unet import DEFAULT_CONFIG, UNet2DModel, load_unet
from unet_layers import attended, sinusoidal_embedding
from vary import vary
from weights import save_network

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
GOLDENS = [
    folder
    for root in (REPOSITORY.parent / "shared" / "goldens", REPOSITORY / "test" / "golden", REPOSITORY / "test" / "golden" / "fixtures")
    if (root / "unet").is_dir()
    for folder in sorted((root / "unet").iterdir())
    if (folder / "io.safetensors").exists()
]
TINY = {
    **DEFAULT_CONFIG,
    "sample_size": 64,
    "block_out_channels": [8, 16],
    "norm_num_groups": 4,
    "attention_head_dim": 8,
    "down_block_types": ["DownBlock2D", "AttnDownBlock2D"],
    "up_block_types": ["AttnUpBlock2D", "UpBlock2D"],
}


TINY_AUTOENCODER = {"sample_size": 64, "block_out_channels": [4, 8, 8], "norm_num_groups": 2}
TINY_LATENT = {**TINY, "sample_size": 16, "in_channels": 4, "out_channels": 4}
EARLY = REPOSITORY.parent / "shared" / "models" / "fruits-96"


def pictures(count: int = 20) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 64, 64, 3), dtype=np.uint8)


class Network(unittest.TestCase):
    def test_agrees_with_diffusers(self) -> None:
        """A parameter under a wrong name, a norm, a padding or a time embedding that is not diffusers'."""
        if not GOLDENS:
            print("SKIPPED: no recorded U-Nets found, agreement with diffusers is unproven here", file=sys.stderr)
            self.skipTest("no goldens")
        for folder in GOLDENS:
            recorded = load_file(folder / "io.safetensors")
            model = load_unet(folder).eval()
            for key in (k for k in recorded if k.startswith("epsilon_t")):
                t = int(key.removeprefix("epsilon_t"))
                with self.subTest(folder=folder.name, t=t), torch.inference_mode():
                    # The labels of record.py, which keeps three channels where the others are the variance.
                    labels = (torch.tensor([2, 0]),) if model.config["num_class_embeds"] else ()
                    got = model(recorded["sample"], torch.full((len(recorded["sample"]),), t), *labels)[:, :3]
                    self.assertLess(float((got - recorded[key]).abs().max()), 1e-4)

    def test_saved_and_loaded_is_the_same(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = UNet2DModel(TINY)
            save_network(Path(folder) / "unet", model.config, model.state_dict(), torch.float32)
            again = load_unet(Path(folder))
        self.assertEqual(again.config, model.config)
        for name, value in model.state_dict().items():
            self.assertTrue(torch.equal(value, again.state_dict()[name]), name)

    def test_unknown_config_is_refused_by_name(self) -> None:
        with self.assertRaisesRegex(ValueError, "class_embed_type"):
            UNet2DModel({"class_embed_type": "timestep"})
        with self.assertRaisesRegex(ValueError, "CrossAttnDownBlock2D"):
            UNet2DModel({"down_block_types": ["CrossAttnDownBlock2D"] * 4})

    def test_group_norm_has_the_values_and_gradients_of_pytorch(self) -> None:
        generator = torch.Generator().manual_seed(0)
        x = (3 + 2 * torch.randn(2, 12, 5, 7, generator=generator)).to(memory_format=torch.channels_last)
        upstream = torch.randn(x.shape, generator=generator)
        found = []
        for kind in (GroupNorm, torch.nn.GroupNorm):
            norm, leaf = kind(4, 12), x.clone().requires_grad_()
            norm.load_state_dict({"weight": torch.linspace(-1, 2, 12), "bias": torch.linspace(1, -1, 12)})
            y = norm(leaf)
            y.backward(upstream)
            found.append((y.detach(), leaf.grad, norm.weight.grad, norm.bias.grad))
        for ours, theirs in zip(*found):
            self.assertLess(float((ours - theirs).abs().max()), 1e-5 * float(theirs.abs().max()))


    def test_attention_of_few_tokens_is_that_of_pytorch(self) -> None:
        q, k, v = torch.randn(3, 2, 4, 9, 8, generator=torch.Generator().manual_seed(0))
        torch.testing.assert_close(attended(q, k, v), torch.nn.functional.scaled_dot_product_attention(q, k, v))


    def test_transplanted_levels_say_what_they_said(self) -> None:
        """The deepest block and the time embedding of a network of three levels, in one of two that is wider above."""
        torch.manual_seed(0)
        kinds = {"down_block_types": ["DownBlock2D", *TINY["down_block_types"]], "up_block_types": [*TINY["up_block_types"], "UpBlock2D"]}
        source = UNet2DModel({**TINY, **kinds, "block_out_channels": [8, 16, 24]})
        model = UNet2DModel({**TINY, "block_out_channels": [16, 24]})
        self.assertGreater(transplant(model, source), source.parameter_count() / 2)
        timesteps = torch.tensor([0, 37, 999])
        embedded = [net.time_embedding(sinusoidal_embedding(timesteps, c, True, 0)) for net, c in ((source, 8), (model, 16))]
        torch.testing.assert_close(embedded[1][:, :32], embedded[0])
        h = torch.randn(3, 16, 8, 8)
        downs = [block(h, temb)[0] for block, temb in zip((source.down_blocks[2], model.down_blocks[1]), embedded)]
        torch.testing.assert_close(downs[1], downs[0])


class Autoencoder(unittest.TestCase):
    def tiny(self) -> AutoencoderKL:
        torch.manual_seed(0)
        return AutoencoderKL(TINY_AUTOENCODER)

    def test_agrees_with_diffusers(self) -> None:
        """States and reconstructions, and a `scaling_factor` that went into the weights."""
        try:
            from diffusers import AutoencoderKL as Original
        except ImportError:
            print("SKIPPED: no diffusers, agreement of the autoencoder with it is unproven here", file=sys.stderr)
            self.skipTest("no diffusers")
        ours = self.tiny()
        with tempfile.TemporaryDirectory() as folder:
            config = ours.config | {"scaling_factor": 0.25}
            save_network(Path(folder) / "vae", config, ours.state_dict(), torch.float32)
            ours, theirs = load_autoencoder(Path(folder)).eval(), Original.from_pretrained(Path(folder) / "vae")
        x = to_model_range(pictures(2))
        with torch.inference_mode():
            states, y = reconstructed(ours, pictures(2))
            mean = theirs.encode(x).latent_dist.mean
            self.assertLess(float((states - 0.25 * mean).abs().max()), 1e-5)
            self.assertLess(float((y - theirs.decode(mean).sample).abs().max()), 1e-4)

    def test_standardized_states_and_the_same_reconstructions(self) -> None:
        model = self.tiny()
        before, y = reconstructed(model, pictures())
        self.assertGreater(float((before.std(dim=(0, 2, 3)) - 1).abs().max()), 0.1)
        model.standardize(before, whiten=False)
        states, again = reconstructed(model, pictures())
        torch.testing.assert_close(states.std(dim=(0, 2, 3)), torch.ones(4))
        torch.testing.assert_close(again, y, atol=1e-5, rtol=1e-4)
        model.standardize(states, whiten=True)
        states, again = reconstructed(model, pictures())
        torch.testing.assert_close(states.transpose(0, 1).flatten(1).cov(), torch.eye(4), atol=1e-4, rtol=0)

    def test_decibels(self) -> None:
        grey = np.full((2, 8, 8, 3), 51, np.uint8)
        off = to_model_range(grey) + 0.2  # a tenth of the range
        self.assertTrue(torch.allclose(psnr(grey, off), torch.full((2,), 20.0), atol=1e-3))

    def test_a_picture_that_is_worse_counts_more(self) -> None:
        error = torch.zeros(4, 3, 2, 2)
        error[0], error[1] = 2, -1
        # Mean squares of 4, 1, 0 and 0.
        self.assertAlmostEqual(float(squared_by_picture(error)), (17 / 4) ** 0.5, places=6)

    def test_decoder_alone_leaves_the_states(self) -> None:
        settings = AutoencoderSettings(batch=2, feature_weight=0.0, decoder_only=True, state_noise=0.05)
        trainer = AutoencoderTrainer(self.tiny(), settings, "cpu")
        before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
        for _ in range(2):
            trainer.step(pictures())
        for name, value in trainer.model.state_dict().items():
            self.assertEqual(torch.equal(value, before[name]), name.startswith("encoder."), name)
        self.assertEqual(trainer.ema_weights().keys(), before.keys())

    def test_unknown_config_is_refused_by_name(self) -> None:
        with self.assertRaisesRegex(ValueError, "mid_block_add_attention"):
            AutoencoderKL({"mid_block_add_attention": True})


class Schedule(unittest.TestCase):
    ab = alphas_cumprod(DEFAULT_SCHEDULER)

    def test_ends_of_the_linear_schedule(self) -> None:
        self.assertAlmostEqual(float(self.ab[0]), 1 - 1e-4, places=12)
        self.assertAlmostEqual(float(self.ab[-1]), 4.0358e-5, places=8)

    def test_nodes_fall_from_the_end_and_are_as_many_as_asked(self) -> None:
        for kind in NODES:
            for steps in (1, 20, 200, 1000):
                nodes = falling_nodes(self.ab, kind, steps)
                self.assertEqual((len(nodes), nodes[0]), (steps, 999), kind)
                self.assertTrue(all(a > b for a, b in zip(nodes, [*nodes[1:], -1])), kind)

    def test_solvers_on_gaussian_data(self) -> None:
        """Data N(m, s^2): the ODE's solution is known, xBar(sigma) - m scales with sqrt(s^2 + sigma^2)."""
        m, s = 0.3, 0.5
        x = seeded_noise(range(4), (3, 8, 8)).double()

        def predict(x_t: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
            ab = self.ab[timesteps][:, None, None, None]
            sigma2 = (1 - ab) / ab
            return sigma2.sqrt() * (x_t / ab.sqrt() - m) / (s**2 + sigma2)

        sigma = sigmas(self.ab)
        start = x / float(self.ab[-1]) ** 0.5
        exact = m + (start - m) * (s**2 / (s**2 + float(sigma[-1]) ** 2)) ** 0.5

        def error(steps: int, order: int) -> float:
            got = decode(predict, x, self.ab, falling_nodes(self.ab, "logSnr", steps), order)
            return float((got - exact).abs().max())

        def return_error(steps: int, order: int) -> float:
            nodes = falling_nodes(self.ab, "logSnr", steps)
            return float((decode(predict, encode(predict, exact, self.ab, nodes, order), self.ab, nodes, order) - exact).abs().max())

        self.assertLess(error(20, 2), 0.05)
        self.assertLess(return_error(40, 2), return_error(40, 1) / 3)
        self.assertLess(return_error(40, 1), return_error(20, 1))
        self.assertLess(error(20, 2), error(20, 1) / 2)
        self.assertLess(error(40, 1), error(20, 1) / 1.5)


class Loss(unittest.TestCase):
    ab = alphas_cumprod(DEFAULT_SCHEDULER)

    def test_min_snr_prices_x0_alike_whatever_is_predicted(self) -> None:
        """An error of x0 costs min(SNR, gamma) in both: it is an error of epsilon a / s as large, of v 1 / s as large."""
        snr = self.ab / (1 - self.ab)
        for prediction, factor in (("epsilon", snr), ("v_prediction", 1 / (1 - self.ab))):
            weights = min_snr_weights(self.ab, 5.0, prediction)
            self.assertTrue(torch.allclose(weights * factor, snr.clamp(max=5.0)), prediction)
            self.assertTrue((min_snr_weights(self.ab, 0.0, prediction) == 1).all())

    def test_a_perfect_network_predicts_epsilon_and_x0_either_way(self) -> None:
        generator = torch.Generator().manual_seed(0)
        x0, epsilon = (torch.randn(4, 3, 8, 8, generator=generator) for _ in range(2))
        ab = self.ab[torch.tensor([0, 300, 700, 999])]
        x_t = noised(x0, epsilon, ab)
        for prediction in PREDICTIONS:
            got = to_epsilon(target(x0, epsilon, ab, prediction), x_t, ab, prediction)
            cleaned = to_x0(target(x0, epsilon, ab, prediction), x_t, ab, prediction)
            self.assertLess(float((got - epsilon).abs().max()), 1e-5, prediction)
            self.assertLess(float((cleaned - x0).abs().max()), 1e-3, prediction)

    def test_noise_levels_count_alike_once_their_errors_are_known(self) -> None:
        error, timesteps = ErrorByNoise(1000), torch.arange(0, 1000, 50)
        self.assertTrue((error.weights(timesteps) == 1).all())
        true = torch.linspace(0.5, 1.0, 20)
        for _ in range(1000):
            error.update(timesteps, true)
        priced = error.weights(timesteps) * true
        self.assertLess(float(priced.max() / priced.min()), 1.001)
        error.update(torch.tensor([999] * 16), torch.full((16,), 1e6), rate=1.0)
        self.assertAlmostEqual(float(error.weights(torch.tensor([999]))), 1 / 3)
        self.assertEqual(float(error.weights(torch.tensor([0]))), 3.0)

    def test_timesteps_are_spread_and_uniform(self) -> None:
        generator = torch.Generator().manual_seed(0)
        drawn = torch.stack([stratified_timesteps(10, 1000, 1.0, generator) for _ in range(500)])
        self.assertTrue(((drawn // 100).sort(dim=1).values == torch.arange(10)).all())
        self.assertEqual((int(drawn.min()) < 5, int(drawn.max()) > 994), (True, True))


class Data(unittest.TestCase):
    def test_bytes_survive_the_model_range(self) -> None:
        self.assertTrue((to_uint8(to_model_range(pictures())) == pictures()).all())

    def test_folder_of_odd_pictures(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "in" / "nested"
            source.mkdir(parents=True)
            Image.new("RGB", (100, 80), "red").save(source / "a.png")
            Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(source / "b.png")
            prepare(source.parent, Path(folder) / "out.npy", 64)
            stored = open_pictures(Path(folder) / "out.npy", Path(folder), 64)
            self.assertEqual(stored.shape, (2, 64, 64, 3))
            self.assertEqual([tuple(int(v) for v in p[5, 5]) for p in stored], [(255, 0, 0), (255, 255, 255)])

    def test_folders_to_leave_out(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "fruits"
            for name, colour in (("apple", "red"), ("core", "brown"), ("cores", "blue"), ("__MACOSX", "black")):
                (source / name).mkdir(parents=True)
                Image.new("RGB", (64, 64), colour).save(source / name / "core.png")
            kept = open_pictures(source, Path(folder), 64, ["core/"])
            self.assertEqual([tuple(int(v) for v in p[5, 5]) for p in kept], [(255, 0, 0), (0, 0, 255)])
            self.assertEqual(len(open_pictures(source, Path(folder), 64)), 3)
            with self.assertRaisesRegex(ValueError, "no folder pear"):
                open_pictures(source, Path(folder), 64, ["core", "pear"])
            (source / "apple" / "broken.png").write_bytes(b"no picture")
            with self.assertRaisesRegex(ValueError, "apple/broken.png"):
                open_pictures(source, Path(folder), 64)

    def test_fit_leaves_a_fitting_picture_alone(self) -> None:
        self.assertTrue((np.asarray(fit(Image.fromarray(pictures()[0]), 64)) == pictures()[0]).all())

    def test_some_are_mirrored_and_some_not(self) -> None:
        one = pictures(1)
        batch = to_uint8(random_batch(one, 32, torch.Generator().manual_seed(0)))
        kept, mirrored = (batch == one).all(axis=(1, 2, 3)), (batch == one[:, :, ::-1]).all(axis=(1, 2, 3))
        self.assertTrue((kept ^ mirrored).all() and kept.any() and mirrored.any())


    def test_states_are_drawn_as_they_are(self) -> None:
        states = np.random.default_rng(0).normal(size=(3, 4, 8, 8)).astype(np.float16)
        drawn = random_batch(states, 16, torch.Generator().manual_seed(0)).numpy()
        self.assertTrue(all(any((x == state).all() for state in states) for x in drawn))
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder) / "states.npy", states)
            self.assertEqual(open_states(Path(folder) / "states.npy", (4, 8, 8)).shape, states.shape)
            with self.assertRaisesRegex(ValueError, "not float16"):
                open_states(Path(folder) / "states.npy", (4, 16, 16))

    def test_which_states_are_of_varied_copies(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "states.npy"
            for both, varied, wanted in ((True, 2, "--vv--vv"), (False, 1, "-v-v-v-v"), (True, 0, "--------")):
                path.with_suffix(".json").write_text(json.dumps({"both": both, "varied": varied}))
                self.assertEqual("".join("v" if v else "-" for v in varied_of(path, 8)), wanted)

    def test_of_which_variety_states_are(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name in ("plum/a.png", "plum/b.png", "fig/c.png"):
                (root / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
                Image.new("RGB", (4, 4)).save(root / "pictures" / name)
            self.assertEqual(pictures_by_folder(root / "pictures"), {"fig": 1, "plum": 2})
            self.assertEqual(pictures_by_folder(root / "pictures", ["fig"]), {"plum": 2})
            (root / "states.json").write_text(json.dumps({"folders": pictures_by_folder(root / "pictures")}))
            self.assertEqual(varieties_of(root / "states.npy", 6).tolist(), [0, 0, 1, 1, 1, 1])
            (root / "states.json").write_text("{}")
            self.assertEqual(varieties_of(root / "states.npy", 3).tolist(), [0, 0, 0])

    def test_varied_copies_keep_white_and_black_and_all_that_is_seen(self) -> None:
        white, disc = torch.ones(3, 100, 100), torch.ones(3, 100, 100)
        across = torch.linspace(-1, 1, 100)
        inside = across[:, None] ** 2 + across[None] ** 2 < 1
        disc[:, inside] = -1
        for seed in range(20):
            self.assertTrue((vary(white, 96, seed) == 1).all())
            copy = vary(disc, 96, seed)
            # Black where the disc is, white at the border that it shrinks from, and between .85² and 1 of its area.
            self.assertLess(float(copy[:, 40:56, 40:56].max()), -0.99)
            area = float((copy[0] < 0).sum()) / 96**2
            self.assertTrue(0.85**2 * 0.99 < area / float(inside.float().mean()) < 1.01, area)

    def test_varied_copies_differ_in_shape_and_colour_and_repeat_themselves(self) -> None:
        picture = to_model_range(pictures(1))[0]
        one, other = vary(picture, 96, 1), vary(picture, 96, 2)
        self.assertEqual((one == vary(picture, 96, 1)).float().mean(), 1)
        self.assertGreater(float((one - other).abs().mean()), 0.05)
        grey = torch.zeros(3, 100, 100)
        colours = torch.stack([vary(grey, 96, seed)[:, 48, 48] for seed in range(50)])
        self.assertGreater(float((colours[:, 0] - colours[:, 2]).abs().max()), 0.1)
        # Half of grey, raised to between exp(-.25) and exp(.25).
        self.assertTrue((colours > 2 * 0.5 ** 1.285 - 1).all() and (colours < 2 * 0.5**0.778 - 1).all())

    def test_a_turned_copy_is_turned_and_not_sheared(self) -> None:
        # A bar through the middle stays straight, and its two ends lie opposite each other.
        bar = torch.ones(3, 100, 100)
        bar[:, 47:53] = -1
        for seed in range(10):
            dark = (vary(bar, 96, seed)[0] < 0).nonzero().float() - 47.5
            left, right = dark[dark[:, 1] < -30].mean(0), dark[dark[:, 1] > 30].mean(0)
            self.assertLess(float((left + right).abs().max()), 1.5)
            self.assertLessEqual(abs(float(right[0] / right[1])), 0.27)

    def test_some_at_even_distances(self) -> None:
        self.assertEqual((len(evenly(pictures(20), 3)), len(evenly(pictures(2), 3))), (3, 2))
        self.assertTrue((evenly(pictures(20), 4) == pictures(20)[::5]).all())


class Distance(unittest.TestCase):
    def test_zero_to_itself_and_the_length_of_a_shift(self) -> None:
        a = torch.randn(500, 48, generator=torch.Generator().manual_seed(0))
        self.assertEqual(sliced_wasserstein(a, a[torch.randperm(500)]), 0.0)
        # a shift by v moves each projection by <v, direction>: root mean square |v| / sqrt(D)
        shift = torch.zeros(48)
        shift[0] = 3.0
        self.assertAlmostEqual(sliced_wasserstein(a, a + shift, 4096), 3 / 48**0.5, delta=0.03)

    def test_a_copy_is_found_even_mirrored(self) -> None:
        many = pictures(20)
        index, distance = nearest(many[[7]][:, :, ::-1], many, 2, batch=6)
        self.assertEqual(int(index[0, 0]), 27)
        self.assertLess(float(distance[0, 0]), 1e-3)
        self.assertGreater(float(distance[0, 1]), 0.1)


class Evaluation(unittest.TestCase):
    def test_the_median_of_two_round_trips_is_between_them(self) -> None:
        torch.manual_seed(0)
        model = EpsilonModel(UNet2DModel(TINY).eval(), {**DEFAULT_SCHEDULER, "prediction_type": "epsilon"})
        different = np.stack([np.zeros((64, 64, 3), np.uint8), pictures(1)[0]])
        errors = round_trip(model, different, Rule("ddim", "linear", 2))
        self.assertLess(errors["worst_psnr"], errors["psnr"])
        self.assertAlmostEqual(errors["median"] / errors["mean"], 1, places=4)


class Optimizer(unittest.TestCase):
    def test_the_step_keeps_directions_and_levels_their_lengths(self) -> None:
        """The orthogonal factor is that of the singular value decomposition, to the iteration's coarseness."""
        for shape in ((24, 90), (90, 24)):
            matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0))
            u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
            lengths = torch.linalg.svdvals(orthogonalized(matrix))
            self.assertTrue((0.6 < lengths).all() and (lengths < 1.3).all(), lengths)
            cosine = float((orthogonalized(matrix) * (u @ vh)).sum()) / float(orthogonalized(matrix).norm() * min(shape) ** 0.5)
            self.assertGreater(cosine, 0.98)

    def test_every_weight_has_one_optimizer(self) -> None:
        model = UNet2DModel(TINY)
        muon, adamw = MuonWithAdamW(model, 1e-3).parts
        sizes = [sum(p.numel() for group in part.param_groups for p in group["params"]) for part in (muon, adamw)]
        self.assertEqual(sum(sizes), model.parameter_count())
        self.assertGreater(sizes[0], sizes[1])


    def test_work_is_dealt_out_nearly_alike(self) -> None:
        costs = [9, 1, 5, 4, 4, 3]
        owners = dealt(costs, 2)
        self.assertEqual({owners.count(0) + owners.count(1), sum(c for c, o in zip(costs, owners) if o == 0)}, {6, 13})
        self.assertEqual(dealt(costs, 1), [0] * 6)


class Teaching(unittest.TestCase):
    #: Of the default schedule sigma is 7.974 at t = 640 and 8.027 at t = 641 (numpy).
    TIMESTEPS = torch.tensor([640, 3, 641, 999])

    def setUp(self) -> None:
        torch.manual_seed(0)
        self.later, self.earlier = UNet2DModel(TINY), UNet2DModel(TINY)
        self.x_t = torch.randn(4, 3, 64, 64)

    def said(self, guidance: float, extrapolation: float) -> torch.Tensor:
        ab = alphas_cumprod(DEFAULT_SCHEDULER)
        return Teacher(self.later, self.earlier, ab, TeacherSettings(guidance, extrapolation, 8), "cpu")(self.x_t, self.TIMESTEPS)

    @torch.no_grad()
    def test_at_high_noise_it_goes_beyond_what_the_later_stage_says(self) -> None:
        last, first = self.later(self.x_t, self.TIMESTEPS)[2:], self.earlier(self.x_t, self.TIMESTEPS)[2:]
        for guidance, wanted in ((1, last), (0, first), (3, 3 * last - 2 * first)):
            torch.testing.assert_close(self.said(guidance, 0.4)[2:], wanted, atol=1e-5, rtol=1e-4)

    @torch.no_grad()
    def test_at_low_noise_it_has_weights_beyond_those_of_the_later_stage(self) -> None:
        further = UNet2DModel(TINY)
        for p, last, first in zip(further.parameters(), self.later.parameters(), self.earlier.parameters()):
            p.copy_(last + (last - first) / 2)
        for extrapolation, network in ((0, self.later), (-1, self.earlier), (0.5, further)):
            wanted = network(self.x_t, self.TIMESTEPS)[:2]
            torch.testing.assert_close(self.said(2, extrapolation)[:2], wanted, atol=1e-5, rtol=1e-4)

    def test_a_network_that_says_the_same_has_nothing_to_learn(self) -> None:
        trainer = Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), DiffusionSettings(batch=4), "cpu")
        trainer.model.load_state_dict(self.later.state_dict())
        settings = TeacherSettings(guidance=1, extrapolation=0)
        trainer.teacher = Teacher(self.later, self.earlier, trainer.ab, settings, "cpu")
        self.assertLess(float(trainer.step(pictures())[1].max()), 1e-8)
        trainer.teacher = Teacher(self.earlier, self.later, trainer.ab, settings, "cpu")
        self.assertGreater(float(trainer.step(pictures())[1].max()), 1e-4)

    def test_stages_of_something_else_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            save_network(Path(folder) / "unet", TINY, self.later.state_dict(), torch.float32)
            scheduler = DEFAULT_SCHEDULER | {"prediction_type": "v_prediction"}
            with self.assertRaisesRegex(ValueError, "does not predict what the network does"):
                teacher_of(Path(folder), Path(folder), scheduler, TeacherSettings(), "cpu")
        other = UNet2DModel(TINY | {"block_out_channels": [8, 8]})
        with self.assertRaisesRegex(ValueError, "two networks"):
            Teacher(self.later, other, alphas_cumprod(DEFAULT_SCHEDULER), TeacherSettings(), "cpu")


class CouplingOfStates(unittest.TestCase):
    def setUp(self) -> None:
        self.random = np.random.default_rng(0)

    def test_noise_is_made_normal(self) -> None:
        """Weaker at one border, with neighbours alike and one channel within another."""
        z = self.random.standard_normal((4000, 2, 8, 8))
        z[:, 1] += 0.5 * z[:, 0]
        z = z + 0.4 * np.roll(z, 1, axis=3)
        z[..., 0] = 0.3 * z[..., 0] + 0.2
        normal = Normalizer(z[:2000])
        found = normal(z)
        for some in (found[:2000], found[2000:]):
            np.testing.assert_allclose(some.mean(0), 0, atol=0.12)
            np.testing.assert_allclose(some.std(0), 1, atol=0.12)
            f = np.fft.fft2(some, norm="ortho")
            np.testing.assert_allclose((abs(f) ** 2).mean(0), 1, atol=0.2)
            np.testing.assert_allclose(abs((f[:, 0] * f[:, 1].conj()).mean(0)), 0, atol=0.12)
        np.testing.assert_allclose(normal.undo(found), z, atol=1e-3)

    def test_noise_that_is_normal_stays_as_it_is(self) -> None:
        z = self.random.standard_normal((4000, 2, 8, 8))
        self.assertGreater(np.corrcoef(Normalizer(z)(z).ravel(), z.ravel())[0, 1], 0.99)

    def drawn(self, fresh: float) -> tuple[torch.Tensor, list[int | None]]:
        """The noise of 400 states, at timestep 3 and at 999, and which pair each is of. Every fourth pair is of a varied copy."""
        data, states, noise = self.random.standard_normal((3, 40, 4, 8, 8)).astype(np.float16)
        trainer = Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), DiffusionSettings(varied_below=8, fresh=fresh), "cpu")
        timesteps = torch.tensor([3] * 200 + [999] * 200)
        x0, epsilon = trainer.shown(timesteps, data, None, Coupling(states, noise, np.arange(40) % 4 == 1))
        of = [next(iter(np.flatnonzero((states == x.numpy().astype(np.float16)).all((1, 2, 3)))), None) for x in x0]
        lengths = torch.stack([e / torch.from_numpy(noise[i]).float() for i, e in zip(of, epsilon) if i is not None]).flatten(1)
        torch.testing.assert_close(lengths, lengths[:, :1].expand_as(lengths), atol=1e-3, rtol=1e-3)
        return lengths[:, 0], of

    def test_a_state_of_a_pair_is_shown_with_its_noise(self) -> None:
        """Nothing but that noise's length is by chance; where there is much noise no varied copies are shown."""
        lengths, of = self.drawn(fresh=0)
        self.assertLess(abs(float(lengths.mean()) - 0.972), 0.01)
        self.assertNotIn(None, of)
        self.assertGreater(len(set(of[:200])), 30)
        self.assertTrue(any(i % 4 == 1 for i in of[:200]))
        self.assertFalse(any(i % 4 == 1 for i in of[200:]))

    def test_some_are_shown_with_fresh_noise_but_where_nothing_shows_through(self) -> None:
        _, of = self.drawn(fresh=0.5)
        self.assertTrue(70 < of[:200].count(None) < 130)
        self.assertNotIn(None, of[200:])

    def test_pairs_of_other_states_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, value in (("states", np.zeros((3, 4, 8, 8))), ("noise", np.zeros((3, 4, 8, 8))), ("varied", np.zeros(3, bool))):
                np.save(Path(folder) / f"{name}.npy", value)
            self.assertEqual(len(open_coupling(Path(folder), (4, 8, 8)).noise), 3)
            with self.assertRaisesRegex(ValueError, "couples states of"):
                open_coupling(Path(folder), (4, 16, 16))


class Judging(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)
        self.generator = torch.Generator().manual_seed(1)

    def states(self, count: int, shift: float) -> torch.Tensor:
        return shift + 0.3 * torch.randn((count, 3, 16, 16), generator=self.generator)

    def test_the_judge_learns_and_pulls_towards_pictures(self) -> None:
        """Pictures are brighter here than what is said: against the pull lies what is brighter."""
        judge = Judge(3, AdversarySettings(), "cpu")
        for _ in range(30):
            pull = judge(self.states(8, -0.5), [self.states(8, 0.5)], self.generator)
        said, real = judge.logits
        self.assertLess(said, -0.5)
        self.assertGreater(real, 0.5)
        self.assertAlmostEqual(float(pull.square().mean()), 1, places=4)
        self.assertLess(float(pull.mean()), 0)
        some = self.states(8, -0.5)
        nearer, as_said = (float(judge.network(states).detach().sum()) for states in (some - 0.3 * pull, some))
        self.assertGreater(nearer, as_said)

    def test_states_of_one_kind_cannot_be_told_apart(self) -> None:
        judge = Judge(3, AdversarySettings(), "cpu")
        apart = []
        for _ in range(40):
            judge(self.states(16, 0), [self.states(16, 0)], self.generator)
            apart.append(judge.logits[1] - judge.logits[0])
        self.assertLess(abs(sum(apart[20:])) / 20, 0.2)

    def test_nothing_said_is_no_error(self) -> None:
        judge = Judge(3, AdversarySettings(), "cpu")
        judge(self.states(0, 0), [self.states(0, 0)], self.generator)
        self.assertTrue(all(bool(p.isfinite().all()) for p in judge.network.parameters()))

    def test_what_is_drawn_is_judged(self) -> None:
        settings = DiffusionSettings(batch=8, drawn=Drawing.SMALL, adversary=AdversarySettings())
        trainer = Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), settings, "cpu")
        trainer.pool = Pool(trainer.model.config, trainer.scheduler, settings.drawn, "cpu")
        trainer.judge = Judge(3, settings.adversary, "cpu")
        before = [p.detach().clone() for p in trainer.judge.parameters]
        trainer.step(pictures())
        self.assertFalse(all(torch.equal(a, b) for a, b in zip(trainer.judge.parameters, before)))

    def test_the_pull_grows_from_nothing(self) -> None:
        trainer = Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), DiffusionSettings(adversary=AdversarySettings()), "cpu")
        trainer.judge = Judge(3, trainer.settings.adversary, "cpu")
        said = torch.randn(4, 3, 64, 64, requires_grad=True)
        moved = []
        for step in (0, 100, 200, 900):
            trainer.step_count = step
            (gradient,) = torch.autograd.grad(trainer.pull(said, pictures(), None), said)
            moved.append(float(gradient.square().mean().sqrt()) * said[0].numel())
        for found, wanted in zip(moved, (0, 0.5, 1, 1)):
            self.assertAlmostEqual(found, wanted, places=3)


class Drawing(unittest.TestCase):
    SMALL = DrawnSettings(pool=6, renewed=2, every=3, evaluations=2)

    def setUp(self) -> None:
        torch.manual_seed(0)
        self.generator = torch.Generator().manual_seed(1)

    def test_the_pool_has_what_the_network_draws_and_renews_its_oldest(self) -> None:
        network = UNet2DModel(TINY)
        pool = Pool(network.config, dict(DEFAULT_SCHEDULER), self.SMALL, "cpu")
        pool.renew(1, network.state_dict(), None, None, self.generator)
        first, noise = pool.states.clone(), pool.noise.clone()
        model = EpsilonModel(network.eval(), DEFAULT_SCHEDULER)
        nodes = falling_nodes(model.ab, "karras", 2)
        torch.testing.assert_close(first, decode(model, noise, model.ab, nodes, 2, softened=True), atol=1e-4, rtol=1e-4)
        states, theirs = pool.pairs(20, self.generator)
        of = [int((noise == one).all((1, 2, 3)).nonzero()) for one in theirs]
        self.assertTrue(torch.equal(first[of], states))
        self.assertGreater(len(set(of)), 3)
        pool.renew(2, network.state_dict(), None, None, self.generator)
        self.assertTrue(torch.equal(pool.noise, noise))
        pool.renew(3, network.state_dict(), None, None, self.generator)
        self.assertTrue(torch.equal(pool.noise[2:], noise[:4]))
        self.assertFalse((pool.noise[:2, None] == noise[None]).all((2, 3, 4)).any())

    def test_what_is_drawn_is_shown_with_its_noise(self) -> None:
        settings = DiffusionSettings(batch=8, drawn=self.SMALL)
        trainer = Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), settings, "cpu")
        x0, epsilon = torch.zeros(8, 3, 64, 64), torch.zeros(8, 3, 64, 64)
        self.assertEqual(len(trainer.draw_into(x0, epsilon, None)), 0)
        trainer.pool = pool = Pool(trainer.model.config, trainer.scheduler, self.SMALL, "cpu")
        drawn = trainer.draw_into(x0, epsilon, None)
        self.assertEqual(len(set(drawn.tolist())), 4)
        for i in range(8):
            at = (pool.noise == epsilon[i]).all((1, 2, 3)).nonzero().flatten().tolist()
            self.assertEqual(len(at), int(i in drawn))
            self.assertTrue(not at or torch.equal(pool.states[at[0]], x0[i]))

    def test_paths_are_great_circles_at_equal_angles(self) -> None:
        ends = torch.nn.functional.normalize(torch.randn(2, 3, 48, generator=self.generator), dim=2).reshape(2, 3, 3, 4, 4)
        path = paths_between(ends, 5).reshape(3, 5, 48)
        torch.testing.assert_close(path[:, 0], ends[0].flatten(1))
        torch.testing.assert_close(path[:, -1], ends[1].flatten(1))
        torch.testing.assert_close(path.norm(dim=2), torch.ones(3, 5))
        cosines = (path[:, 1:] * path[:, :-1]).sum(2)
        torch.testing.assert_close(cosines, cosines[:, :1].expand(3, 4))

    #: Noise walks from (1, 0) to (0, 1); what is drawn waits, leaps from 0 to 8 between the points 3 and 4 of 9, and waits.
    ANGLE = torch.linspace(0, torch.pi / 2, 9)
    LEAP = torch.tensor([0.0, 0, 0, 0, 8, 8, 8, 8, 8]).reshape(9, 1, 1, 1).expand(9, 2, 1, 1)

    def places_at_pace(self, fastest: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Where between the points, 0 to 8, noise is taken from, and what is slowed."""
        noise = torch.stack([self.ANGLE.cos(), self.ANGLE.sin()], 1).reshape(9, 2, 1, 1)
        found, slowed = at_slower_pace(noise, self.LEAP, 9, fastest)
        found = found.flatten(1)
        torch.testing.assert_close(found.norm(dim=1), torch.ones(9))
        return torch.atan2(found[:, 1], found[:, 0]) / self.ANGLE[1], slowed

    def test_an_even_pace_spreads_a_leap_over_the_path(self) -> None:
        places, slowed = self.places_at_pace(1)
        torch.testing.assert_close(places[1:-1], 3 + torch.arange(1, 8) / 8, atol=2e-3, rtol=0)
        self.assertTrue(slowed[1:-1].all())

    def test_a_slower_pace_spreads_a_leap_as_far_as_it_must(self) -> None:
        """At 4 mean paces the leap takes a quarter of the path, and the other seven steps three quarters."""
        places, slowed = self.places_at_pace(4)
        wait = 0.75 / 7
        inside = [3 + (t - 3 * wait) / 0.25 for t in (3 / 8, 4 / 8)]
        wanted = [0, 1 / 8 / wait, 2 / 8 / wait, *inside, 4 + (5 / 8 - 3 * wait - 0.25) / wait, 8 - 2 / 8 / wait, 8 - 1 / 8 / wait, 8]
        torch.testing.assert_close(places, torch.tensor(wanted), atol=2e-3, rtol=0)
        self.assertEqual(slowed.nonzero().flatten().tolist(), [3, 4])

    def test_no_step_is_faster_than_it_may_be_and_none_is_slowed_without_need(self) -> None:
        steps = torch.rand(50, 20, generator=self.generator) ** 6
        for fastest in (1.0, 2.0, 5.0):
            stay = durations(steps, fastest)
            torch.testing.assert_close(stay.sum(1), torch.ones(50))
            pace = steps / steps.sum(1, keepdim=True) / stay
            self.assertLess(float(pace.max()), fastest * 1.001)
            longer = stay > stay.min(1, keepdim=True).values * 1.01
            torch.testing.assert_close(pace[longer], torch.full_like(pace[longer], fastest), atol=1e-3, rtol=1e-3)

    def test_an_even_path_stays_as_it_is(self) -> None:
        noise = paths_between(torch.randn(2, 3, 2, 4, 4, generator=self.generator), 6)
        drawn = (2 * torch.arange(6.0) + 1).repeat(3).reshape(18, 1, 1, 1).expand(18, 2, 4, 4)
        for fastest in (1, 5):
            found, slowed = at_slower_pace(noise, drawn, 6, fastest)
            torch.testing.assert_close(found, noise, atol=1e-4, rtol=1e-4)
            self.assertFalse(slowed.any())

    def test_the_nearest_picture_is_found(self) -> None:
        states = torch.randn(40, 2, 4, 4, generator=self.generator).numpy().astype(np.float16)
        gallery = Gallery(states, np.arange(40) % 4)
        near = torch.from_numpy(states[[7, 30, 2]]).float() + 0.05 * torch.randn(3, 2, 4, 4, generator=self.generator)
        self.assertTrue(torch.equal(gallery.nearest(near), torch.from_numpy(states[[7, 30, 2]]).float()))

    def test_several_of_the_nearest_pictures_are_found(self) -> None:
        states = torch.arange(9.0)[:, None, None, None].expand(9, 2, 4, 4).numpy().astype(np.float16)
        found = Gallery(states, np.zeros(9, int)).several(torch.full((1, 2, 4, 4), 5.2), 3)
        self.assertEqual(found.mean((2, 3, 4)).tolist(), [[5, 6, 4]])

    def test_a_state_with_a_flaw_is_made_anew_of_a_picture_moved_by_a_place(self) -> None:
        pictures = torch.randn(3, 2, 12, 12, generator=self.generator)
        flawed = pictures[1].roll(1, 2)
        flawed[:, 5, 6] = 0
        found = rebuilt(flawed, pictures)
        inner = (slice(None), slice(1, -1), slice(2, -1))
        torch.testing.assert_close(found[inner], pictures[1].roll(1, 2)[inner])

    def test_patches_come_from_more_than_one_picture(self) -> None:
        """The left half is that of one picture, the right half that of another, and so they stay but for the seam."""
        pictures = torch.randn(2, 2, 24, 24, generator=self.generator)
        drawn = torch.cat([pictures[0, :, :, :12], pictures[1, :, :, 12:]], 2) + 0.1 * torch.randn(2, 24, 24, generator=self.generator)
        found = of_patches(drawn[None], Gallery(pictures.numpy().astype(np.float16), np.zeros(2, int)))[0]
        for half, picture in ((slice(0, 8), pictures[0]), (slice(16, 24), pictures[1])):
            torch.testing.assert_close(found[..., half], picture[..., half], atol=2e-3, rtol=2e-3)

    def test_neighbours_of_a_place_are_heard(self) -> None:
        """Where the left half is of one candidate and the right half of another, the places beside the seam say some of both."""
        candidates = torch.stack([torch.zeros(1, 4, 6), torch.ones(1, 4, 6)])
        chosen = (torch.arange(6) >= 3).long().expand(4, 6)
        mixed = 0.4 / (1 + 2 * 0.4)
        torch.testing.assert_close(blended(candidates, chosen), torch.tensor([0, 0, mixed, 1 - mixed, 1, 1]).expand(1, 4, 6))

    def test_no_variety_is_chosen_more_often_than_it_is_pictured(self) -> None:
        """All that is drawn lies at the first of two equally frequent varieties, which are .6 apart; in the end half of it goes to the other."""
        states = 0.2 * torch.randn(200, 2, 4, 4, generator=self.generator)
        states[100:, 0] += 0.6
        gallery = Gallery(states.numpy().astype(np.float16), np.arange(200) // 100)
        taken = []
        for _ in range(60):
            found = gallery.nearest(0.2 * torch.randn(200, 2, 4, 4, generator=self.generator))
            taken.append(float((found[:, 0].mean((1, 2)) > 0.3).float().mean()))
        self.assertLess(taken[0], 0.1)
        self.assertAlmostEqual(sum(taken[-10:]) / 10, 0.5, delta=0.1)

    def test_drawn_states_are_moved_towards_pictures(self) -> None:
        network, random = UNet2DModel(TINY), torch.Generator().manual_seed(2)
        states = torch.randn(12, 3, 64, 64, generator=random).numpy().astype(np.float16)
        moved = []
        for nearness in (0, 0.25, 1):
            pool = Pool(network.config, dict(DEFAULT_SCHEDULER), DrawnSettings(pool=6, evaluations=2, path=3, pace=99, nearness=nearness), "cpu")
            pool.renew(0, network.state_dict(), Gallery(states, np.zeros(12, int)), None, torch.Generator().manual_seed(3))
            moved.append(pool.states)
        self.assertTrue(all((torch.from_numpy(states).float() == state).all((1, 2, 3)).any() for state in moved[2]))
        torch.testing.assert_close(moved[1], 0.75 * moved[0] + 0.25 * moved[2])

    def test_drawn_states_of_leaps_stay_as_they_are(self) -> None:
        pool = Pool(TINY, dict(DEFAULT_SCHEDULER), DrawnSettings(pool=9, path=9, pace=4, nearness=1), "cpu")
        pool.draw = lambda noise: self.LEAP.mean((1, 2, 3))[:, None, None, None].expand(noise.shape)
        pool.renew(0, pool.model.network.state_dict(), Gallery(np.full((4, 3, 64, 64), 20, np.float16), np.zeros(4, int)), None, self.generator)
        self.assertEqual(pool.states.mean((1, 2, 3)).tolist(), [20, 20, 20, 0, 8, 20, 20, 20, 20])

    def test_half_of_the_paths_go_between_pictures(self) -> None:
        pool = Pool(TINY, dict(DEFAULT_SCHEDULER), self.SMALL, "cpu")
        theirs = torch.randn(5, 3, 64, 64, generator=self.generator).half().numpy()
        ends = pool.ends(6, Coupling(theirs, theirs, np.zeros(5, bool)), self.generator)
        known = (ends[:, :, None] == torch.from_numpy(theirs).float()).all((3, 4, 5)).any(2)
        self.assertTrue(torch.equal(known, torch.tensor([[True] * 3 + [False] * 3] * 2)))


class Training(unittest.TestCase):
    def trainer(self) -> Trainer:
        torch.manual_seed(0)
        return Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), DiffusionSettings(batch=4), "cpu")

    def test_a_resumed_run_takes_the_same_steps(self) -> None:
        straight = self.trainer()
        for _ in range(4):
            straight.step(pictures())
        first, second = self.trainer(), self.trainer()
        for _ in range(2):
            first.step(pictures())
        with tempfile.TemporaryDirectory() as folder:
            torch.save(first.state(), Path(folder) / "state.pt")
            second.restore(load_state(Path(folder) / "state.pt"))
        for _ in range(2):
            second.step(pictures())
        self.assertEqual(second.pictures_seen, straight.pictures_seen)
        for name, value in straight.ema_weights().items():
            self.assertTrue(torch.allclose(value, second.ema_weights()[name], atol=1e-6), name)

    def test_varied_copies_are_shown_where_there_is_little_noise(self) -> None:
        varied = np.arange(100) % 4 >= 2
        # Of the default schedule sigma is 1.005 at t = 259, 7.974 at t = 640 and 8.027 at t = 641 (numpy).
        timesteps = torch.cat([torch.full((500,), t) for t in (259, 640, 641, 999)])
        for below, shares in ((8, (0.5, 0.5, 0, 0)), (1, (0, 0, 0, 0)), (None, (0.5, 0.5, 0.5, 0.5))):
            trainer = Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), DiffusionSettings(batch=2, varied_below=below), "cpu")
            drawn = varied[trainer.places(timesteps, 100, varied)].reshape(4, 500)
            for found, wanted in zip(drawn.mean(axis=1), shares):
                self.assertAlmostEqual(float(found), wanted, delta=0.1 if wanted else 0)

    def test_networks_with_classes_are_refused(self) -> None:
        network = UNet2DModel(TINY | {"num_class_embeds": 3})
        with self.assertRaisesRegex(ValueError, "networks with classes"):
            Trainer(network, dict(DEFAULT_SCHEDULER), DiffusionSettings(batch=2), "cpu")

    def test_learning_rate_falls_to_nothing(self) -> None:
        trainer = self.trainer()
        trainer.step_count = 10_000
        rates = []
        for trainer.progress in (0.0, 0.5, 1.0):
            rates.append(trainer.learning_rate() / trainer.settings.learning_rate)
        self.assertEqual(rates, [1.0, 0.5, 0.0])

    def test_from_pictures_to_folder(self) -> None:
        """The commands of the README: a stop by SIGTERM, going on to the end, the export."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for variety in ("apple", "core"):
                (root / "data" / variety).mkdir(parents=True)
                for i, picture in enumerate(pictures()):
                    Image.fromarray(picture).save(root / "data" / variety / f"{i}.png")
            (root / "config.json").write_text(json.dumps(TINY))
            train = [sys.executable, str(HERE / "train.py"), "--data", str(root / "data"), "--run", str(root / "run")]
            train += ["--without", "core"]
            train += ["--config", str(root / "config.json"), "--batch", "2", "--threads", "1", "--device", "cpu"]
            process = subprocess.Popen([*train, "--minutes", "60", "--save-minutes", "0.01"])
            deadline = time.monotonic() + 120
            while not (root / "run" / "run.json").exists() and time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), 128 + signal.SIGTERM)
            stopped = json.loads((root / "run" / "run.json").read_text())
            subprocess.run([*train, "--minutes", "0.05"], check=True, timeout=300)
            ended = json.loads((root / "run" / "run.json").read_text())
            self.assertGreater(ended["pictures_seen"], stopped["pictures_seen"])
            self.assertEqual((ended["progress"], len(ended["parts"])), (1.0, 2))
            for more, reason in (([], "--new-schedule"), (["--prediction", "epsilon"], "chosen at its start"), (["--data", "x.zip"], "x.zip")):
                refused = subprocess.run([*train, "--minutes", "1", *more], capture_output=True, text=True, timeout=300)
                self.assertEqual((refused.returncode, refused.stderr.count("\n")), (1, 1))
                self.assertIn(reason, refused.stderr)
            self.assertEqual(json.loads((root / "run" / "run.json").read_text()), ended)
            export = [sys.executable, str(HERE / "export.py"), str(root / "run"), str(root / "tiny"), "--device", "cpu"]
            subprocess.run([*export, "--dtype", "f16", "--count", "2", "--steps", "2"], check=True, timeout=300)
            card = (root / "tiny" / "README.md").read_text()
            for part in ("license: cc-by-sa-4.0", "Mihai Oltean", f"{ended['pictures_seen']:,} pictures", "samples.png", "without core"):
                self.assertIn(part, card)
            self.assertEqual(load_unet(root / "tiny").config, TINY)
            averaging = [*export, "--average", str(root / "tiny"), "--count", "1", "--steps", "1"]
            averaging[averaging.index(str(root / "tiny"))] = str(root / "mean")
            save_network(root / "tiny" / "unet", TINY, UNet2DModel(TINY).state_dict(), torch.float32)
            subprocess.run(averaging, check=True, timeout=300)
            ema, other, mean = load_state(root / "run" / "state.pt")["ema"], load_unet(root / "tiny"), load_unet(root / "mean")
            for name, value in mean.state_dict().items():
                torch.testing.assert_close(value, (ema[name] + other.state_dict()[name]) / 2)
            self.assertIn("Averaged, in equal parts", (root / "mean" / "README.md").read_text())
            self.assertEqual(list(root.rglob("*.partial")), [])

    def test_from_pictures_to_a_latent_model(self) -> None:
        """Autoencoder, states, diffusion network, folder; each command of the README goes on from the one before."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            save_network(root / "start" / "vae", AutoencoderKL(TINY_AUTOENCODER).config, AutoencoderKL(TINY_AUTOENCODER).state_dict(), torch.float32)
            for variety in ("apple", "core"):
                (root / "data" / variety).mkdir(parents=True)
                for i, picture in enumerate(pictures()):
                    Image.fromarray(picture).save(root / "data" / variety / f"{i}.png")
            (root / "config.json").write_text(json.dumps(TINY_LATENT))

            def call(command: str, *args: object) -> None:
                words = [sys.executable, str(HERE / command), *map(str, args), "--device", "cpu"]
                subprocess.run(words, check=True, timeout=300)

            data, quick = ("--data", root / "data"), ("--threads", 1, "--batch", 2)
            autoencoder = ("--held-out", root / "data", *quick, "--feature-weight", 0)
            call("train_autoencoder.py", *data, *autoencoder, "--run", root / "ae", "--init", root / "start", "--minutes", 0.05)
            call("encode.py", root / "ae" / "state.pt", root / "states", *data, "--cache", root / "cache", "--without", "core")
            states = np.load(root / "states" / "states.npy").astype(np.float32)
            self.assertEqual(states.shape, (20, 4, 16, 16))
            self.assertTrue((abs(states.std(axis=(0, 2, 3)) - 1) < 0.05).all())
            before = load_autoencoder(root / "states").eval()
            later = ("--run", root / "decoder", "--init", root / "states", "--minutes", 0.05, "--decoder-only")
            call("train_autoencoder.py", *data, *autoencoder, *later)
            unet = ("--data", root / "states" / "states.npy", "--vae", root / "states", "--config", root / "config.json")
            call("train.py", *unet, *quick, "--run", root / "run", "--pictures", 6)
            self.assertEqual(load_state(root / "run" / "state.pt")["pictures_seen"], 6)
            call("encode.py", root / "states", root / "varied", *data, "--cache", root / "cache", "--varied", 1)
            below = ("--data", root / "varied" / "states.npy", *unet[2:], *quick, "--run", root / "below", "--varied-below", 8)
            call("train.py", *below, "--pictures", 4)
            vae = ("--vae", root / "decoder" / "state.pt", "--vae-runs", root / "ae", root / "decoder", "--held-out", root / "data", "--cache", root)
            few = ("--count", 2, "--steps", 2)
            call("export.py", root / "run", root / "tiny", *vae, "--dtype", "f16", *few)
            model = load_for_inference(root / "tiny", "cpu")
            self.assertEqual((model.shape, model.picture_side), ((4, 16, 16), 64))
            found, wanted = model.encode(pictures()), before.encode(to_model_range(pictures()))
            torch.testing.assert_close(found, wanted, atol=0.05, rtol=0.01)
            self.assertEqual(model.decode(found).shape, (20, 3, 64, 64))
            index = json.loads((root / "tiny" / "model_index.json").read_text())
            self.assertEqual(index["vae"], ["diffusers", "AutoencoderKL"])
            card = (root / "tiny" / "README.md").read_text()
            for part in ("16x16x4", "decoder alone", "without core", "PSNR"):
                self.assertIn(part, card)
            call("export.py", root / "below", root / "plain", *vae, *few)
            self.assertIn("varied copies at sigma < 8 only", (root / "plain" / "README.md").read_text())
            stages = ("--init", root / "plain", "--teacher", root / "plain", root / "tiny", "--guidance", 1.5)
            call("train.py", *unet[:4], *quick, "--run", root / "taught", *stages, "--pictures", 2)
            call("export.py", root / "taught", root / "last", *vae, *few)
            card = (root / "last" / "README.md").read_text()
            self.assertIn("guidance 1.5 at sigma >= 8, weights extrapolated by 0.4 below", card)
            self.assertIn("the later one first", card)
            pairs = ("--count", 12, "--samples", 4, "--patches", "--steps", 2, "--batch", 5)
            call("couple.py", root / "plain", root / "varied" / "states.npy", root / "coupling", *pairs)
            noise = np.load(root / "coupling" / "noise.npy").astype(np.float32)
            self.assertEqual(noise.shape, (16, 4, 16, 16))
            np.testing.assert_allclose(noise.std((1, 2, 3)), 1, atol=1e-3)
            straight = ("--init", root / "plain", "--coupling", root / "coupling", "--varied-below", 8)
            call("train.py", "--data", root / "varied" / "states.npy", *unet[2:4], *quick, "--run", root / "straight", *straight, "--pictures", 2)
            call("export.py", root / "straight", root / "straightened", *vae, *few)
            card = (root / "straightened" / "README.md").read_text()
            self.assertIn("12 of the states with the noise", card)
            self.assertIn("and 4 samples of it", card)
            judged = (*straight[2:], "--drawn", 0.5, "--path", 4, "--pace", 5, "--nearness", 0.75, "--adversary", "--init", root / "straightened")
            call("train.py", "--data", root / "varied" / "states.npy", *unet[2:4], *quick, "--run", root / "judged", *judged, "--pictures", 4)
            self.assertIn("judge", load_state(root / "judged" / "state.pt"))
            again = ("--new-schedule", "--pictures", 2)
            call("train.py", "--data", root / "varied" / "states.npy", *unet[2:4], *quick, "--run", root / "judged", *judged, *again)
            call("export.py", root / "judged", root / "seen", *vae, *few)
            card = (root / "seen" / "README.md").read_text()
            self.assertIn("50 % drawn by the network itself on paths of 4, at most at 5 times their mean pace, moved 75 % of the way", card)
            self.assertIn("pulled by a judge with a weight of 1", card)

    def test_two_processes_share_a_run(self) -> None:
        """Each draws pictures of its own, and fewer processes cannot go on with what two saved."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            np.save(root / "pictures.npy", pictures())
            (root / "config.json").write_text(json.dumps(TINY))
            job = [str(HERE / "train.py"), "--data", str(root / "pictures.npy"), "--run", str(root / "run")]
            job += ["--config", str(root / "config.json"), "--threads", "1", "--device", "cpu", "--minutes", "0.05"]
            torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--"]
            subprocess.run([*torchrun, *job, "--batch", "4"], check=True, timeout=300)
            state = load_state(root / "run" / "state.pt")
            self.assertEqual((state["progress"], state["pictures_seen"]), (1.0, 4 * state["step_count"]))
            self.assertFalse(torch.equal(*state["generators"]))
            alone = subprocess.run([sys.executable, *job, "--batch", "4"], capture_output=True, text=True, timeout=300)
            self.assertIn("2 process(es)", alone.stderr)
            odd = subprocess.run([*torchrun, *job, "--batch", "5"], capture_output=True, text=True, timeout=300)
            self.assertIn("choose a multiple", odd.stderr)


if __name__ == "__main__":
    unittest.main()
