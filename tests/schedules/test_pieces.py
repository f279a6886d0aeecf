"""`pieces`: its cases, and what its points mean."""

from __future__ import annotations

import numpy as np
import pytest

from tests.schedules.contract import lambdas, rates

LINES = {0: 1, 2: 1, 4: 0.01}
TRIANGLE = {0: 0.1, 1.5: 1, 3: 0.2}
CONSTANT = {0: 1, 2: 0.5, 3: 0.01}


def lines(points):
    """`numpy.interp` in LambdaLR."""
    return lambda torch, optimizer, epochs, steps: lambdas(
        torch, optimizer, lambda step: np.interp(step / steps, list(points), list(points.values()))
    )


CASES = [
    ({"points": LINES}, lines(LINES)),
    ({"points": TRIANGLE, "between": "linear"}, lines(TRIANGLE)),
    (
        {"points": CONSTANT, "between": "constant"},
        lambda torch, optimizer, epochs, steps: lambdas(
            torch, optimizer, lambda step: [1, 1, 0.5, 0.01][min(step // steps, 3)]
        ),
    ),
]


def test_cyclic_lr_is_its_triangle():
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1)
    schedule = torch.optim.lr_scheduler.CyclicLR(optimizer, 0.1, 1, step_size_up=10, cycle_momentum=False)
    expected = []
    for _ in range(40):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    points = {0: 0.1, 1: 1, 2: 0.1, 3: 1, 4: 0.1}
    assert rates("pieces", {"points": points}, 4, 10) == pytest.approx(expected, rel=1e-6)


def test_the_points_are_learning_rates():
    found = rates("pieces", {"points": {0: 0.1, 10: 0.1, 30: 0.001}}, 40, 2, learning_rate=5.0)
    assert found[:21] == [0.1] * 21 and found[40] == pytest.approx(0.0505) and found[60:] == [0.001] * 20


def test_constant_before_the_first_and_written_in_any_order():
    points = {"3": 0.1, "1.5": 0.2}
    assert rates("pieces", {"points": points, "between": "constant"}, 4, 2) == [0.2] * 6 + [0.1] * 2
    assert rates("pieces", {"points": points}, 4, 2) == pytest.approx([0.2] * 4 + [1 / 6, 0.4 / 3] + [0.1] * 2)
