"""A network with its parameters, to predict with, train, save and load."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xonet.data import Dataset
from xonet.engine.arrays import checked_pictures, checked_targets
from xonet.engine.input_statistics import conversion, measured, training_pictures, unknown, unmeasured
from xonet.engine.mirrored import mirrored_scores
from xonet.engine.native_engine import NativeEngine
from xonet.engine.parameters import Parameters, initial_parameters
from xonet.engine.plan import Engine, Plan, Recipe, one_hot
from xonet.engine.reference import ReferenceEngine
from xonet.engine.storage import layout
from xonet.folders import escapes
from xonet.language.words import closest
from xonet.layers._graph import Operation
from xonet.losses import INPUT, LOSSES, ONE_SCORE, Loss
from xonet.machine import must_fit
from xonet.network import Network
from xonet.network.statistics import NAMES
from xonet.program.alignment import aligned
from xonet.turns import imported

if TYPE_CHECKING:
    from xonet.training.course import Course
    from xonet.training.history import History

ENGINES = ("native", "reference")
KNOWN = " and ".join(ENGINES)
MOST_THREADS = 256

Data = Dataset | tuple[Any, Any]
"""A Dataset, or (pictures, targets) as arrays."""


class Model:
    """A network and its parameters.

    Args:
        network: A network, as `xonet.load` returns it.
        seed: The seed of the initial parameters and of `fit`; by default the file's.
        engine: `native` (compiled kernels) or `reference` (plain NumPy).
        threads: The maximum number of threads; results do not depend on it.
        announce: Called with the number of kernels to compile, before compilation starts.
        weights: Whether the file that `weights:` names is read; InvalidNetwork is raised if it does not fit.
    """

    def __init__(
        self,
        network: Network,
        seed: int | None = None,
        engine: str = "native",
        threads: int | None = None,
        announce: Callable[[int], None] | None = None,
        weights: bool = True,
    ) -> None:
        if not hasattr(network, "operations"):
            raise TypeError(f"a network is needed, as xonet.load(FILE) gives it, not {network!r}")
        if engine not in ENGINES:
            near = closest(str(engine), ENGINES)
            hint = f"; did you mean {near!r}?" if near else ""
            raise ValueError(f"there is no engine {engine!r}, only {KNOWN}{hint}")
        if not (threads is None or _whole(threads, 1, MOST_THREADS)):
            raise ValueError(f"threads must be a whole number from 1 to {MOST_THREADS}, or None, not {threads!r}")
        if not (seed is None or _whole(seed, 0, 2**63 - 1)):
            raise ValueError(f"seed must be a whole number from 0 to 2^63 - 1, or None, not {seed!r}")
        self.network = network
        training = network.document.training
        self.seed = int(seed) if seed is not None else training.seed if training else 0
        self.course: Course | None = None
        """How far `fit` has trained it, and the optimizer's state."""
        self._kind, self._threads = engine, None if threads is None else int(threads)
        self.statistics = unknown(network)
        """The input's mean and std that the file does not say as numbers, float32; NaN until they are known."""
        self._build(announce)
        self.parameters.update(initial_parameters(network.operations, self.seed))
        if weights:
            found = imported("xonet.network.weights_file").read_weights(network)
            self.parameters.update({name: array for name, array in found.items() if name not in self.statistics})
            self.set_statistics(found)
            self._read_mean()

    def _build(self, announce: Callable[[int], None] | None = None) -> None:
        network = self.network
        places = layout(network.operations)
        must_fit(4 * places.total, "parameters")
        factors, offsets = conversion(network, self.statistics)
        self.plan = Plan(network.operations, places, aligned(places.total), factors, offsets)
        self.engine: Engine = (
            NativeEngine(self.plan, self._threads, announce) if self._kind == "native" else ReferenceEngine(self.plan)
        )

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: everything but what can be rebuilt."""
        numbers, course = self.plan.turn.take(self._moment)
        own = {name: value for name, value in vars(self).items() if name not in ("plan", "engine", "course")}
        statistics = {name: values.copy() for name, values in self.statistics.items()}
        return {**own, "numbers": numbers, "course": course, "statistics": statistics}

    def _moment(self) -> tuple[np.ndarray, Course | None]:
        course = self.course
        if course is not None:
            course = replace(course, state=replace(course.state, memory=course.state.memory.copy()))
        return self.plan.memory.array.copy(), course

    def __setstate__(self, state: dict[str, Any]) -> None:
        """An independent model, with its own memory."""
        numbers = state.pop("numbers")
        vars(self).update(state)
        if self.course is not None:  # on a cache line, as kernels want it
            kept = self.course.state
            memory = aligned(kept.memory.size).reshape(kept.memory.shape)
            memory[...] = kept.memory
            self.course = replace(self.course, state=replace(kept, memory=memory))
        self._build()
        self.plan.flat[...] = numbers

    @property
    def parameters(self) -> Parameters:
        """Every parameter by its full name, a float32 array of its layer's shape.

        Writing to an array, or setting one, changes the model. Writing does not wait for other threads that use the
        model; `parameters[name] = array` does.
        """
        return Parameters(self.plan)

    @property
    def loss(self) -> Loss:
        """The network's."""
        return self.network.loss

    def set_statistics(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take those of the input's statistics that are among `arrays`, by their names in a model file."""
        known = {name: np.asarray(arrays.get(name, old), np.float32) for name, old in self.statistics.items()}
        factors, offsets = conversion(self.network, known)
        self.plan.factors[...], self.plan.offsets[...] = factors, offsets  # before anybody takes them for known
        self.statistics = known

    def measure(self, pictures: Any) -> list[str]:
        """Measure what `input` says of training data (`mean: train`) on pictures, unless it is known already.

        `fit` does so with its own; a model that was loaded knows what it was trained with. Whoever asks for predictions
        before has the file's data.train read for it.

        Args:
            pictures: (pictures, ...) uint8; float arrays hold network values, of which nothing is measured.

        Returns:
            What should be known about it, a line each.

        Raises:
            ValueError: if the pictures have a different shape, or there are none.
        """
        pictures = checked_pictures(self.network, pictures)
        if pictures.dtype != np.uint8 or not unmeasured(self.statistics):
            return []
        found, notes = measured(self.network, self.statistics, pictures)
        self.set_statistics(found)
        return notes

    def _checked(self, pictures: Any) -> np.ndarray:
        """Pictures as an engine reads them, once it is known what raw ones become."""
        pictures = checked_pictures(self.network, pictures)
        if pictures.dtype == np.uint8 and unmeasured(self.statistics):
            self.measure(training_pictures(self.network))
        return pictures

    def _read_mean(self) -> None:
        if (mean := imported("xonet.network.mean_file").read_mean(self.network)) is not None:
            self.set_statistics({NAMES["mean"]: mean})

    def predict(self, pictures: Any, *, mirror: bool = False) -> np.ndarray:
        """Scores of pictures.

        Args:
            pictures: (pictures, height, width, channels), or (pictures, features): uint8 is raw, 0 black to 255 white;
                a float array holds network values.
            mirror: Whether scores are averaged with those of the pictures' mirror images, left and right swapped.

        Returns:
            (pictures, scores), float32. Few pictures take a different path than many: scores then agree as closely as
            float32 sums in a different order: to about six digits of the largest values involved, not of each (3 × 3
            convolutions: see docs/how-it-works.md). Infinity and NaN may spread further among many than among few.

        Raises:
            ValueError: if the pictures have a different shape, or no mirror image.
        """
        if mirror:
            if why := imported("xonet.network.rules.mirrors").hindrance(self.network):
                raise ValueError(f"mirror: {why}")
            return mirrored_scores(self.engine, self._checked(pictures))
        quick = self.engine.quick
        if quick and (scores := quick(pictures)) is not None:
            return scores
        return self.engine.scores(self._checked(pictures))

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """What scores (n, outputs) mean: each class's or label's probability, or the values as they are.

        Two classes that one score tells apart have two probabilities. A loss that knows none, such as squared_error,
        takes the scores as they are.
        """
        found = np.asarray(LOSSES.part(self.loss, "reference").probabilities(self.loss, scores))
        return np.concatenate([1 - found, found], axis=1) if self.network.answers == ONE_SCORE else found

    def gradients(self, pictures: Any, targets: Any) -> tuple[float, dict[str, np.ndarray]]:
        """The mean loss of one batch in training mode, without augmentation, and its gradient.

        Args:
            pictures: As for `predict`.
            targets: (pictures,) class numbers, or (pictures, outputs) labels or values; None for `targets: input`.

        Returns:
            (loss, {parameter name: array of the parameter's shape}) for every trained parameter; none is changed.

        Raises:
            ValueError: if pictures or targets have a different shape, or there are none.
        """
        batch = self.dataset((pictures, targets))
        if not len(batch):
            raise ValueError("a gradient needs at least one picture")
        scores, flat = self.engine.gradient(Recipe(self.loss, len(batch), self.seed), batch.pictures, batch.targets)
        targets = self.plan.targets(batch.pictures, batch.targets)[:]
        return self.mean_loss(scores, targets), self.plan.places.views(flat)

    def mean_loss(self, scores: np.ndarray, targets: np.ndarray) -> float:
        """The mean loss of scores (n, outputs) against targets, in float64."""
        wanted = one_hot(targets, self.plan.outputs, np.float64)
        with np.errstate(all="ignore"):
            each = LOSSES.part(self.loss, "reference").forward(self.loss, scores.astype(np.float64), wanted)
        return float(each.mean())

    def outputs(self, pictures: Any) -> Iterator[tuple[Operation, np.ndarray]]:
        """Every layer's output for some pictures, (pictures, ...), computed by the reference engine."""
        reference, x = ReferenceEngine(self.plan), self._checked(pictures)
        found = self.plan.turn.take(lambda: reference.forward(reference.input(x)))
        return ((operation, found[operation.output]) for operation in self.plan.operations)

    def fit(self, train: Data, validation: Data | None = None, *, restart: bool = False, **settings: Any) -> History:
        """Train on arrays or a Dataset; keywords override the file's `training:` (`epochs=3`, `batch_size=16`, ...).

        A call continues where the last one ended: with the optimizer's state (momentum), and with new shuffles, dropout
        masks and augmentations. So twice five epochs equal ten, to the bit, if the learning rate is constant. What
        belongs to one call starts anew with it: the learning rate schedule, early stopping, and the history,
        whose epochs count from 1. A different kind of optimizer starts with fresh state; other settings, such as
        the learning rate or the batch size, apply from then on, and the data may differ. An epoch that ends early, by
        Ctrl-C, counts. Copies and pickles carry all of this along; a file that `save` writes does not.

        Args:
            train: What to learn from.
            validation: What each epoch is evaluated on.
            restart: Start training anew, from the current parameters.
            settings: As in the file: `optimizer={"adam": {"learning_rate": 0.001}}`.

        Raises:
            ValueError: for an unknown setting, data of a different shape, or no data at all.
            RuntimeError: if called from within another call on the same model: a callback, a signal handler.
            xonet.training.LossIsNaN: if the loss becomes NaN; the parameters are those of the last good epoch.
        """
        fit = imported("xonet.training").fit
        train = self._dataset(train)
        self.measure(train.pictures)
        checked = self.dataset(validation) if validation is not None else None
        history: History = fit(self, train, checked, restart=restart, **{"seed": self.seed, **settings})
        return history

    def dataset(self, data: Data) -> Dataset:
        """Data in the form that training needs: contiguous, of the network's shape, with targets.

        Raises:
            ValueError: if that is not possible.
        """
        found = self._dataset(data)
        self._checked(found.pictures)
        return found

    def _dataset(self, data: Data) -> Dataset:
        if isinstance(data, Dataset):
            pictures, targets = data.pictures, data.targets
        elif isinstance(data, tuple | list) and len(data) == 2:
            pictures, targets = data
        else:
            raise ValueError("data must be a Dataset or a pair: (pictures, targets)")
        pictures = checked_pictures(self.network, pictures)
        if targets is not None:
            targets = checked_targets(self.network, targets)
        elif self.network.answers != INPUT:
            raise ValueError("training needs targets: a class number, labels or values for each picture")
        if targets is not None and len(targets) != len(pictures):
            raise ValueError(f"{len(pictures)} pictures but {len(targets)} targets: each picture needs one")
        names, notes = (data.names, data.notes) if isinstance(data, Dataset) else (None, [])
        return Dataset(pictures, targets, names, notes)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the parameters, and the network itself, to a safetensors file; first beside it, then renamed."""
        folder, name = os.path.split(path)
        # what a program names is meant, wherever a link leads; a folder without one keeps its name in messages
        where = os.path.join(os.path.realpath(folder), name) if escapes(folder) else path
        imported("xonet.training.saving").save_model(self, where)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        overrides: Sequence[str] = (),
        data_root: str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> Model:
        """The model that `save` wrote, with the network it was saved with.

        Args:
            path: The file.
            overrides: Values that replace the network's, as `--set` takes them.
            data_root: The folder that paths in the network are relative to; by default the one it was saved with.
            options: Keyword arguments of `Model`.

        Raises:
            xonet.data.DataError: if the file is cut short, edited, something else, or does not fit the network as
                changed by `overrides`.
            InvalidNetwork: if `overrides` are wrong.
        """
        network, arrays = imported("xonet.training.saving").read_model(path, overrides, data_root)
        model = cls(network, **options, weights=False)
        imported("xonet.training.saving").fill_with(path, model, arrays)
        if unmeasured(model.statistics):
            model._read_mean()  # `overrides` may name another one
        return model


def _whole(number: object, least: int, most: int) -> bool:
    kinds = isinstance(number, int | np.integer) and not isinstance(number, bool)
    return kinds and least <= int(number) <= most  # type: ignore[call-overload]
