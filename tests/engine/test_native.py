"""The native engine computes what the reference does: every layer in its cases, losses, optimizers, augmentations."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, spread
from tests.members import cases
from xonet.data.augment import AUGMENTATIONS
from xonet.engine import runner
from xonet.engine.assembly import Feed, training
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Plan, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.engine.storage import layout
from xonet.kernels import winograd
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._graph import Trace, Value
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.program import rows
from xonet.program.alignment import aligned

TOLERANCE = 1e-5
SQUARED = LOSSES.make("squared_error")


def traced(layers, shape):
    trace = Trace()
    trace.through(layers, Value(Shape(shape)), "layers")
    return trace.operations


def plans(operations, seed=0):
    """The same plan twice, float32 for the native engine and float64 for the reference, with random parameters."""
    places = layout(operations)
    flat = aligned(places.total)
    rng = np.random.default_rng(seed)
    for name, view in places.views(flat).items():
        drawn = rng.normal(size=view.shape) * 0.5
        view[...] = drawn if places.places[name].trained else np.abs(drawn) + 0.5
    factors, offsets = np.ones(1, np.float32), np.zeros(1, np.float32)
    return (Plan(operations, places, kind, factors, offsets) for kind in (flat, flat.astype(np.float64)))


def close(actual, expected, tolerance=TOLERANCE):
    scale = max(1e-3, np.abs(expected).max(initial=0))
    assert np.isfinite(actual).all()
    assert np.abs(actual - expected).max(initial=0) <= tolerance * scale


def compare(operations, pictures, threads=2, augment=(), loss=SQUARED):
    fast, slow = plans(operations)
    native, reference = NativeEngine(fast, threads), ReferenceEngine(slow)
    shape = operations[0].inputs[0].shape
    x = spread(np.random.default_rng(3), (pictures, *shape)).astype(np.float32)
    close(native.scores(x), reference.scores(x))
    targets = np.random.default_rng(4).normal(size=(pictures, fast.outputs)).astype(np.float32)
    recipe = Recipe(loss, pictures, seed=5, augment=augment)
    mine, gradient = native.gradient(recipe, x, targets, step=6)
    wanted, expected = reference.gradient(recipe, x, targets, step=6)
    close(mine, wanted)
    close(gradient, expected)


@pytest.mark.parametrize(
    ("word", "knobs", "shape"), [case for case in cases(LAYERS) if not isinstance(case.values[2], list)]
)
@pytest.mark.parametrize("pictures", [1, 3, 16, 17, 40])
def test_every_layer(word, knobs, shape, pictures):
    layer = make(word, knobs)
    if len(shape) == 3:
        # a layer with weights before it, so that the gradient of its input is looked at, too
        before = [make("conv2d", {"features": shape[-1], "kernel_size": 1})]
    else:
        before = [make("dense", {"units": shape[0]})]
    compare(traced([*before, layer], shape), pictures)


# 3 × 3 convolutions whose tiles fit the picture, overhang it below, at the right, or both; in odd numbers too
TILED = [
    ((8, 8, 16), {"features": 16, "padding": "same"}),
    ((9, 7, 16), {"features": 24, "padding": "same", "bias": False}),
    ((10, 6, 16), {"features": 17}),
    ((4, 4, 32), {"features": 33, "padding": 2, "reduce": "mean"}),
    ((6, 13, 48), {"features": 16, "padding": [[1, 0], [2, 1]]}),
    ((5, 12, 16), {"features": 64, "padding": [[0, 1], [0, 0]]}),
]


@pytest.mark.parametrize(("shape", "knobs"), TILED, ids=str)
@pytest.mark.parametrize("pictures", [3, 35])
def test_convolutions_with_fewer_products(shape, knobs, pictures):
    before = make("conv2d", {"features": shape[-1], "kernel_size": 1})
    layers = [before, make("conv2d", {"kernel_size": 3, **knobs}), make("relu", {}), make("batch_norm", {})]
    operations = traced(layers, shape)
    program = training(operations, layout(operations), Feed(), Recipe(SQUARED, 48))
    assert {winograd.forward, winograd.gradient_of_weights} <= {row.kernel for row in program.rows}
    compare(operations, pictures)


def test_a_folded_norm_with_fewer_products():
    conv = {"features": 16, "kernel_size": 3, "padding": 1}
    compare(
        traced([make("conv2d", conv), make("conv2d", conv), make("batch_norm", {}), make("relu", {})], (8, 7, 3)), 20
    )


SPREAD = {"conv2d": {"features": 1, "kernel_size": 1}}
TO_ONE = {"dense": {"units": 1}}
JOINS = [
    {"residual": {"layers": [{"conv2d": {"features": 3, "kernel_size": 3, "padding": "same"}}, "relu"]}},
    {"residual": {"layers": ["relu"], "shortcut": ["tanh"]}},
    {"branches": {"paths": [["relu"], [], [{"conv2d": {"features": 2, "kernel_size": 1}}]]}},
    {"branches": {"paths": [["relu"], [], ["tanh"]], "merge": "add"}},
    {"branches": {"paths": [["relu"], ["tanh"], []], "merge": "mean"}},
    {"branches": {"paths": [["flatten"], ["flatten", {"dense": {"units": 4}}]]}},
    {"branches": {"paths": [["relu"], ["tanh"], ["sigmoid"]], "merge": "multiply"}},
    {"branches": {"paths": [["global_avg_pool2d"], ["tanh"]], "merge": "multiply"}},
    {
        "branches": {
            "paths": [["tanh"], ["global_avg_pool2d"], [SPREAD], ["global_max_pool2d", TO_ONE]],
            "merge": "multiply",
        }
    },
    {"branches": {"paths": [[SPREAD], ["global_avg_pool2d", {"dense": {"units": 20}}]], "merge": "multiply"}},
    {"branches": {"paths": [["flatten", TO_ONE], ["flatten", {"dense": {"units": 4}}]], "merge": "multiply"}},
    {"branches": {"paths": [["flatten"], ["flatten", "relu"]], "merge": "multiply"}},
    {"squeeze_excite": {"units": 3}},
    {"squeeze_excite": {"ratio": 64, "activation": "silu", "gate": "hard_sigmoid", "trainable": False}},
    {"branches": {"paths": [["relu"], ["tanh"]], "merge": "max"}},
    {"branches": {"paths": [["relu"], [], ["tanh"], []], "merge": "max"}},
    {"branches": {"paths": [[], []], "merge": "max"}},
    {"branches": {"paths": [["batch_norm"], [{"dropout": {"rate": 0.5}}]], "merge": "add"}},
    {"repeat": {"times": 2, "layers": [{"residual": {"layers": ["batch_norm", "relu"]}}]}},
]


@pytest.mark.parametrize("layer", JOINS, ids=str)
@pytest.mark.parametrize("pictures", [3, 35])
def test_every_join(layer, pictures):
    layers = [make("conv2d", {"features": 3, "kernel_size": 2}), LAYERS.make(layer), make("dense", {"units": 2})]
    compare(traced(layers, (5, 4, 2)), pictures)


CONV = {"conv2d": {"features": 3, "kernel_size": 2}}
POOL = {"max_pool2d": {"window": 2}}
LARGER = {"conv_transpose2d": {"features": 3, "kernel_size": 3, "stride": 2}}
# stacks in which a relu may be done in passing by a neighbour, and some in which it must not be
RELUS = [
    [CONV, "relu", POOL, CONV],
    [CONV, "relu", {"max_pool2d": {"window": 3, "stride": 2, "ceil": True}}, CONV],
    [CONV, "relu", {"max_pool2d": {"window": 2, "stride": 3}}],
    [CONV, "relu", CONV, "relu"],
    ["relu", CONV],
    [LARGER, "relu", POOL, LARGER, "batch_norm", "relu", {"conv_transpose2d": {"features": 1, "kernel_size": 2}}],
    [CONV, "batch_norm", "relu", {"dense": {"units": 3}}, "relu"],
    [CONV, "relu", "flatten", {"dense": {"units": 3}}],
    [CONV, "tanh", "relu", POOL],
    [CONV, "relu", {"dropout": {"rate": 0.5}}, {"residual": {"layers": ["sigmoid"]}}],
    [CONV, "relu", {"gaussian_noise": {"stddev": 0.1}}, CONV],
    [CONV, "relu", {"spatial_dropout": {"rate": 0.5}}, {"residual": {"layers": [{"stochastic_depth": {"rate": 0.5}}]}}],
    [CONV, "relu", {"branches": {"paths": [[], ["relu"]], "merge": "multiply"}}, "relu", {"squeeze_excite": {}}],
    [CONV, {"residual": {"layers": ["batch_norm", "relu"], "shortcut": ["relu"]}}, "relu"],
    [CONV, {"residual": {"layers": [{"conv2d": {"features": 3, "kernel_size": 1}}]}}, "relu", POOL],
    [CONV, "relu", {"residual": {"layers": [{"conv2d": {"features": 3, "kernel_size": 1}}]}}, "relu", CONV],
    [CONV, {"branches": {"paths": [["relu", POOL], [POOL]]}}, "relu"],
]


@pytest.mark.parametrize("layers", RELUS, ids=str)
@pytest.mark.parametrize("pictures", [3, 35])
def test_relus_beside_every_kind_of_neighbour(layers, pictures):
    compare(traced([LAYERS.make(layer) for layer in layers], (8, 9, 2)), pictures)


WIDE = {"conv2d": {"features": 17, "kernel_size": 1, "bias": False}}
DEEP = {"depthwise_conv2d": {"kernel_size": 3, "padding": 1, "bias": False}}
SKIPS = {"depthwise_conv2d": {"kernel_size": [2, 5], "padding": [0, 2], "stride": [1, 2]}}
WIDER = {"conv2d": {"features": 40, "kernel_size": 1}}
WIDEST = {"conv2d": {"features": 72, "kernel_size": 1, "bias": False}}
FROZEN = {"trainable": False}
# stacks in which a batch_norm works on pixels while its neighbours read and write them, and some in which it must not
NORMS = [
    [WIDE, "batch_norm", "relu", DEEP, "batch_norm", "relu", WIDE],
    [WIDE, "batch_norm", DEEP, "batch_norm", "relu", WIDE, "batch_norm"],
    [DEEP, "batch_norm", SKIPS, "batch_norm", "relu", WIDE],
    [DEEP, "relu", "batch_norm", WIDE, "batch_norm", "relu", {"max_pool2d": {"window": 2}}],
    [WIDE, "batch_norm", {"residual": {"layers": [DEEP, "batch_norm", "relu", DEEP, "batch_norm"]}}, "relu", WIDE],
    [WIDE, {"residual": {"layers": ["batch_norm", "relu", WIDE]}}, "batch_norm", "relu", WIDE],
    [WIDE, "batch_norm", {"branches": {"paths": [["relu", WIDE], [DEEP]]}}, "relu"],
    [{"conv2d": WIDE["conv2d"] | FROZEN}, {"batch_norm": FROZEN}, "relu", DEEP, {"batch_norm": FROZEN}, "relu", WIDE],
    [WIDE, "batch_norm", "relu", {"dropout": {"rate": 0.5}}, DEEP],
    # more than one stretch of pixels
    [WIDER, "batch_norm", WIDEST, "batch_norm", "relu", DEEP, "batch_norm", WIDER, "batch_norm", WIDER],
    [WIDER, "relu", WIDEST, WIDER, "batch_norm", DEEP, WIDE],
]


@pytest.mark.parametrize("layers", NORMS, ids=str)
@pytest.mark.parametrize("pictures", [3, 35])
def test_batch_norm_beside_every_kind_of_neighbour(layers, pictures):
    compare(traced([LAYERS.make(layer) for layer in layers], (6, 9, 17)), pictures)


@pytest.mark.parametrize("left_out", [["scale"], ["shift"], ["scale", "shift"]])
@pytest.mark.parametrize(
    "layers", [*NORMS[:2], *NORMS[3:5], [CONV, "batch_norm", "relu"], ["batch_norm", WIDE]], ids=str
)
def test_batch_norm_without_scale_or_shift_beside_them(layers, left_out):
    plain = {"batch_norm": dict.fromkeys(left_out, False)}
    layers = [plain if layer == "batch_norm" else layer for layer in layers]
    compare(traced([LAYERS.make(layer) for layer in layers], (6, 9, 17)), 19)


@pytest.mark.parametrize("pictures", [3, 35])
@pytest.mark.parametrize("norm", ["layer_norm", "rms_norm", {"group_norm": {"groups": 3}}, "instance_norm"], ids=str)
def test_a_relu_behind_a_norm_of_each_picture(norm, pictures):
    layers = [{"conv2d": {"features": 18, "kernel_size": 2}}, norm, "relu", CONV]
    compare(traced([LAYERS.make(layer) for layer in layers], (5, 6, 2)), pictures)


@pytest.mark.parametrize("word", LOSSES.members)
def test_every_loss(word):
    compare(traced([make("dense", {"units": 5})], (7,)), 21, loss=LOSSES.make(word))


def test_a_gradient_is_that_of_the_first_step_where_none_is_given():
    fast, slow = plans(traced([make("dropout", {"rate": 0.5}), make("dense", {"units": 5})], (7,)))
    x, targets = spread(np.random.default_rng(3), (21, 7)).astype(np.float32), np.zeros((21, 5), np.float32)
    for mine, expected in zip(
        NativeEngine(fast).gradient(Recipe(SQUARED, 21), x, targets),
        ReferenceEngine(slow).gradient(Recipe(SQUARED, 21), x, targets, step=0),
        strict=True,
    ):
        close(mine, expected)


def test_label_smoothing_of_classes():
    operations = traced([make("dense", {"units": 5})], (7,))
    fast, slow = plans(operations)
    x = spread(np.random.default_rng(3), (21, 7)).astype(np.float32)
    recipe = Recipe(LOSSES.make({"cross_entropy": {"label_smoothing": 0.1}}), 21)
    targets = np.arange(21) % 5
    for mine, expected in zip(
        NativeEngine(fast).gradient(recipe, x, targets), ReferenceEngine(slow).gradient(recipe, x, targets), strict=True
    ):
        close(mine, expected)


@pytest.mark.parametrize(("word", "knobs"), cases(AUGMENTATIONS))
@pytest.mark.parametrize("shape", [(6, 5, 2), (1, 7, 1)], ids=str)
def test_every_augmentation(word, knobs, shape):
    augmentation = AUGMENTATIONS.make({word: knobs})
    compare(traced([make("flatten", {}), make("dense", {"units": 2})], shape), 35, augment=(augmentation,))


def test_augmentations_one_after_another_draw_numbers_of_their_own():
    every = [AUGMENTATIONS.make({word: knobs}) for word, knobs in (case.values for case in cases(AUGMENTATIONS))]
    compare(traced([make("flatten", {}), make("dense", {"units": 2})], (6, 5, 2)), 35, augment=(*every, *every))


def train(engine, recipe, state, pictures, targets, steps):
    order = np.random.default_rng(8).permutation(len(pictures))
    rates = np.linspace(0.02, 0.01, steps).astype(np.float32)
    return engine.train(recipe, state, Epoch(pictures, targets, order, rates, 0))


# no bias before batch_norm: its true gradient is 0, and adam would follow the rounding errors' signs
SMALL = [
    {"conv2d": {"features": 4, "kernel_size": 3, "bias": False}}, "batch_norm", "relu", {"max_pool2d": {"window": 2}},
    {"dropout": {"rate": 0.2}}, {"dense": {"units": 3}},
]  # fmt: skip


@pytest.mark.parametrize(("word", "knobs"), [case.values[:2] for case in cases(OPTIMIZERS)], ids=str)
def test_training_takes_the_same_way(word, knobs):
    operations = traced([LAYERS.make(layer) for layer in SMALL], (6, 7, 1))
    fast, slow = plans(operations)
    maker = OPTIMIZERS.make({word: {"learning_rate": 1, **knobs}})
    recipe = Recipe(LOSSES.make("cross_entropy"), 20, seed=9, optimizer=maker)
    pictures = np.random.default_rng(6).normal(size=(70, 6, 7, 1)).astype(np.float32)
    targets = np.arange(70) % 3
    results = []
    for plan, engine in ((fast, NativeEngine(fast, 2)), (slow, ReferenceEngine(slow))):
        state = State.new(maker, plan.places)
        scores, broken = train(engine, recipe, state, pictures, targets, 4)
        assert broken == -1
        results.append((scores, plan.flat))
    for mine, expected in zip(*results, strict=True):
        close(mine, expected, 1e-4)


EVERYTHING = [
    {"conv2d": {"features": 6, "kernel_size": 3, "padding": 1, "groups": 1, "dilation": 2}},
    {"branches": {"paths": [["tanh"], [{"avg_pool2d": {"window": 3, "stride": 1, "padding": 1}}]], "merge": "concat"}},
    {"depthwise_conv2d": {"kernel_size": 3, "padding": "same"}},
    {"conv2d": {"features": 32, "kernel_size": 3, "padding": "same"}},
    "batch_norm",
    {
        "residual": {
            "layers": [{"conv2d": {"features": 32, "kernel_size": 3, "padding": "same", "bias": False}}, "relu6"]
        }
    },
    {"max_pool2d": {"window": 2}},
    {"conv2d": {"features": 20, "kernel_size": 2, "stride": 2, "padding": 1}},
    {"leaky_relu": {"slope": 0.1}},
    {"squeeze_excite": {"units": 3}},
    {"spatial_dropout": {"rate": 0.2}},
    {"residual": {"layers": ["tanh", {"stochastic_depth": {"rate": 0.4}}]}},
    {"gaussian_noise": {"stddev": 0.1}},
    {"branches": {"paths": [["relu"], [], ["tanh"]], "merge": "max"}},
    {"dropout": {"rate": 0.3}},
    {"dense": {"units": 40}},
    "sigmoid",
    {"dense": {"units": 3}},
]
NARROW = [{"conv2d": {"features": 16, "kernel_size": 1}}, "batch_norm", "relu", DEEP, "batch_norm", "relu", *SMALL]


@pytest.mark.parametrize(
    "layers",
    [SMALL, NARROW, [layer for layer in SMALL if layer != "batch_norm"], EVERYTHING],
    ids=["across", "in passing", "plain", "everything"],
)
@pytest.mark.parametrize("batch", [5, 40, 150])
def test_the_same_bits_on_any_number_of_threads(layers, batch, monkeypatch):
    monkeypatch.setattr(runner, "AT_ONCE", 0)
    monkeypatch.setattr(rows, "WORTH_SHARING", 1)
    operations = traced([LAYERS.make(layer) for layer in layers], (6, 7, 1))
    optimizer = OPTIMIZERS.make({"adam": {"learning_rate": 1}})
    count = 2 * batch + batch // 2
    recipe = Recipe(LOSSES.make("cross_entropy"), batch, seed=9, optimizer=optimizer)
    pictures = np.random.default_rng(6).normal(size=(count, 6, 7, 1)).astype(np.float32)
    targets = np.arange(count) % 3
    found = []
    for threads in (1, 2, 3, 5, 16, 64):
        plan, _ = plans(operations)
        engine = NativeEngine(plan, threads)
        train(engine, recipe, State.new(optimizer, plan.places), pictures, targets, 3)
        found.append(plan.flat.tobytes() + engine.scores(pictures[:33]).tobytes())
    assert len(set(found)) == 1


BATCHES = [(16, 1), (16, 2), (40, 1), (40, 2), (80, 3)]


@pytest.mark.parametrize("engine", [NativeEngine, ReferenceEngine])
@pytest.mark.parametrize(("batch", "threads"), BATCHES)
@pytest.mark.parametrize("picture", [0, 15, 16, 47, 95])
@pytest.mark.parametrize("output", [0, 2])
def test_a_score_that_is_not_finite_ends_training_in_its_step(engine, batch, threads, picture, output, monkeypatch):
    monkeypatch.setattr(runner, "AT_ONCE", 0)
    plan, _ = plans(traced([make("dense", {"units": 3, "bias": False})], (1,)))
    plan.flat[...] = 0
    plan.places.views(plan.flat)["layers.0.weights"][output] = 1e30
    pictures = np.ones((96, 1), np.float32)
    pictures[picture] = 1e30
    optimizer = OPTIMIZERS.make({"sgd": {"learning_rate": 0.1}})
    recipe, state = Recipe(LOSSES.make("cross_entropy"), batch, optimizer=optimizer), State.new(optimizer, plan.places)
    steps, targets = -(-96 // batch), np.zeros(96, np.int64)
    own = engine(plan, threads) if engine is NativeEngine else engine(plan)
    epoch = Epoch(pictures, targets, np.arange(96), np.zeros(steps, np.float32), 10)
    scores, broken = own.train(recipe, state, epoch)
    assert broken == 10 + picture // batch
    assert not scores[(picture // batch + 1) * batch :].any()
    plan.flat[...] = 0
    state.vectors["velocity"][...] = 0
    epoch = Epoch(np.ones((96, 1), np.float32), targets, np.arange(96), np.zeros(steps, np.float32), 10)
    assert own.train(recipe, state, epoch)[1] == -1
