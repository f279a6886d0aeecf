"""A training step in JAX: the loss, its gradient and the optimizer in one function, to be compiled as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from xonet.bench.peers._peer import Unable
from xonet.bench.peers.jax_twin import Arrays, Twin
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

Loss = Callable[[jax.Array, jax.Array], jax.Array]
"""From (scores, targets) to the mean loss; targets are class numbers for cross_entropy, otherwise values."""


class State(NamedTuple):
    """What a step changes."""

    trained: Arrays
    kept: Arrays
    moments: tuple[Arrays, ...]
    """What the optimizer keeps, each as long as the parameters."""
    count: jax.Array
    """How many steps there have been."""


def first_state(twin: Twin, optimizer: Any) -> State:
    """The state before the first step, in arrays of its own: a step takes its state's memory for the next one."""
    moments = tuple(jax.tree.map(jnp.zeros_like, twin.trained) for _ in optimizer.state)
    trained, kept = jax.tree.map(jnp.copy, (twin.trained, twin.kept))
    return State(trained, kept, moments, jnp.zeros((), jnp.int32))


def loss_there(loss: Any) -> Loss:
    """The same loss.

    Raises:
        Unable: where it has no counterpart.
    """
    word = LOSSES.word(loss)

    def over_outputs(losses: jax.Array) -> jax.Array:
        return jnp.mean(losses) if loss.reduce == "mean" else jnp.sum(losses) / len(losses)

    def cross_entropy(scores: jax.Array, targets: jax.Array) -> jax.Array:
        smooth = loss.label_smoothing
        wanted = jax.nn.one_hot(targets, scores.shape[-1]) * (1 - smooth) + smooth / scores.shape[-1]
        return -jnp.sum(wanted * jax.nn.log_softmax(scores)) / len(scores)

    losses: dict[str, Loss] = {
        "cross_entropy": cross_entropy,
        "squared_error": lambda scores, targets: over_outputs((scores - targets) ** 2),
        "absolute_error": lambda scores, targets: over_outputs(jnp.abs(scores - targets)),
    }
    if word not in losses:
        raise Unable(f"jax cannot train this network: the loss {word} has no counterpart there yet")
    return losses[word]


def step_there(twin: Twin, loss: Any, optimizer: Any, rate: float) -> Callable[..., tuple[State, jax.Array]]:
    """One step: from (state, pictures, targets) to (the state after it, the batch's mean loss).

    Raises:
        Unable: where the optimizer has no counterpart.
    """
    word = OPTIMIZERS.word(optimizer)
    if word not in UPDATES:
        raise Unable(f"jax cannot train this network: {word} has no counterpart there yet")
    mean_loss, update = loss_there(loss), UPDATES[word]

    def whole(trained: Arrays, kept: Arrays, x: jax.Array, targets: jax.Array, key: jax.Array) -> Any:
        scores, kept = twin.forward(trained, kept, x, key)
        return mean_loss(scores, targets), kept

    def step(state: State, x: jax.Array, targets: jax.Array) -> tuple[State, jax.Array]:
        key = jax.random.fold_in(jax.random.key(0), state.count)
        (value, kept), gradient = jax.value_and_grad(whole, has_aux=True)(state.trained, state.kept, x, targets, key)
        count = state.count + 1
        trained: Arrays = {}
        moments: tuple[Arrays, ...] = tuple({} for _ in state.moments)
        for name, array in state.trained.items():
            before = [moment[name] for moment in state.moments]
            trained[name], after = update(optimizer, rate, count, array, gradient[name], *before)
            for moment, new in zip(moments, after, strict=True):
                moment[name] = new
        return State(trained, kept, moments, count), value

    return step


Updated = tuple[jax.Array, tuple[jax.Array, ...]]
"""A parameter after a step, and what the optimizer keeps for it."""


def _sgd(own: Any, rate: float, count: jax.Array, w: jax.Array, g: jax.Array, velocity: jax.Array) -> Updated:
    g = g + own.weight_decay * w
    velocity = own.momentum * velocity + g
    return w - rate * (g + own.momentum * velocity if own.nesterov else velocity), (velocity,)


def _adam(
    own: Any, rate: float, count: jax.Array, w: jax.Array, g: jax.Array, mean: jax.Array, square: jax.Array
) -> Updated:
    return _adamw_without_decay(own, rate, count, w, g + own.weight_decay * w, mean, square)


def _adamw(
    own: Any, rate: float, count: jax.Array, w: jax.Array, g: jax.Array, mean: jax.Array, square: jax.Array
) -> Updated:
    return _adamw_without_decay(own, rate, count, w * (1 - rate * own.weight_decay), g, mean, square)


def _adamw_without_decay(
    own: Any, rate: float, count: jax.Array, w: jax.Array, g: jax.Array, mean: jax.Array, square: jax.Array
) -> Updated:
    mean = own.beta1 * mean + (1 - own.beta1) * g
    square = own.beta2 * square + (1 - own.beta2) * g * g
    length = rate / (1 - own.beta1**count)
    deviation = jnp.sqrt(square / (1 - own.beta2**count)) + own.epsilon
    return w - length * mean / deviation, (mean, square)


UPDATES: dict[str, Callable[..., Updated]] = {"adam": _adam, "adamw": _adamw, "sgd": _sgd}
"""What each does with one parameter: (the optimizer, learning rate, step from 1, w, gradient, what it keeps of it)."""
