"""One drawn network through the native engine, against the reference in float64.

Every value may differ by what rounding explains: 1e-5 of the largest beside it, and `SLACK` times as much as the
reference itself differs when everything that it computes is off by as much as float32 rounds, which is more where a
network makes rounding errors grow. The native engine's memory is full of NaN at first, every call is made twice and
must give the same bits, and so must two threads.

Gradients are not continuous where a relu bends or two values of a window are equally large: where the engines fall on
two sides of such a place, both are right. So a network whose *gradient* differs is judged again with other numbers, and
is wrong if it differs each time, or if all sums were exact: then there are no two sides.

What differs is looked at again with more witnesses of what rounding does, before it is called wrong: the reference
rounded in other ways, and the reference in float32. Where so much of a gradient is allowed that zeros would do, nothing
is judged: behind a batch_norm of what is everywhere the same the true one is 0, and any float32 gives noise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tests.differential.draw import Network, member
from xonet.engine import native_engine, runner
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Plan, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.engine.storage import layout
from xonet.layers import _single, _single_site, _winograd_of_one
from xonet.layers._graph import Value
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.program import alignment, rows
from xonet.program.alignment import aligned

PICTURES = (1, 3, 16, 17, 40)
TOLERANCE = 1e-5
SLACK = 100
ATTEMPTS = 6
WITNESSES = 8
HUGE = 1e15
"""Sums of many squares of larger values are no float32 any more."""
KNOWN: Counter[str] = Counter()
"""How often what was done, in this process."""


class Wrong(AssertionError):
    """The engines differ, or one call differs from another."""


class Different(Wrong):
    """The engines differ by more than rounding, as far as the witnesses know."""


class Gradients(Different):
    """They differ in what is not continuous."""


@contextmanager
def poisoned() -> Iterator[None]:
    """Memory is full of NaN at first, and small steps are shared out between threads as large ones are."""
    places: list[tuple[Any, str, Any]] = [
        (alignment, "POISON", np.nan), (runner, "AT_ONCE", 0), (rows, "WORTH_SHARING", 1), (_single, "SHARED", 100),
        (_winograd_of_one, "SHARED", 100), (_single_site, "WORTH_SHARING", 2),
    ]  # fmt: skip
    before = [getattr(module, name) for module, name, _ in places]
    for module, name, value in places:
        setattr(module, name, value)
    try:
        yield
    finally:
        for (module, name, _), value in zip(places, before, strict=True):
            setattr(module, name, value)


class Exact(ReferenceEngine):
    """The reference; `greatest` is the largest value that it has come across."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.greatest = 0.0

    def run_forward(self, *arguments: Any) -> np.ndarray:
        """One layer's output."""
        return self.seen(super().run_forward(*arguments))

    def run_backward(self, *arguments: Any) -> Any:
        """One layer's gradients."""
        dx, own = super().run_backward(*arguments)
        dx = [self.seen(part) for part in dx] if isinstance(dx, list) else self.seen(dx)
        return dx, {name: self.seen(part) for name, part in own.items()}

    def seen(self, values: np.ndarray) -> np.ndarray:
        """The same, looked at."""
        self.greatest = max(self.greatest, float(np.abs(np.where(np.isfinite(values), values, np.inf)).max(initial=0)))
        return values


class Rounding(Exact):
    """The reference, off by about as much at each value as if that were a float32."""

    def __init__(self, plan: Plan, seed: int = 0) -> None:
        super().__init__(plan)
        self.seed = seed

    def forward(self, x: np.ndarray, *arguments: Any, **named: Any) -> dict[Value, np.ndarray]:
        """As the base, each value from those that are off already."""
        self.rng = np.random.default_rng(self.seed)
        return super().forward(self.seen(x), *arguments, **named)

    def seen(self, values: np.ndarray) -> np.ndarray:
        """Off by up to 2^-23 of the value, and of a part of its channel's greatest, as sums are rounded on their way.

        Part of that is the same in a whole channel: what is taken from all of it, as a mean is, was rounded once.
        """
        size, everywhere = np.abs(super().seen(values)), tuple(range(values.ndim - 1))
        most = size.max(axis=everywhere, initial=0) if everywhere else size.max(initial=0)
        noise = self.rng.random(values.shape, np.float32)
        noise -= 0.5
        common = self.rng.random(np.shape(most)) - 0.5
        return values + (noise * (size + 0.25 * most) + 0.25 * common * most) * 2.0**-22


@dataclass
class Data:
    """What a network is asked."""

    flat: np.ndarray
    pictures: np.ndarray
    targets: np.ndarray
    factors: np.ndarray
    offsets: np.ndarray
    exact: bool

    def plan(self, network: Network, dtype: Any = np.float32) -> Plan:
        """With parameters of its own."""
        places = layout(network.operations)
        flat = aligned(places.total, dtype)
        flat[...] = self.flat
        return Plan(network.operations, places, flat, self.factors, self.offsets)


