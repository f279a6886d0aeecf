"""Operations against the same ones in PyTorch: the reference in float64, the native engine in float32.

Layers that draw random numbers are asked what they drew: each is y = a · x + b, whose a and b the reference tells at 0
and at 1, for the same seed and step. So PyTorch computes with the same numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from tests.differential.judge import poisoned
from tests.members import has_tests, own_tests
from xonet import randomness
from xonet.bench.peers.twin import Twin, loss_there, pictures_there
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Plan, Recipe, State, one_hot
from xonet.engine.reference import ReferenceEngine
from xonet.engine.storage import layout
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._graph import Operation, Trace, Value
from xonet.layers._run import Run
from xonet.losses import LOSSES, Loss
from xonet.optimizers import OPTIMIZERS

FLOAT64, FLOAT32 = 1e-9, 1e-5
"""Of the largest value of an array, or a tenth of the largest of all."""
SEED, STEP = 7, 3
"""What random numbers are drawn for."""
Arrays = dict[str, np.ndarray]
COUNTS: Counter[str] = Counter()
"""How often what was done, in this process."""


@dataclass(frozen=True)
class Case:
    """Operations, their parameters (float32), and a batch: float32 pictures and targets as a training has them."""

    operations: Sequence[Operation]
    flat: np.ndarray
    pictures: np.ndarray
    loss: Loss
    targets: np.ndarray

    def plan(self, dtype: Any = np.float32) -> Plan:
        """With parameters of its own."""
        channels = self.operations[0].inputs[0].shape.channels
        neutral = np.ones(channels, np.float32), np.zeros(channels, np.float32)
        return Plan(self.operations, layout(self.operations), self.flat.astype(dtype), *neutral)

    def twin(self, pictures: int, dtype: torch.dtype = torch.float64) -> Twin:
        """PyTorch's, whose random numbers are those of this seed and step."""
        twin = Twin(self.operations, layout(self.operations).views(self.flat))
        for tensor in twin.tensors.values():
            tensor.data = tensor.data.to(dtype)
        for number, (call, inputs, output) in enumerate(twin._calls):
            if self.operations[number].layer.training_only:
                twin._calls[number] = drawn_as_here(self.operations[number], call, twin, pictures), inputs, output
        return twin


class NotContinuous(AssertionError):
    """Gradients differ, which may be because something bends between two float32 values."""


class Recording(ReferenceEngine):
    """The reference, which keeps the gradient of the network's input, too."""

    dx: Any = 0.0

    def run_backward(self, operation: Operation, *arguments: Any) -> Any:
        """One operation's gradients."""
        dx, own = super().run_backward(operation, *arguments)
        for value, part in zip(operation.inputs, dx if isinstance(dx, list) else [dx], strict=True):
            if value is self.plan.operations[0].inputs[0]:
                self.dx = self.dx + part
        return dx, own


def drawn_as_here(operation: Operation, call: Any, twin: Twin, pictures: int) -> Any:
    """A layer of random numbers: PyTorch's own outside training, and y = a · x + b in it."""
    reference = LAYERS.part(operation.layer, "reference")
    run = Run(True, partial(randomness.uniform, SEED, operation.index, STEP, pictures))
    zeros = np.zeros((pictures, *operation.output.shape))
    b = reference.forward(operation.layer, {}, zeros, run)
    a = reference.forward(operation.layer, {}, zeros + 1, run) - b
    a, b = pictures_there(a), pictures_there(b)
    return lambda x: a.to(x.dtype) * x + b.to(x.dtype) if twin.training else call(x)


def tolerance(operations: Sequence[Operation]) -> float:
    """In float64; a layer's tests say with `FLOAT64` how far off PyTorch itself is, which adds up."""
    words = [LAYERS.word(operation.layer) for operation in operations]
    return FLOAT64 + sum(getattr(own_tests(LAYERS, w), "FLOAT64", 0) for w in words if has_tests(LAYERS, w))


