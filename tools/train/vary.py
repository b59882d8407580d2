"""Pictures slightly turned, stretched and recoloured: more kinds of things than the data has."""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

#: Largest turn, either way, in radians.
TURN = math.radians(12)
#: Smallest length of one side after stretching. The other stays as long as it was.
SHORTEST = 0.85
#: Largest logarithm of the exponent that a channel is raised to. White and black stay what they are.
GAMMA = 0.25


def vary(picture: Tensor, size: int, seed: int) -> Tensor:
    """A varied copy of a picture on white, mirrored or not: [3, H, W] in [-1, 1] -> [3, size, size]. Equal seeds give equal copies.

    One resampling from the original's pixels, so that a copy is as sharp as `data.fit` leaves the picture itself.
    """
    generator = torch.Generator().manual_seed(seed)
    angle, gammas = spread(1, TURN, generator)[0], spread(3, GAMMA, generator).exp()
    sides = SHORTEST + (1 - SHORTEST) * torch.rand(2, generator=generator)
    width, height = sides / sides.max()
    mirror = 1 if torch.rand(1, generator=generator) < 0.5 else -1
    cos, sin = angle.cos(), angle.sin()
    # From the place in the copy to the place in the original.
    rows = torch.stack([torch.stack([cos, sin]) * mirror / width, torch.stack([-sin, cos]) / height])
    grid = affine_grid(torch.cat([rows, torch.zeros(2, 1)], dim=1)[None], [1, 3, size, size], align_corners=False)
    # What lies outside is 0, which is white here.
    darkness = grid_sample((1 - picture[None]) / 2, grid, mode="bicubic", align_corners=False)[0].clamp(0, 1)
    return 2 * (1 - darkness) ** gammas[:, None, None] - 1


def spread(count: int, most: float, generator: torch.Generator) -> Tensor:
    """Uniform on [-most, most]."""
    return most * (2 * torch.rand(count, generator=generator) - 1)
