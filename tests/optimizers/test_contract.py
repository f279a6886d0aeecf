"""Every optimizer takes the steps that PyTorch's takes.

`tests/optimizers/test_<word>.py` has `CASES`, a list of (knobs, name in torch.optim, its options), at a learning rate
of 0.1.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.members import cases, has_tests, own_tests
from tests.optimizers.contract import trajectory
from xonet.optimizers import OPTIMIZERS

EVERY_CASE = pytest.mark.parametrize(("word", "knobs", "name", "options"), cases(OPTIMIZERS))


@pytest.mark.parametrize("word", OPTIMIZERS.members)
def test_has_cases(word):
    assert has_tests(OPTIMIZERS, word) and own_tests(OPTIMIZERS, word).CASES


@EVERY_CASE
def test_is_torchs(word, knobs, name, options):
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    start = np.array([0.0, 0.5, 1.5, -0.2])
    theirs = torch.nn.Parameter(torch.tensor(start))
    optimizer = getattr(torch.optim, name)([theirs], lr=0.1, **options)
    for number in range(1, 11):
        optimizer.param_groups[0]["lr"] = 0.1 / number
        optimizer.zero_grad()
        ((theirs - 1) ** 4).sum().backward()
        optimizer.step()
    ours, _ = trajectory(word, knobs, start, 10)
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-10)


@EVERY_CASE
def test_keeps_the_float_type(word, knobs, name, options):
    parameters, state = trajectory(word, knobs, np.zeros(3, np.float32), 2)
    assert {array.dtype for array in (parameters, *state.values())} == {np.dtype(np.float32)}