def reference_is_theirs(case: Case, x: np.ndarray) -> None:
    """Scores, the loss, and the gradients of the input and of every parameter, all in float64; x (n, ...)."""
    engine, twin = Recording(case.plan(np.float64)), case.twin(len(x))
    there = pictures_there(x).requires_grad_()
    values = engine.forward(x, training=True, seed=SEED, step=STEP)
    scores, theirs = values[case.operations[-1].output].reshape(len(x), -1), twin(there)
    allowed = tolerance(case.operations)
    close({"scores": scores}, {"scores": theirs.detach().numpy()}, allowed)
    loss_is_theirs(case.loss, scores, case.targets)
    part = LOSSES.part(case.loss, "reference")
    dy = part.backward(case.loss, scores, one_hot(case.targets, scores.shape[1], np.float64)) / len(x)
    theirs.backward(torch.from_numpy(dy))
    mine = engine.backward(values, dy, SEED, STEP)
    expected = twin.arrays(gradients=True)
    close({**mine, "dx": np.moveaxis(engine.dx, -1, 1)}, {**expected, "dx": there.grad.numpy()}, allowed)
    engine._observe(values)
    kept = statistics(case, engine.parameters)
    close(kept, statistics(case, twin.arrays()), allowed)


def loss_is_theirs(loss: Loss, scores: np.ndarray, targets: np.ndarray) -> None:
    """The mean loss, and its gradient by the scores (n, outputs), in float64."""
    reference, wanted = LOSSES.part(loss, "reference"), one_hot(targets, scores.shape[1], np.float64)
    mine = {"loss": reference.forward(loss, scores, wanted).mean(), "dy": reference.backward(loss, scores, wanted)}
    there = torch.tensor(scores, requires_grad=True)
    found = loss_there(loss)(there, torch.from_numpy(targets))
    found.backward()
    close({"loss": mine["loss"]}, {"loss": found.detach().numpy()}, FLOAT64)
    close({"dy": mine["dy"] / len(scores)}, {"dy": there.grad.numpy()}, FLOAT64)


def close(mine: Arrays, exact: Arrays, allowed: float, single: Arrays | None = None, rounding: float = 0.0) -> bool:
    """Equal up to `allowed` of the largest, or `rounding` times as far from what is exact as `single` is.

    Returns:
        Whether it took the latter.
    """
    assert mine.keys() == exact.keys()
    greatest, took = max((np.abs(array).max() for array in exact.values()), default=0), False
    for name, expected in exact.items():
        off, most = np.abs(mine[name] - expected).max(), np.abs(expected).max()
        if not off <= allowed * max(most, greatest / 10, 1e-30):
            apart = 0.0 if single is None else np.abs(single[name][: len(expected)] - expected).max()
            assert off <= rounding * apart, (
                f"{name}: {off:.3g} off, of {most:.3g}; PyTorch's float32 is {apart:.3g} off"
            )
            took = True
    return took


