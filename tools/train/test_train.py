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

from data import fit, open_pictures, prepare, random_batch, to_model_range, to_uint8
from distance import nearest, sliced_wasserstein
from group_norm import GroupNorm
from loss import ErrorByNoise, min_snr_weights, stratified_timesteps
from muon import MuonWithAdamW, orthogonalized
from prediction import PREDICTIONS, noised, target, to_epsilon
from sample import decode, seeded_noise
from schedule import DEFAULT_SCHEDULER, NODES, alphas_cumprod, falling_nodes, sigmas
from state import load_state
from trainer import Settings, Trainer
from unet import DEFAULT_CONFIG, UNet2DModel, load_unet, save_unet

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
                    got = model(recorded["sample"], torch.full((len(recorded["sample"]),), t))
                    self.assertLess(float((got - recorded[key]).abs().max()), 1e-4)

    def test_saved_and_loaded_is_the_same(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = UNet2DModel(TINY)
            save_unet(Path(folder) / "unet", model.config, model.state_dict(), torch.float32)
            again = load_unet(Path(folder))
        self.assertEqual(again.config, model.config)
        for name, value in model.state_dict().items():
            self.assertTrue(torch.equal(value, again.state_dict()[name]), name)

    def test_unknown_config_is_refused_by_name(self) -> None:
        with self.assertRaisesRegex(ValueError, "class_embed_type"):
            UNet2DModel({"class_embed_type": "timestep"})
        with self.assertRaisesRegex(ValueError, "CrossAttnDownBlock2D"):
            UNet2DModel({"down_block_types": ["CrossAttnDownBlock2D"] * 4})


    def test_group_norm_has_the_gradients_of_pytorch(self) -> None:
        generator = torch.Generator().manual_seed(0)
        x = (3 + 2 * torch.randn(2, 12, 5, 7, generator=generator)).to(memory_format=torch.channels_last)
        upstream = torch.randn(x.shape, generator=generator)
        found = []
        for kind in (GroupNorm, torch.nn.GroupNorm):
            norm, leaf = kind(4, 12), x.clone().requires_grad_()
            norm.load_state_dict({"weight": torch.linspace(-1, 2, 12), "bias": torch.linspace(1, -1, 12)})
            norm(leaf).backward(upstream)
            found.append((leaf.grad, norm.weight.grad, norm.bias.grad))
        for ours, theirs in zip(*found):
            self.assertLess(float((ours - theirs).abs().max()), 1e-5 * float(theirs.abs().max()))


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

        self.assertLess(error(20, 2), 0.05)
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

    def test_a_perfect_network_predicts_epsilon_either_way(self) -> None:
        generator = torch.Generator().manual_seed(0)
        x0, epsilon = (torch.randn(4, 3, 8, 8, generator=generator) for _ in range(2))
        ab = self.ab[torch.tensor([0, 300, 700, 999])]
        x_t = noised(x0, epsilon, ab)
        for prediction in PREDICTIONS:
            got = to_epsilon(target(x0, epsilon, ab, prediction), x_t, ab, prediction)
            self.assertLess(float((got - epsilon).abs().max()), 1e-5, prediction)

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


class Training(unittest.TestCase):
    def trainer(self) -> Trainer:
        torch.manual_seed(0)
        return Trainer(UNet2DModel(TINY), dict(DEFAULT_SCHEDULER), Settings(batch=4), "cpu")

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
            save_unet(root / "tiny" / "unet", TINY, UNet2DModel(TINY).state_dict(), torch.float32)
            subprocess.run(averaging, check=True, timeout=300)
            ema, other, mean = load_state(root / "run" / "state.pt")["ema"], load_unet(root / "tiny"), load_unet(root / "mean")
            for name, value in mean.state_dict().items():
                torch.testing.assert_close(value, (ema[name] + other.state_dict()[name]) / 2)
            self.assertIn("Averaged, in equal parts", (root / "mean" / "README.md").read_text())
            self.assertEqual(list(root.rglob("*.partial")), [])

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
