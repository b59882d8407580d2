"""Makes states that a network draws anew of patches of pictures' states that are near to them.

A small network draws the shape and the colours of a fruit better than its outline, where it says a mean of several. So for every place of
a state the patch around it is looked for in the states of pictures that are nearest to the whole, and what is there is taken. The fruit
stays the one that was drawn, other than with the nearest picture as a whole (gallery.py), so films change no more abruptly. Source:
nearest patches in place of a learned judge (Granot et al. 2022, arXiv 2103.15545).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from gallery import Gallery

#: How many of the nearest pictures patches are taken from, and by how many places these may have moved in each direction.
PICTURES, MOVED = 24, 1

#: Side of the patches that are compared, in places, and the standard deviation of the weight of their places.
SIDE, SPREAD = 7, 1.75

#: How often the patches are looked for: the second time by what was found.
ROUNDS = 2

#: What a neighbour's patch says of a place, beside the place's own: for each step that it is away, to hide the seams.
NEIGHBOUR = 0.4


def of_patches(drawn: Tensor, gallery: Gallery, batch: int = 64) -> Tensor:
    """States [N, C, h, w] -> states of the same shape."""
    pieces = (zip(piece, gallery.several(piece, min(PICTURES, len(gallery.states)))) for piece in drawn.split(batch))
    return torch.stack([rebuilt(state, near) for pairs in pieces for state, near in pairs])


def rebuilt(state: Tensor, near: Tensor) -> Tensor:
    """A state [C, h, w] made of patches of others, [n, C, h, w]."""
    candidates = moved(near, MOVED).flatten(0, 1)
    for _ in range(ROUNDS):
        distances = F.conv2d((candidates - state).square().sum(1, keepdim=True), weights(), padding=SIDE // 2)[:, 0]
        state = blended(candidates, distances.argmin(0))
    return state


def moved(x: Tensor, by: int) -> Tensor:
    """[..., h, w] -> the same moved by up to `by` places in both directions, its border repeated: [n, (2 by + 1)^2, ..., h, w] of
    [n, ..., h, w]."""
    h, w = x.shape[-2:]
    wider = F.pad(x, (by,) * 4, mode="replicate")
    return torch.stack([wider[..., i : i + h, j : j + w] for i in range(2 * by + 1) for j in range(2 * by + 1)], 1)


def weights() -> Tensor:
    """What each place of a patch counts, a Gaussian of sum 1: [1, 1, SIDE, SIDE]."""
    along = torch.exp(-(torch.arange(SIDE) - SIDE // 2).square() / (2 * SPREAD**2))
    return (along / along.sum()).outer(along / along.sum())[None, None]


def blended(candidates: Tensor, chosen: Tensor) -> Tensor:
    """Of `candidates` [m, C, h, w] what the patch chosen at each place, [h, w], and those chosen beside it say of the place: [C, h, w]."""
    h, w = chosen.shape
    rows, columns = torch.arange(h)[:, None], torch.arange(w)
    said = [candidates[which, :, rows, columns] for which in moved(chosen[None, None].float(), 1)[0, :, 0].long()]
    counts = [NEIGHBOUR ** (abs(i) + abs(j)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return sum(c * s for c, s in zip(counts, said)).permute(2, 0, 1) / sum(counts)