def native_loss(loss: Loss, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The gradient of the mean loss: a dense layer's weights are the scores of pictures that have one 1 each."""
    pictures = len(scores)
    trace = Trace()
    trace.through([LAYERS.make({"dense": {"units": scores.shape[1], "bias": False}})], Value(Shape((pictures,))), "x")
    places = layout(trace.operations)
    case = Case(trace.operations, np.zeros(places.total, np.float32), np.eye(pictures, dtype=np.float32), loss, targets)
    (view,) = places.views(case.flat).values()
    view[...] = scores.T
    _, gradient = NativeEngine(case.plan(), 2).gradient(Recipe(loss, pictures), case.pictures, as_trained(targets))
    (found,) = places.views(gradient).values()
    return found.T


def native_loss_is_theirs(loss: Loss, scores: np.ndarray, targets: np.ndarray) -> None:
    """The native gradient of scores in float32."""
    there = torch.tensor(scores.astype(np.float64), requires_grad=True)
    loss_there(loss)(there, torch.from_numpy(targets)).backward()
    close({"dy": native_loss(loss, scores, targets)}, {"dy": there.grad.numpy()}, FLOAT32)


def as_trained(targets: np.ndarray) -> np.ndarray:
    """Class numbers, or float32."""
    return targets if targets.ndim == 1 else targets.astype(np.float32)


def native_is_theirs(case: Case, rounding: float = 0.0) -> None:
    """The native engine in float32 against PyTorch in float64, alone and in groups, on one and two threads.

    With `rounding`, what differs by more than `FLOAT32` may differ by `rounding` times as much as PyTorch's own float32
    does: many layers together make rounding errors grow, in whatever program.
    """
    double = theirs(case, torch.float64)
    single = theirs(case, torch.float32) if rounding else double
    with poisoned():
        results = [natively(case, threads) for threads in (1, 2)]
    for one, two in zip(flattened(results[0]), flattened(results[1]), strict=True):
        assert one.tobytes() == two.tobytes(), "two threads have other bits than one"
    for name, expected in double.items():
        try:
            COUNTS[f"{name}: rounding counts"] += close(results[0][name], expected, FLOAT32, single[name], rounding)
        except AssertionError as error:
            raise NotContinuous(f"{name}, {error}") if name == "gradients" else error from None
    # what one picture gets does not depend on whether it comes alone
    alone = {"scores": double["scores"]["scores"][:2]}
    close(results[0]["alone"], alone, FLOAT32, single["scores"], rounding)


def flattened(result: dict[str, dict[str, np.ndarray]]) -> list[np.ndarray]:
    """All arrays, in order."""
    return [array for part in result.values() for array in part.values()]


def natively(case: Case, threads: int) -> dict[str, dict[str, np.ndarray]]:
    """Scores outside training and in it, of the first two pictures alone, gradients, and what layers keep."""
    plan, x = case.plan(), case.pictures
    engine = NativeEngine(plan, threads)
    targets = as_trained(case.targets)
    recipe = Recipe(case.loss, len(x), seed=SEED)
    scores, alone = engine.scores(x), np.concatenate([engine.scores(x[n : n + 1]) for n in range(2)])
    trained, gradient = engine.gradient(recipe, x, targets, STEP)
    optimizer = OPTIMIZERS.make({"sgd": {"learning_rate": 1e-30}})
    still = Recipe(case.loss, len(x), seed=SEED, optimizer=optimizer)
    epoch = Epoch(x, targets, np.arange(len(x)), np.zeros(1, np.float32), first_step=STEP)
    engine.train(still, State.new(optimizer, plan.places), epoch)
    return {
        "scores": {"scores": scores},
        "scores in training": {"scores": trained},
        "gradients": plan.places.views(gradient),
        "what is kept": statistics(case, plan.places.views(plan.flat)),
        "alone": {"scores": alone},
    }


def theirs(case: Case, dtype: torch.dtype) -> dict[str, dict[str, np.ndarray]]:
    """The same in PyTorch."""
    twin, there = case.twin(len(case.pictures), dtype).eval(), pictures_there(case.pictures).to(dtype)
    with torch.no_grad():
        scores = twin(there).numpy()
    twin.train()
    there.requires_grad_()
    trained = twin(there)
    targets = torch.from_numpy(case.targets)
    loss_there(case.loss)(trained, targets if targets.ndim == 1 else targets.to(dtype)).backward()
    return {
        "scores": {"scores": scores},
        "scores in training": {"scores": trained.detach().numpy()},
        "gradients": twin.arrays(gradients=True),
        "what is kept": statistics(case, twin.arrays()),
    }


def statistics(case: Case, parameters: Any) -> dict[str, np.ndarray]:
    """What layers keep of the batches that they see."""
    return {
        operation.full_name(p): np.array(parameters[operation.full_name(p)])
        for operation in case.operations
        for p in operation.parameters
        if p.name in operation.layer.running
    }
