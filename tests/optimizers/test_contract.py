"""Every optimizer takes the steps that PyTorch's takes.

`tests/optimizers/test_<word>.py` has `CASES`, a list of (knobs, name in torch.optim, its options), at a learning rate
of 0.1. Where PyTorch has none, the name is None, and the test has the formula: `naive`, see `naive_trajectory`.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.members import cases, has_tests, own_tests
from tests.optimizers.contract import naive_trajectory, trajectory
from xonet.optimizers import OPTIMIZERS

EVERY_CASE = pytest.mark.parametrize(("word", "knobs", "name", "options"), cases(OPTIMIZERS))


@pytest.mark.parametrize("word", OPTIMIZERS.members)
def test_has_cases(word):
    assert has_tests(OPTIMIZERS, word) and own_tests(OPTIMIZERS, word).CASES


@EVERY_CASE
@pytest.mark.parametrize("shape", [(4,), (3, 5), (5, 2, 1, 2)], ids=str)
def test_is_torchs_or_the_formula(word, knobs, name, options, shape):
    start = np.random.default_rng(1).uniform(-0.2, 1.5, shape)
    ours, _ = trajectory(word, knobs, start, 10)
    if name is None:
        theirs = naive_trajectory(own_tests(OPTIMIZERS, word).naive, word, knobs, start, 10)
    else:
        theirs = torchs_trajectory(name, options, start, 10)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def torchs_trajectory(name, options, start, steps):
    """The same steps by PyTorch."""
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    theirs = torch.nn.Parameter(torch.tensor(start))
    optimizer = getattr(torch.optim, name)([theirs], lr=0.1, **options)
    for number in range(1, steps + 1):
        optimizer.param_groups[0]["lr"] = 0.1 / number
        optimizer.zero_grad()
        ((theirs - 1) ** 4).sum().backward()
        optimizer.step()
    return theirs.detach().numpy()


@EVERY_CASE
def test_keeps_the_float_type(word, knobs, name, options):
    parameters, state = trajectory(word, knobs, np.zeros(3, np.float32), 2)
    assert {array.dtype for array in (parameters, *state.values())} == {np.dtype(np.float32)}
