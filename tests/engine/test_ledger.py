"""Programs that are broken on purpose: each is found, at the row that does it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.test_native import JOINS, SMALL, SQUARED, plans, traced
from tests.layers.contract import make
from xonet.engine import memory
from xonet.engine.assembly import Feed, groups_of, inference, training
from xonet.engine.interpreted import verify
from xonet.engine.plan import Recipe, State
from xonet.interpreter import Misuse
from xonet.kernels import Kernel, load, sliding, splat, store, store_scalar
from xonet.kernels.registers import Phase
from xonet.layers import LAYERS, _packing, _sliding
from xonet.layers._site import Site
from xonet.optimizers import OPTIMIZERS
from xonet.program import rows
from xonet.program.rows import Program, Ref

DENSE = [{"dense": {"units": 20}}, "tanh", {"dense": {"units": 3}}]
CONVS = [
    {"conv2d": {"features": 4, "kernel_size": 2}},
    "tanh",
    {"conv2d": {"features": 5, "kernel_size": 2}},
    {"dense": {"units": 2}},
]
WIDE = [{"conv2d": {"features": 17, "kernel_size": 1}}, {"conv2d": {"features": 2, "kernel_size": 2}}]
FOLDED = [{"conv2d": {"features": 3, "kernel_size": 2}}, "batch_norm", {"dense": {"units": 2}}]
LEAKY = [{"conv2d": {"features": 2, "kernel_size": 2}}, {"leaky_relu": {"slope": 0.1}}, {"dense": {"units": 2}}]
SUM = [{"conv2d": {"features": 3, "kernel_size": 2}}, JOINS[0], {"dense": {"units": 2}}]


@pytest.fixture(autouse=True)
def shared_work(monkeypatch):
    monkeypatch.setattr(rows, "WORTH_SHARING", 1)


def check(layers, shape, workers, trains=True, count=3):
    """Verify a network's program; two steps."""
    operations = traced([LAYERS.make(layer) for layer in layers], shape)
    plan = next(plans(operations))
    feed, optimizer = Feed(classes=False), OPTIMIZERS.make({"adam": {"learning_rate": 0.1}})
    if trains:
        recipe = Recipe(SQUARED, count, seed=1, optimizer=optimizer)
        program = training(operations, plan.places, feed, recipe, workers=workers)
    else:
        program = inference(operations, plan.places, feed, groups_of(count), workers=workers)
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2 * count, *shape)).astype(np.float32)
    targets = generator.normal(size=(2 * count, plan.outputs)).astype(np.float32)
    verify(program, plan, x, targets, State.new(optimizer, plan.places).memory)


