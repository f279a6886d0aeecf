"""What a model knows of its input beside the file: mean and std that were measured, or read from a file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xonet.data._prepare import affine
from xonet.data._sets import load_sets
from xonet.data._statistics import measure
from xonet.language.words import counted
from xonet.network import Network
from xonet.network.statistics import NAMES

Statistics = Mapping[str, np.ndarray]
"""By their names in a model file, float32."""


def unknown(network: Network) -> dict[str, np.ndarray]:
    """A network's statistics before they are known: NaN."""
    wanted = network.document.input.statistics
    return {name: np.full(shape, np.nan, np.float32) for name, shape in wanted.items()}


def unmeasured(statistics: Statistics) -> list[str]:
    """The names of those that are not known."""
    return [name for name, values in statistics.items() if np.isnan(values).any()]


def conversion(network: Network, statistics: Statistics) -> tuple[np.ndarray, np.ndarray]:
    """Factors and offsets of raw pictures; see `affine`."""
    mean, std = (statistics.get(NAMES[knob]) for knob in ("mean", "std"))
    return affine(network.document.input, network.shape.channels, mean, std)


def measured(network: Network, statistics: Statistics, pictures: np.ndarray) -> tuple[dict[str, np.ndarray], list[str]]:
    """Those that are not known, measured on raw pictures (n, ...), and what should be known about them."""
    mean, std = measure(pictures, network.document.input)
    still = np.flatnonzero(std == 0)
    every = {NAMES["mean"]: mean, NAMES["std"]: np.where(std == 0, 1.0, std)}
    found = {name: every[name].astype(np.float32) for name in unmeasured(statistics)}
    said = ", ".join(
        f"{knob} {' '.join(f'{value:.4g}' for value in found[name][:4])}{' …' * (len(found[name]) > 4)}"
        for knob, name in NAMES.items()
        if name in found
    )
    notes = [f"measured on {counted(len(pictures), 'training picture')}: {said}"]
    if still.size and NAMES["std"] in found:
        first = f"{'channel' if network.shape.is_picture else 'feature'} {still[0]}"
        more = f" and {still.size - 1:,} more have" if still.size > 1 else " has"
        notes.append(f"{first}{more} the same value in all training pictures: std is 1 there")
    return found, notes


def training_pictures(network: Network) -> np.ndarray:
    """The pictures that the file trains on, read for what is measured on them.

    Raises:
        ValueError: where the file names none, or they are no raw pictures.
        DataError: where they cannot be read.
    """
    data, training = network.document.data, network.document.training
    if data is not None and data.train is not None:
        train = load_sets(data, network.wanted, training.seed if training else 0, only=("train",)).train
        if train is not None and train.pictures.dtype == np.uint8:
            return train.pictures
    knob = next(knob for knob, name in NAMES.items() if name in network.document.input.statistics)
    raise ValueError(
        f"input.{knob} is measured on training pictures, and there were none yet: call fit or measure with raw "
        "pictures (uint8) first, or give float arrays of network values"
    )
