"""What a model knows of its input beside the file: mean and std that were measured, or read from a file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xonet.data._prepare import affine
from xonet.data._sets import load_sets
from xonet.data._statistics import measure
from xonet.language.words import counted
from xonet.network import Network
from xonet.network.mean_file import read_mean
from xonet.network.statistics import NAMES


class InputStatistics:
    """The mean and std of a network's input that its file does not say as numbers, and what raw pictures become.

    Attributes:
        arrays: By their names in a model file, float32; NaN while they are not known.
        factors: Network value = raw byte · factor + offset: (channels,), or the input's shape with a mean picture.
        offsets: The same. Both change in place.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        wanted = network.document.input.statistics
        self.arrays = {name: np.full(shape, np.nan, np.float32) for name, shape in wanted.items()}
        self.factors, self.offsets = self._conversion(self.arrays)

    @property
    def known(self) -> dict[str, np.ndarray]:
        """The arrays that are known."""
        return {name: values for name, values in self.arrays.items() if not np.isnan(values).any()}

    @property
    def unknown(self) -> list[str]:
        """The names of those that are not."""
        return [name for name in self.arrays if name not in self.known]

    def set(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take those that are among `arrays`."""
        new = {name: np.asarray(arrays.get(name, old), np.float32) for name, old in self.arrays.items()}
        self.factors[...], self.offsets[...] = self._conversion(new)  # before another thread takes them for known
        self.arrays = new

    def read_mean(self) -> None:
        """Read the mean picture, where there is to be one that is not known.

        Raises:
            InvalidNetwork: where the file cannot be used.
        """
        if NAMES["mean"] in self.unknown and (mean := read_mean(self.network)) is not None:
            self.set({NAMES["mean"]: mean})

    def measure(self, pictures: np.ndarray) -> list[str]:
        """Measure what is not known on training pictures; see `Model.measure`."""
        names = self.unknown
        if pictures.dtype != np.uint8 or not names:
            return []
        mean, std = measure(pictures, self.network.document.input)
        found = {NAMES["mean"]: mean, NAMES["std"]: np.where(std == 0, 1.0, std)}
        self.set({name: found[name] for name in names})
        said = ", ".join(f"{knob} {_numbers(found[name])}" for knob, name in NAMES.items() if name in names)
        notes = [f"measured on {counted(len(pictures), 'training picture')}: {said}"]
        constant = np.flatnonzero(std == 0)
        if constant.size and NAMES["std"] in names:
            first = f"{'channel' if self.network.shape.is_picture else 'feature'} {constant[0]}"
            more = f" and {constant.size - 1:,} more have" if constant.size > 1 else " has"
            notes.append(f"{first}{more} the same value in all training pictures: std is 1 there")
        return notes

    def require(self, pictures: np.ndarray) -> None:
        """Before pictures are used: where they are raw and something is not known, measure it on the file's data.

        Raises:
            ValueError: where the file names no training data, or none that is raw.
            DataError: where it cannot be read.
        """
        if pictures.dtype != np.uint8 or not self.unknown:
            return
        data, training = self.network.document.data, self.network.document.training
        if data is not None and data.train is not None:
            seed = training.seed if training else 0
            train = load_sets(data, self.network.wanted, seed, only=("train",)).train
            if train is not None:
                self.measure(train.pictures)
        if self.unknown:
            knob = next(knob for knob, name in NAMES.items() if name in self.unknown)
            raise ValueError(
                f"input.{knob} is measured on training pictures, and there were none yet: call fit or measure with raw "
                "pictures (uint8) first, or give float arrays of network values"
            )

    def _conversion(self, arrays: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        mean, std = (arrays.get(NAMES[knob]) for knob in ("mean", "std"))
        return affine(self.network.document.input, self.network.shape.channels, mean, std)


def _numbers(values: np.ndarray) -> str:
    return " ".join(f"{value:.4g}" for value in values[:4]) + " …" * (len(values) > 4)
