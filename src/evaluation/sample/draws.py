"""Random draws that are the same on every machine.

Only uniform numbers are taken from numpy (its other distributions may change between releases); the rest
is made of them here.
"""

from statistics import NormalDist
from zlib import crc32

import numpy as np


def generator(seed: int, part: str) -> np.random.Generator:
    """A stream of its own for each part, so that a change in one part leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([seed, crc32(part.encode())]))


def pick(rng: np.random.Generator, shares: np.ndarray, size: int | None = None) -> np.ndarray:
    """Category numbers drawn with `shares`: (k,) for all draws alike, or (size, k) with one row per draw."""
    shares = np.atleast_2d(np.asarray(shares, dtype=float))
    size = len(shares) if size is None else size
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    found = (rng.random(size)[:, None] >= edges).sum(axis=1)
    return np.minimum(found, shares.shape[1] - 1)


def chance(rng: np.random.Generator, probability: np.ndarray | float, size: int | None = None) -> np.ndarray:
    """True with `probability`, element by element."""
    size = np.size(probability) if size is None else size
    return rng.random(size) < probability


def between(rng: np.random.Generator, low: int, high: int, size: int) -> np.ndarray:
    """Whole numbers from low to high, both included."""
    return low + np.floor(rng.random(size) * (high - low + 1)).astype(int)


def shuffled(rng: np.random.Generator, size: int) -> np.ndarray:
    """The numbers 0 .. size-1 in random order."""
    return np.argsort(rng.random(size), kind="stable")


def spread(rng: np.random.Generator, size: int, sd: float) -> np.ndarray:
    """Deviations with mean 0 and standard deviation `sd` (divisor size - 1): normal scores, shuffled."""
    scores = np.array([NormalDist().inv_cdf((i + 0.5) / size) for i in range(size)])
    return (sd * scores / scores.std(ddof=1))[shuffled(rng, size)]


def allotted(total: int, shares: np.ndarray) -> np.ndarray:
    """`total` divided over categories in whole numbers, by largest remainder."""
    exact = total * np.asarray(shares, dtype=float) / np.sum(shares)
    counts = np.floor(exact).astype(int)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: total - counts.sum()]] += 1
    return counts