def judge(network: Network, rng: np.random.Generator) -> None:
    """Raises `Wrong` where the native engine does not do what it should."""
    with poisoned(), np.errstate(all="ignore"):
        for attempt in range(ATTEMPTS):
            data = _data(network, rng, exact=attempt == 0 and rng.random() < 0.15)
            loss = LOSSES.make(member(rng, LOSSES, str(rng.choice(list(LOSSES.members)))))
            try:
                _looked_at(network, data, loss, int(rng.integers(1 << 40)))
            except Gradients:
                if attempt == ATTEMPTS - 1:
                    raise
                KNOWN["judged again with other numbers"] += 1
            else:
                return


def _looked_at(network: Network, data: Data, loss: Any, seed: int) -> None:
    """Once; and a second time, with all witnesses, where one of them was not enough."""
    try:
        _once(network, data, loss, np.random.default_rng(seed), 1)
    except Different:
        KNOWN["looked at again, closer"] += 1
        _once(network, data, loss, np.random.default_rng(seed), WITNESSES)


def _data(network: Network, rng: np.random.Generator, exact: bool) -> Data:
    """Numbers of all sizes; or small multiples of 1/2, whose sums are exact and which are often equal, or 0."""
    places, shape = layout(network.operations), network.shape
    count = int(rng.choice(PICTURES))
    flat = np.zeros(places.total, np.float32)
    for name, view in places.views(flat).items():
        fan_in = max(1, view.size // len(view))
        drawn = rng.integers(-2, 3, view.shape) / 2 if exact else rng.normal(size=view.shape) * 1.5 / np.sqrt(fan_in)
        if not exact and view.ndim == 1:
            drawn = drawn + 0.1 * rng.normal(size=view.shape)
        view[...] = drawn if places.places[name].trained or view.ndim > 1 else np.abs(drawn) + 0.5
    channels = shape.channels
    factors = rng.uniform(-0.02, 0.02, channels).astype(np.float32)
    offsets = rng.uniform(-1, 1, channels).astype(np.float32)
    if exact:
        pictures = rng.integers(-1, 2, (count, *shape)).astype(np.float32)
    elif rng.random() < 0.3:
        pictures = rng.integers(0, 256, (count, *shape)).astype(np.uint8)
    else:
        pictures = (rng.normal(size=(count, *shape)) * 10.0 ** rng.integers(-1, 2)).astype(np.float32)
    outputs = network.operations[-1].output.shape.size
    targets = rng.integers(0, outputs, count)
    if rng.random() < 0.4:
        targets = rng.normal(size=(count, outputs)).astype(np.float32)
    return Data(flat, pictures, targets, factors, offsets, exact)


def _once(network: Network, data: Data, loss: Any, rng: np.random.Generator, witnesses: int) -> None:
    references = [Exact(data.plan(network, np.float64))]
    references += [Rounding(data.plan(network, np.float64), seed) for seed in range(witnesses)]
    references += [Exact(data.plan(network))] if witnesses > 1 else []
    plans = [data.plan(network) for _ in range(2)]
    natives = [NativeEngine(plan, threads) for threads, plan in enumerate(plans, 1)]
    x, count = data.pictures, len(data.pictures)
    expected = [reference.scores(x) for reference in references]
    if not max(reference.greatest for reference in references) < HUGE:
        KNOWN["not judged: beyond 1e15"] += 1
        return
    _scores(natives, x, expected)
    recipe = Recipe(loss, count, seed=int(rng.integers(1 << 40)))
    step = int(rng.integers(1000))
    wanted = [reference.gradient(recipe, x, data.targets, step) for reference in references]
    if not max(reference.greatest for reference in references) < HUGE:
        KNOWN["not judged: beyond 1e15"] += 1
        return
    exact = data.exact and _is_exact(network) and _rounds_nothing(network, data, recipe, step, wanted[0])
    got = [native.gradient(recipe, x, data.targets, step) for native in natives for _ in range(2)]
    for number, name in enumerate(("scores in training", "gradient")):
        parts = [pair[number] for pair in got]
        _same_bits(name, parts)
        if number == 0:
            _close(name, parts[0], [pair[0] for pair in wanted])
        else:
            _each(network, name, parts[0], [pair[1] for pair in wanted], Different if exact else Gradients)
    KNOWN["exact"] += exact
    KNOWN["gradients"] += 1
    if rng.random() < 0.2 and plans[0].places.trained:
        _training(network, data, loss, rng, witnesses)


def _scores(natives: list[NativeEngine], x: np.ndarray, expected: list[np.ndarray]) -> None:
    """In groups, and picture by picture where that can be."""
    few, native_engine.FEW = native_engine.FEW, 0
    try:
        parts = [native.scores(x) for native in natives for _ in range(2)]
    finally:
        native_engine.FEW = few
    _same_bits("scores in groups", parts)
    _close("scores in groups", parts[0], expected)
    count = min(3, len(x))
    parts = [native.scores(x[:count]) for native in natives for _ in range(2)]
    _same_bits("scores of few pictures", parts)
    _close("scores of few pictures", parts[0], [part[:count] for part in expected])
    KNOWN["one by one"] += any(natives[0]._singles.values())


def _training(network: Network, data: Data, loss: Any, rng: np.random.Generator, witnesses: int) -> None:
    """Some steps of an optimizer, the last one with fewer pictures; parameters and running statistics after it."""
    optimizer = OPTIMIZERS.make(member(rng, OPTIMIZERS, str(rng.choice(list(OPTIMIZERS.members)))))
    count = len(data.pictures)
    batch = max(1, -(-count // int(rng.integers(1, 4))) - int(rng.integers(2)))
    recipe = Recipe(loss, batch, seed=int(rng.integers(1 << 40)), optimizer=optimizer)
    order, steps = rng.permutation(count), -(-count // batch)
    rates = np.full(steps, 0.01 * 10.0 ** -rng.integers(3), np.float32)
    makers: list[tuple[Any, Any]] = [(partial(NativeEngine, threads=threads), np.float32) for threads in (1, 2, 2)]
    makers += [(Exact, np.float64)]
    makers += [(partial(Rounding, seed=seed), np.float64) for seed in range(witnesses)]
    makers += [(Exact, np.float32)] if witnesses > 1 else []
    results, greatest = [], 0.0
    for make, dtype in makers:
        plan = data.plan(network, dtype)
        state = State(optimizer.state, aligned(len(optimizer.state) * plan.places.trained, dtype).reshape(
            len(optimizer.state), plan.places.trained))  # fmt: skip
        engine = make(plan)
        scores, broken = engine.train(recipe, state, Epoch(data.pictures, data.targets, order, rates, 0))
        greatest = max(greatest, getattr(engine, "greatest", 0.0))
        results.append((scores, plan.flat.copy(), broken))
    if any(result[2] != -1 for result in results[3:]) or not greatest < HUGE:
        KNOWN["not judged: beyond 1e15"] += 1
        return
    if results[0][2] != -1:
        raise Gradients(f"training with {optimizer.__class__.__name__} broke at step {results[0][2]}")
    for number, name in enumerate(("scores while training", "parameters after training")):
        parts = [result[number] for result in results]
        _same_bits(name, parts[:3])
        if number == 0:
            _close(name, parts[0], parts[3:], Gradients)
        else:
            _each(network, name, parts[0], parts[3:], Gradients)
    KNOWN["trained"] += 1


def _rounds_nothing(network: Network, data: Data, recipe: Recipe, step: int, wanted: Any) -> bool:
    """Whether float32 comes to the same as float64, to the last bit."""
    single = ReferenceEngine(data.plan(network)).gradient(recipe, data.pictures, data.targets, step)
    return all((a == b).all() for a, b in zip(single, wanted, strict=True))


def _is_exact(network: Network) -> bool:
    """Whether sums of small multiples of 1/2 are exact in the kernels, too: those of Winograd's are not."""
    return not any(
        operation.parameters and len(operation.parameters[0].shape) == 4 and operation.inputs[0].shape.channels >= 16
        for operation in network.operations
    ) and not any(hasattr(operation.layer, "count_padding") for operation in network.operations)


def _same_bits(name: str, parts: list[np.ndarray]) -> None:
    for number, part in enumerate(parts[1:], 1):
        if part.tobytes() != parts[0].tobytes():
            different = int((part != parts[0]).sum())
            raise Wrong(f"{name}: call {number} has other bits than the first, in {different} of {part.size}")


def _each(network: Network, name: str, actual: np.ndarray, expected: list[np.ndarray], kind: type[Different]) -> None:
    """Parameter by parameter; what an element may differ by depends on all of the layer's."""
    places = layout(network.operations)
    parts = [places.views(array) for array in (actual, *expected)]
    for parameter in parts[0]:
        _close(f"{name}, {parameter}", parts[0][parameter], [part[parameter] for part in parts[1:]], kind)


def _close(name: str, actual: np.ndarray, expected: list[np.ndarray], kind: type[Different] = Different) -> None:
    """`expected`: what is true, then what witnesses of rounding make of it."""
    exact, *rounded = expected
    scale = np.abs(exact).max(initial=0)
    apart = max(np.abs(part - exact).max(initial=0) for part in rounded)
    allowed = TOLERANCE * max(scale, 1e-3) + SLACK * apart
    if kind is Gradients and not allowed <= max(scale, 1e-3):
        KNOWN["gradients of a parameter not judged: noise"] += 1
        return
    KNOWN["gradients of a parameter judged"] += kind is Gradients
    off = np.abs(actual - exact)
    if not (off <= allowed).all():
        worst = np.unravel_index(int(np.argmax(np.where(np.isnan(off), np.inf, off))), off.shape)
        raise kind(
            f"{name}: {actual[worst]} instead of {exact[worst]} at {tuple(map(int, worst))}, {allowed:.2g} is allowed; "
            f"{int((~(off <= allowed)).sum())} of {off.size} values"
        )
