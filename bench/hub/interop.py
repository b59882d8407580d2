"""What Python's huggingface_hub makes of a cache: `read` finds offline what this program pulled, `write` pulls itself."""
import os
import sys

os.environ["HF_HUB_DISABLE_XET"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import huggingface_hub  # noqa: E402
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache  # noqa: E402

weights = "unet/diffusion_pytorch_model.safetensors"


def read(repository: str) -> None:
    folder = snapshot_download(repository, local_files_only=True)
    file = hf_hub_download(repository, weights, local_files_only=True)
    assert file == try_to_load_from_cache(repository, weights) == os.path.join(folder, weights)
    [found] = scan_cache_dir().repos
    [revision] = found.revisions
    print(f"huggingface_hub {huggingface_hub.__version__} finds offline: {found.repo_id} at {revision.commit_hash[:12]}, "
          f"refs {sorted(revision.refs)}, {revision.nb_files} files, {revision.size_on_disk} bytes, "
          f"{len(scan_cache_dir().warnings)} warnings")
    try:
        import diffusers
    except ImportError:
        return
    network = diffusers.UNet2DModel.from_pretrained(repository, subfolder="unet", local_files_only=True)
    print(f"diffusers {diffusers.__version__} loads it offline: {sum(p.numel() for p in network.parameters())} parameters")


def write(repository: str) -> None:
    folder = snapshot_download(repository)
    print(f"huggingface_hub pulled {len(os.listdir(folder))} entries into {os.path.basename(folder)[:12]}")


{"read": read, "write": write}[sys.argv[1]](sys.argv[2])