NETWORKS = {
    "dense": (DENSE, (7,)),
    "convolutions": (CONVS, (5, 4, 2)),
    "wide": (WIDE, (3, 4, 2)),
    "folded": (FOLDED, (5, 4, 1)),
    "leaky": (LEAKY, (5, 4, 1)),
    "sum": (SUM, (5, 4, 2)),
    "small": (SMALL, (6, 5, 1)),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_nothing_is_found_as_it_is(name, workers):
    check(*NETWORKS[name], workers)
    check(*NETWORKS[name], workers, trains=False)


def found(name, workers, trains=True, count=3):
    """What is found."""
    with pytest.raises(Misuse) as caught:
        check(*NETWORKS[name], workers, trains, count)
    return str(caught.value)


def test_a_part_that_begins_too_early(monkeypatch):
    plus = Ref.plus
    monkeypatch.setattr(Ref, "plus", lambda self, values: plus(self, max(0, values - 16)))
    assert "tanh.forward reads byte" in (said := found("dense", 2)) and "another part of the same stage" in said


def test_a_part_that_ends_too_late(monkeypatch):
    def by_value(self, kernel, places, shares, *more, in_place=None):
        return [[self.row(kernel, (*places, shares[-1].stop + 1, *more))]]

    monkeypatch.setattr(Program, "by_value", by_value)
    said = found("sum", 1)
    assert said == "xonet.layers.relu.forward reads 64 bytes of `x` from byte 2304 on, of 2304 (values)"


def test_what_is_needed_later_is_written_over(monkeypatch):
    forward = Site.forward
    monkeypatch.setattr(Site, "forward", lambda self, *row, in_place=None: forward(self, *row, in_place=(0, 1)))

    def join(source, target, number):
        target.under = source  # without looking who reads the source afterwards

    monkeypatch.setattr(memory, "_join", join)
    assert "`x` (values), where another value lies by now" in found("leaky", 1)


def test_values_that_live_at_a_time_share_a_place(monkeypatch):
    placed = memory._placed

    def short_lived(life, others):
        life.last = life.first
        return placed(life, others)

    monkeypatch.setattr(memory, "_placed", short_lived)
    assert "where another value lies by now" in found("convolutions", 1)
    assert "where another value lies by now" in found("convolutions", 2)


def test_a_preparing_row_that_reads_anothers_work(monkeypatch):
    monkeypatch.setattr(_packing.Site, "prepare_first", Site.prepare)
    check(*NETWORKS["dense"], 1, trains=False)
    said = found("folded", 1, trains=False)
    assert said == (
        "xonet.kernels.sliding.pack_with_factors reads byte 0 of `factors` (shared), "
        "which another part of the same stage writes"
    )


def test_parts_that_add_to_one_gradient(monkeypatch):
    monkeypatch.setattr(_sliding, "_cut", lambda site, terms, places, macs: [terms[:2], terms[1:]])
    assert "gradient_of_weights reads byte" in (said := found("convolutions", 2)) and "(gradients)" in said


def test_workspace_that_another_worker_wrote(monkeypatch):
    monkeypatch.setattr(Site, "handed_on", lambda self, count: self.program.take_scratch(count))
    check(*NETWORKS["wide"], 1)
    assert "gradient_of_wide_weights reads byte 0 of `transposed` (scratch), which nobody has written" in found(
        "wide", 2
    )


def test_workspace_that_is_too_small(monkeypatch):
    monkeypatch.setattr(Site, "handed_on", lambda self, count: self.program.take_scratch(count - 16))
    assert "gradient_of_wide_weights reads 4 bytes of `transposed`" in found("wide", 1)


def test_statistics_of_another_group(monkeypatch):
    monkeypatch.setattr(Site, "group", 0)
    check(*NETWORKS["small"], 1)
    assert "normalization.measure writes to byte" in found("small", 1, count=20)


def test_tables_are_only_read(monkeypatch):
    row = Program.row

    def swapped(self, kernel, arguments):
        if kernel is sliding.pack:
            w, _, places, *rest = arguments
            arguments = (w, places, places, *rest)
        return row(self, kernel, arguments)

    monkeypatch.setattr(Program, "row", swapped)
    said = found("convolutions", 1)
    assert said.startswith("xonet.kernels.sliding.pack writes to `packed`, which is only to be read (table ")


def test_an_address_of_nothing(monkeypatch):
    row = Program.row
    monkeypatch.setattr(
        Program,
        "row",
        lambda self, kernel, arguments: row(self, kernel, [64 if isinstance(a, np.ndarray) else a for a in arguments]),
    )
    assert "at 0x40, where no array of the program lies" in found("dense", 1)


def by_hand(function):
    """What is found in a program of one row: a kernel from one value of three numbers to another."""
    plan = next(plans(traced([make("dense", {"units": 1})], (3,))))
    program = Program()
    x, y = (program.take_activations(3) for _ in range(2))
    program.add(Phase.GROUPS, [program.row(Kernel(function), (x, y, 3))])
    program.as_taken = program.rows
    with pytest.raises(Misuse) as caught:
        verify(program, plan, np.zeros((1, 3), np.float32))
    return str(caught.value)


def test_a_kernel_that_writes_behind_its_value():
    def forward(x, y, count):
        for i in range(count + 1):
            store(y, i, splat(1.0))

    assert by_hand(forward).endswith("forward writes to 64 bytes of `y` from byte 192 on, of 192 (values)")


def test_a_kernel_that_writes_before_its_value():
    def forward(x, y, count):
        store_scalar(y, -1, 1.0)

    assert by_hand(forward).endswith("forward writes to 4 bytes of `y` from byte -4 on, of 192 (values)")


def test_a_kernel_that_reads_what_nobody_wrote():
    def forward(x, y, count):
        store(x, 0, splat(1.0))
        store(y, 1, load(x, 0) + load(x, 1))

    assert by_hand(forward).endswith("forward reads byte 64 of `x` (values), which nobody has written")


def test_words_mean_nothing_outside_of_kernels():
    with pytest.raises(RuntimeError, match="call a kernel by a machine's `entry`"):
        load(0, 0)
