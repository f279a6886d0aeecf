"""A network with its parameters: what one predicts with, trains, saves and loads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
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

if TYPE_CHECKING:
    from xonet.network import Network
    from xonet.training.history import History

Data = Dataset | tuple[Any, Any]
"""A Dataset, or (pictures, targets) as arrays."""


class Model:
    """A network and its parameters.

    Args:
        network: What `xonet.load` gives.
        seed: For the parameters' beginning; by default the file's.
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
        factors, offsets = affine(network.document.input, network.shape.channels)
        self.plan = Plan(network.operations, places, aligned(places.total), factors, offsets)
        self.parameters = places.views(self.plan.flat)
        """Every parameter by its full name, (as its layer says) float32: writing to it changes the model."""
        for name, array in initial_parameters(network.operations, self.seed).items():
            self.parameters[name][...] = array
        self.engine: Engine = (
            NativeEngine(self.plan, threads, announce) if engine == "native" else ReferenceEngine(self.plan)
        )

    @property
    def loss(self) -> Loss:
        """The file's, otherwise cross_entropy."""
        training = self.network.document.training
        return training.loss if training else LOSSES.make("cross_entropy")

    def predict(self, pictures: Any) -> np.ndarray:
        """Scores of pictures.

        Args:
            pictures: (pictures, height, width, channels), or (pictures, features): uint8 is raw, 0 black to 255 white;
                a float array is network values already.

        Returns:
            (pictures, scores), float32.

        Raises:
            ValueError: where the pictures are of another shape.
        """
        return self.engine.scores(self._fit(pictures))

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """What scores (n, outputs) mean: with cross_entropy, each class's probability; otherwise the scores."""
        return np.asarray(LOSSES.part(self.loss, "reference").probabilities(self.loss, scores))

    def gradients(self, pictures: Any, targets: Any) -> tuple[float, dict[str, np.ndarray]]:
        """The mean loss of one batch in training mode, without augmentation, and its gradient by every trained parameter.

        Args:
            pictures: As for `predict`.
            targets: (pictures,) class numbers, or (pictures, outputs) values.

        Returns:
            (loss, {parameter name: array of the parameter's shape}); parameters stay as they are.
        """
        pictures, targets = self._fit(pictures), self._aim(targets)
        recipe = Recipe(self.loss, len(pictures), self.seed)
        scores, flat = self.engine.gradient(recipe, pictures, targets)
        return self.mean_loss(scores, targets), self.plan.places.views(flat)

    def mean_loss(self, scores: np.ndarray, targets: np.ndarray) -> float:
        """The mean loss of scores (n, outputs) against targets, in float64."""
        wanted = one_hot(targets, self.plan.outputs, np.float64)
        each = LOSSES.part(self.loss, "reference").forward(self.loss, scores.astype(np.float64), wanted)
        return float(each.mean())

    def outputs(self, pictures: Any) -> Iterator[tuple[Operation, np.ndarray]]:
        """Every layer's output for some pictures, (pictures, ...), computed by the reference engine."""
        reference = ReferenceEngine(self.plan)
        found = reference.forward(reference.input(self._fit(pictures)))
        return ((operation, found[operation.output]) for operation in self.plan.operations)

    def fit(self, train: Data, validation: Data | None = None, **settings: Any) -> History:
        """Train on arrays or a Dataset; keywords override the file's `training:` (`epochs=3`, `batch_size=16`, ...).

        Raises:
            ValueError: for a setting there is not, or data of another shape.
            xonet.training.LossIsNaN: where the loss becomes no number; parameters are those of the last good epoch.
        """
        from xonet.training import fit

        return fit(self, self.dataset(train), self.dataset(validation) if validation is not None else None, **settings)

    def dataset(self, data: Data) -> Dataset:
        """Data as training wants it: contiguous, of the network's shape, with targets."""
        pictures, targets = (data.pictures, data.targets) if isinstance(data, Dataset) else data
        pictures = self._fit(pictures)
        if targets is None:
            raise ValueError("training needs targets: a class number or values for each picture")
        aimed = self._aim(targets)
        if len(aimed) != len(pictures):
            raise ValueError(f"{len(pictures)} pictures and {len(aimed)} targets: there must be one for each")
        names, notes = (data.names, data.notes) if isinstance(data, Dataset) else (None, [])
        return Dataset(pictures, aimed, names, notes)

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

    def _fit(self, pictures: Any) -> np.ndarray:
        """Pictures as an engine reads them."""
        array = np.asarray(pictures)
        shape: Sequence[int] = self.network.shape
        if array.shape[1:] != tuple(shape):
            lengths = ", ".join(map(str, shape))
            raise ValueError(f"pictures of shape (n, {lengths}) are needed, not {array.shape}")
        return np.ascontiguousarray(array, np.uint8 if array.dtype == np.uint8 else np.float32)

    def _aim(self, targets: Any) -> np.ndarray:
        """Targets as an engine reads them."""
        array = np.asarray(targets)
        outputs = self.plan.outputs
        if array.ndim == 1 and np.issubdtype(array.dtype, np.integer):
            if len(array) and not (0 <= array.min() and array.max() < outputs):
                raise ValueError(f"class numbers must be from 0 to {outputs - 1}, not {array.min()} to {array.max()}")
            return np.ascontiguousarray(array, np.int64)
        if array.size != len(array) * outputs:
            raise ValueError(f"targets of shape (n,) or (n, {outputs}) are needed, not {array.shape}")
        return np.ascontiguousarray(array.reshape(len(array), outputs), np.float32)

