"""How far two sets of pictures are apart, without a pretrained network: sliced Wasserstein distances.

Fixed seeds throughout: the same pictures give the same number on every machine, up to rounding.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from data import to_model_range

PROJECTIONS = 512
LEVELS = 4  # 64, 32, 16, 8 pixels a side
FILTERS = 64
POOLED = 4  # features are averaged onto POOLED x POOLED cells


def sliced_wasserstein(a: Tensor, b: Tensor, projections: int = PROJECTIONS, seed: int = 0) -> float:
    """Two sets [N, D] and [N, D] -> W2 of their projections onto random unit directions, root mean square over them.

    Source: Bonneel et al. 2015, "Sliced and Radon Wasserstein Barycenters of Measures". Raises ValueError when the
    sets differ in shape: sorted values are matched one by one.
    """
    if a.shape != b.shape:
        raise ValueError(f"the sets must have the same shape, not {tuple(a.shape)} and {tuple(b.shape)}")
    directions = torch.randn(a.shape[1], projections, generator=torch.Generator().manual_seed(seed))
    directions /= directions.norm(dim=0)
    gap = (a @ directions).sort(dim=0).values - (b @ directions).sort(dim=0).values
    return float(gap.square().mean().sqrt())


def pixel_vectors(pictures: np.ndarray) -> Tensor:
    """uint8 [N, H, W, 3] -> float32 [N, 3 H W] in [-1, 1]."""
    return to_model_range(pictures).flatten(1)


@torch.inference_mode()
def pyramid_vectors(pictures: np.ndarray, batch: int = 256) -> list[Tensor]:
    """uint8 [N, H, W, 3] -> LEVELS sets [N, FILTERS POOLED^2], the finest first.

    A level is the picture halved again, seen by random 5x5 filters of zero mean (so flat areas say nothing), rectified
    and averaged over cells: how much of which texture is where.
    """
    filters = torch.randn(FILTERS, 3, 5, 5, generator=torch.Generator().manual_seed(1))
    filters -= filters.mean(dim=(1, 2, 3), keepdim=True)
    filters /= filters.flatten(1).norm(dim=1)[:, None, None, None]
    levels: list[list[Tensor]] = [[] for _ in range(LEVELS)]
    for start in range(0, len(pictures), batch):
        x = to_model_range(pictures[start : start + batch])
        for level in levels:
            responses = F.relu(F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), filters))
            level.append(F.adaptive_avg_pool2d(responses, POOLED).flatten(1))
            x = F.avg_pool2d(x, 2)
    return [torch.cat(level) for level in levels]


def set_distances(a: np.ndarray, b: np.ndarray) -> dict[str, float]:
    """Distances of two sets of uint8 pictures [N, H, W, 3]: on pixels, on each level of the pyramid, and their mean."""
    by_level = [sliced_wasserstein(x, y) for x, y in zip(pyramid_vectors(a), pyramid_vectors(b))]
    result = {"pixels": sliced_wasserstein(pixel_vectors(a), pixel_vectors(b)), "pyramid": float(np.mean(by_level))}
    return result | {f"pyramid_{a.shape[1] >> i}": value for i, value in enumerate(by_level)}


def nearest(queries: np.ndarray, pictures: np.ndarray, count: int, batch: int = 2048) -> tuple[np.ndarray, np.ndarray]:
    """The `count` pictures nearest to each query in RMS pixel distance, mirror images included.

    uint8 [Q, H, W, 3] and [N, H, W, 3] -> indices [Q, count] (into 2N: the second N are mirrored) and distances
    [Q, count] on the range [0, 1].
    """
    q = pixel_vectors(queries)
    best = torch.full((len(q), 0), 0.0)
    index = torch.full((len(q), 0), 0, dtype=torch.long)
    for mirrored in (False, True):
        for start in range(0, len(pictures), batch):
            piece = pictures[start : start + batch]
            gap = torch.cdist(q, pixel_vectors(piece[:, :, ::-1] if mirrored else piece))
            ids = torch.arange(start, start + len(piece)) + (len(pictures) if mirrored else 0)
            best, index = torch.cat([best, gap], dim=1), torch.cat([index, ids.expand(len(q), -1)], dim=1)
            best, order = best.topk(min(count, best.shape[1]), largest=False)
            index = index.gather(1, order)
    return index.numpy(), (best / (2 * q.shape[1] ** 0.5)).numpy()
