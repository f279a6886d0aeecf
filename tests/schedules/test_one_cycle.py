"""`one_cycle`: its cases, and the places that matter."""

from __future__ import annotations

import pytest

from tests.schedules.contract import rates


def theirs(**options):
    """PyTorch's, without the momentum that it changes beside the learning rate."""
    return lambda torch, optimizer, epochs, steps: torch.OneCycleLR(
        optimizer, 1, epochs=epochs, steps_per_epoch=steps, cycle_momentum=False, **options
    )


CASES = [
    ({}, theirs()),
    (
        {"peak": 0.45, "start_divisor": 10, "final_divisor": 7},
        theirs(pct_start=0.45, div_factor=10, final_div_factor=7),
    ),
    (
        {"peak": 0.5, "start_divisor": 10, "final_divisor": 1},
        theirs(pct_start=0.5, div_factor=10, final_div_factor=1),
    ),
    ({"shape": "linear"}, theirs(anneal_strategy="linear")),
    ({"shape": "linear", "peak": 0.45}, theirs(anneal_strategy="linear", pct_start=0.45)),
]


def test_the_first_step_the_highest_and_the_last():
    found = rates("one_cycle", {}, 10, 10)
    assert found[0] == pytest.approx(1 / 25)
    assert found[29] == pytest.approx(1) == max(found)
    assert found[-1] == pytest.approx(1 / 25 / 1e4)


@pytest.mark.parametrize("shape", ["cosine", "linear"])
@pytest.mark.parametrize(("epochs", "steps"), [(1, 1), (1, 2), (2, 1), (5, 2), (10, 1), (0.1, 3), (2.5, 3)])
def test_however_few_steps(epochs, steps, shape):
    found = rates("one_cycle", {"shape": shape}, epochs, steps)
    assert all(0 < rate <= 1 for rate in found) and found[-1] == pytest.approx(1 / 25 / 1e4)
