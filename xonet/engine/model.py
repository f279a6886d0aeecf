"""A network with its parameters: what one predicts with, trains, saves and loads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from xonet.data import Dataset
from xonet.data._prepare import affine
from xonet.engine.native_engine import NativeEngine
from xonet.engine.parameters import initial_parameters
from xonet.engine.plan import Engine, Plan, Recipe, one_hot
from xonet.engine.reference import ReferenceEngine
from xonet.engine.storage import aligned, layout
from xonet.layers._graph import Operation
from xonet.losses import LOSSES, Loss
from xonet.machine import must_fit

if TYPE_CHECKING:
    from xonet.network import Network
    from xonet.training.history import History

Data = Dataset | tuple[Any, Any]
"""A Dataset, or (pictures, targets) as arrays."""


class Model:
    """A network and its parameters.

    Args:
        network: What `xonet.load` gives.
        seed: Of the parameters' beginning, and of `fit`; by default the file's.
        engine: `native`, compiled kernels, or `reference`, plain NumPy.
        threads: How many threads at most; results do not depend on it.
        announce: Told how many kernels have to be compiled, before that begins.
    """

    def __init__(
        self,
        network: Network,
        seed: int | None = None,
        engine: str = "native",
        threads: int | None = None,
        announce: Callable[[int], None] | None = None,
    ) -> None:
        self.network = network
        training = network.document.training
        self.seed = seed if seed is not None else training.seed if training else 0
        places = layout(network.operations)
        must_fit(4 * places.total, "parameters")
        factors, offsets = affine(network.document.input, network.shape.channels)
        self.plan = Plan(network.operations, places, aligned(places.total), factors, offsets)
        parameters = self.parameters
        for name, array in initial_parameters(network.operations, self.seed).items():
            parameters[name][...] = array
        self.engine: Engine = (
            NativeEngine(self.plan, threads, announce) if engine == "native" else ReferenceEngine(self.plan)
        )

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """Every parameter by its full name, (as its layer says) float32: writing to it changes the model."""
        return self.plan.places.views(self.plan.flat)

    @property
    def loss(self) -> Loss:
        """The network's."""
        return self.network.loss

    def predict(self, pictures: Any) -> np.ndarray:
        """Scores of pictures.

        Args:
            pictures: (pictures, height, width, channels), or (pictures, features): uint8 is raw, 0 black to 255 white;
                a float array is network values already.

        Returns:
            (pictures, scores), float32. Few pictures run otherwise than many: scores agree then as far as float32 sums
            in another order do, about six digits of the largest values on the way.

        Raises:
            ValueError: where the pictures are of another shape.
        """
        quick = self.engine.quick
        if quick and (scores := quick(pictures)) is not None:
            return scores
        return self.engine.scores(self._pictures(pictures))

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """What scores (n, outputs) mean: with cross_entropy, each class's probability; otherwise the scores."""
        return np.asarray(LOSSES.part(self.loss, "reference").probabilities(self.loss, scores))

    def gradients(self, pictures: Any, targets: Any) -> tuple[float, dict[str, np.ndarray]]:
        """The mean loss of one batch in training mode, without augmentation, and its gradient.

        Args:
            pictures: As for `predict`.
            targets: (pictures,) class numbers, or (pictures, outputs) values.

        Returns:
            (loss, {parameter name: array of the parameter's shape}) with every trained parameter, which stays as it is.

        Raises:
            ValueError: where pictures or targets are of another shape, or there are none.
        """
        batch = self.dataset((pictures, targets))
        if not len(batch):
            raise ValueError("a gradient needs at least one picture")
        assert batch.targets is not None
        scores, flat = self.engine.gradient(Recipe(self.loss, len(batch), self.seed), batch.pictures, batch.targets)
        return self.mean_loss(scores, batch.targets), self.plan.places.views(flat)

    def mean_loss(self, scores: np.ndarray, targets: np.ndarray) -> float:
        """The mean loss of scores (n, outputs) against targets, in float64."""
        wanted = one_hot(targets, self.plan.outputs, np.float64)
        each = LOSSES.part(self.loss, "reference").forward(self.loss, scores.astype(np.float64), wanted)
        return float(each.mean())

    def outputs(self, pictures: Any) -> Iterator[tuple[Operation, np.ndarray]]:
        """Every layer's output for some pictures, (pictures, ...), computed by the reference engine."""
        reference = ReferenceEngine(self.plan)
        found = reference.forward(reference.input(self._pictures(pictures)))
        return ((operation, found[operation.output]) for operation in self.plan.operations)

    def fit(self, train: Data, validation: Data | None = None, **settings: Any) -> History:
        """Train on arrays or a Dataset; keywords override the file's `training:` (`epochs=3`, `batch_size=16`, ...).

        Raises:
            ValueError: for a setting there is not, data of another shape, or none at all.
            xonet.training.LossIsNaN: where the loss becomes no number; parameters are those of the last good epoch.
        """
        from xonet.training import fit

        checked = self.dataset(validation) if validation is not None else None
        return fit(self, self.dataset(train), checked, **{"seed": self.seed, **settings})

    def dataset(self, data: Data) -> Dataset:
        """Data as training wants it: contiguous, of the network's shape, with targets.

        Raises:
            ValueError: where it is not.
        """
        pictures, targets = (data.pictures, data.targets) if isinstance(data, Dataset) else data
        pictures = self._pictures(pictures)
        if targets is None:
            raise ValueError("training needs targets: a class number or values for each picture")
        targets = self._targets(targets)
        if len(targets) != len(pictures):
            raise ValueError(f"{len(pictures)} pictures and {len(targets)} targets: there must be one for each")
        names, notes = (data.names, data.notes) if isinstance(data, Dataset) else (None, [])
        return Dataset(pictures, targets, names, notes)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write parameters, and the network itself, to a safetensors file; beside first, then renamed."""
        from xonet.training.saving import save_model

        save_model(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str], **options: Any) -> Model:
        """The model that `save` wrote.

        Raises:
            xonet.data.DataError: where the file is cut short, edited, or something else.
        """
        from xonet.training.saving import load_model

        return load_model(path, **options)

    def _pictures(self, pictures: Any) -> np.ndarray:
        """Pictures as an engine reads them."""
        array, shape = np.asarray(pictures), tuple(self.network.shape)
        if array.dtype != np.uint8 and not np.issubdtype(array.dtype, np.floating):
            raise ValueError(f"pictures must be uint8 (raw, 0 to 255) or float (network values), not {array.dtype}")
        if array.shape[1:] != shape:
            hint = ""
            if array.shape == shape:
                hint = "; for one picture, give pictures[None]"
            elif array.shape[1:] == shape[:-1] and shape[-1] == 1:
                hint = "; give pictures[..., None]"
            raise ValueError(f"pictures of shape (n, {_listed(shape)}) are needed, not {array.shape}{hint}")
        return np.ascontiguousarray(array, np.uint8 if array.dtype == np.uint8 else np.float32)

    def _targets(self, targets: Any) -> np.ndarray:
        """Targets as an engine reads them: (n,) class numbers, or (n, outputs) values."""
        array, outputs = np.asarray(targets), self.plan.outputs
        whole, output = np.issubdtype(array.dtype, np.integer), self.network.document.output
        if not whole and not np.issubdtype(array.dtype, np.floating):
            raise ValueError(f"targets must be class numbers or values, not {array.dtype}")
        if whole and array.ndim == 1 and (output is None or output.values is None):
            if len(array) and not (0 <= array.min() and array.max() < outputs):
                raise ValueError(f"class numbers must be from 0 to {outputs - 1}, not {array.min()} to {array.max()}")
            return np.ascontiguousarray(array, np.int64)
        if array.shape[1:] != (outputs,) and not (array.ndim == 1 and outputs == 1):
            values = f"values of shape (n, {outputs})"
            needed = values if output and output.values else f"class numbers of shape (n,), or {values},"
            raise ValueError(f"{needed} are needed as targets, not {array.dtype} of shape {array.shape}")
        return np.ascontiguousarray(array.reshape(len(array), outputs), np.float32)


def _listed(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape))
