"""Finds the states of pictures that are nearest to those that a network draws."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from data import varieties_of

#: Dimensions that states are compared in, and how many states they are found from. 256 of 2,304 hold 88 % of the variance of fruits.
DIMENSIONS, FITTED = 256, 6000

#: How fast prices follow demand.
RATE = 0.15


class Gallery:
    """States of pictures, found by their distance in the plane of their principal components.

    What a network draws may be near to some varieties more often than there are pictures of them. So each variety has a price that is
    added to the squared distance, and rises while more states than its share of the pictures are moved to it. Source: the dual of semi-discrete
    optimal transport, by stochastic ascent (Genevay et al. 2016, arXiv 1605.08527), with a price for each variety in place of each picture.
    """

    def __init__(self, states: np.ndarray, varieties: np.ndarray) -> None:
        """`states` [N, C, h, w] and the variety of each, int [N] from 0 on."""
        self.states, self.varieties = states, torch.from_numpy(varieties)
        some = flat(states[:: max(1, len(states) // FITTED)])
        self.mean = some.mean(0)
        self.basis = torch.linalg.svd(some - self.mean, full_matrices=False).Vh[:DIMENSIONS].T.contiguous()
        self.places = torch.cat([self.projected(flat(piece)) for piece in np.array_split(states, max(1, len(states) // 2000))])
        self.squares = self.places.square().sum(1)
        self.shares = torch.bincount(self.varieties) / len(varieties)
        self.prices = torch.zeros(len(self.shares))

    def projected(self, states: Tensor) -> Tensor:
        """[N, C h w] -> [N, DIMENSIONS], or fewer where there are fewer states."""
        return (states - self.mean) @ self.basis

    def nearest(self, drawn: Tensor) -> Tensor:
        """For each of `drawn` [n, C, h, w] the state of a picture that costs it least; prices follow."""
        x = self.projected(drawn.flatten(1).float())
        least, which = (self.distances(x) + self.prices[self.varieties]).min(1)
        taken = torch.bincount(self.varieties[which], minlength=len(self.shares)) / len(which)
        distance = (least + x.square().sum(1)).mean()
        self.prices += RATE * distance * (taken / self.shares.clamp(min=1e-9) - 1).clamp(-1, 1)
        self.prices -= self.prices.mean()
        return self.at(which)

    def several(self, drawn: Tensor, count: int) -> Tensor:
        """For each of `drawn` [n, C, h, w] the `count` states of pictures that are nearest to it, whatever the prices: [n, count, C, h, w]."""
        return self.at(self.distances(self.projected(drawn.flatten(1).float())).topk(count, largest=False).indices)

    def distances(self, x: Tensor) -> Tensor:
        """Projected states [n, d] -> squared distances from the gallery's, [n, N], less what is the same in each row."""
        return self.squares - 2 * x @ self.places.T

    def at(self, which: Tensor) -> Tensor:
        """The states at the places `which`, an int tensor of any shape."""
        return torch.from_numpy(self.states[which.numpy()].astype(np.float32))


def open_gallery(path: Path, states: np.ndarray, varied: np.ndarray | None) -> Gallery:
    """Of the `states` that are in the file at `path`; not of `varied` copies, where these are named."""
    varieties = varieties_of(path, len(states))
    return Gallery(states, varieties) if varied is None else Gallery(states[~varied], varieties[~varied])


def flat(states: np.ndarray) -> Tensor:
    """[N, C, h, w] -> float32 [N, C h w]."""
    return torch.from_numpy(states.reshape(len(states), -1).astype(np.float32))
