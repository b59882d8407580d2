"""The network on a real server: results against the CPU's, and a film whose server is killed half-way.

python check.py triton|kserve [PORT], with the Python that has the server; in the repository, after npm run build.
Triton: pip install nvidia-pytriton onnxruntime. KServe: pip install kserve onnxruntime.
"""

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np

kind, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8700
here, root = Path(__file__).parent, Path(__file__).parents[2]
module, script = {"triton": ("pytriton", "triton.py"), "kserve": ("kserve", "kserve_server.py")}[kind]
if importlib.util.find_spec(module) is None:
    print(f"SKIPPED: there is no {module}")
    sys.exit(0)
work = Path(tempfile.mkdtemp())
url, model = f"http://127.0.0.1:{port}", str(root / "test/golden/fixtures/unet/one-layer")
pictures = [str(root / f"resources/samples/{name}.webp") for name in ("apple-red", "tomato-cherry-red")]


def studio(*args: str, background: bool = False) -> subprocess.Popen:
    command = ["node", str(root / "out/main/cli.js"), *args]
    # A cache of its own for each run: no frame may come from the film before.
    own = os.environ | {"XDG_CACHE_HOME": tempfile.mkdtemp(dir=work)}
    process = subprocess.Popen(command, cwd=work, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if not background and process.wait(timeout=300) != 0:
        sys.exit(f"{' '.join(args)}: {process.stdout.read()}")
    return process


def start() -> subprocess.Popen:
    server = subprocess.Popen([sys.executable, str(here / script), str(work / "repository"), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/v2/models/unet/ready", timeout=2):
                return server
        except OSError:
            time.sleep(0.2)
    sys.exit(f"{kind} does not start")


def kill(server: subprocess.Popen) -> None:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def digest(name: str) -> str:
    return hashlib.sha256((work / name).read_bytes()).hexdigest()


studio("export-onnx", model, "--to", "repository")
server = start()
remote, local = ["--model", model, "--server", url], ["--model", model, "--device", "cpu", "--threads", "1"]
for name, where in (("local.npy", local), ("remote.npy", remote)):
    studio("encode", pictures[0], *where, "--steps", "20", "-o", name)
print("encode: bit-equal" if digest("local.npy") == digest("remote.npy") else f"encode: {abs(np.load(work / 'local.npy') - np.load(work / 'remote.npy')).max():.1e} apart")
for folder, where in (("local", local), ("remote", remote)):
    studio("sample", "--count", "12", "--content", "npy", "--steps", "20", *where, "-o", folder)
apart = max(abs(np.load(work / "local" / f"{i:06}.npy") - np.load(work / "remote" / f"{i:06}.npy")).max() for i in range(12))
print(f"12 samples in 20 steps: {apart:.1e} apart")

film = ["morph", *pictures, *remote, "--frames", "120", "--steps", "60"]
started = time.time()
studio(*film, "-o", "whole.gif")
seconds = time.time() - started
running = studio(*film, "-o", "killed.gif", background=True)
time.sleep(seconds / 2)
was_running = running.poll() is None
kill(server)
time.sleep(10)
server = start()
if running.wait(timeout=300) != 0:
    sys.exit(running.stdout.read())
print("\n".join(line for line in running.stdout.read().splitlines() if "server" in line.lower()))
kill(server)
equal = digest("whole.gif") == digest("killed.gif")
print(f"film of {seconds:.1f} s, server killed under it: {was_running}, gone for 10 s and more; hash-equal: {equal}")
# Over a trajectory the rounding of other batch sizes adds up; one step apart is 1e-7.
sys.exit(0 if equal and was_running and apart < 1e-4 else 1)
