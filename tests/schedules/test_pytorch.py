"""Every schedule has PyTorch's learning rate at every step, the first and the last as well."""

from __future__ import annotations

import pytest

from tests.schedules.contract import rates

torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
schedules = torch.optim.lr_scheduler

CASES = [
    ("constant", {}, lambda optimizer, epochs, steps: schedules.ConstantLR(optimizer, 1)),
    ("cosine", {}, lambda optimizer, epochs, steps: schedules.CosineAnnealingLR(optimizer, epochs * steps)),
    ("cosine", {"final": 0.1}, lambda optimizer, epochs, steps: schedules.CosineAnnealingLR(
        optimizer, epochs * steps, eta_min=0.1)),
    ("step", {"every": 2, "factor": 0.5}, lambda optimizer, epochs, steps: schedules.StepLR(
        optimizer, 2 * steps, gamma=0.5)),
    ("constant", {"warmup_epochs": 1}, lambda optimizer, epochs, steps: schedules.LinearLR(
        optimizer, 1 / steps, total_iters=steps - 1)),
    ("cosine", {"warmup_epochs": 1}, lambda optimizer, epochs, steps: schedules.ChainedScheduler([
        schedules.LinearLR(optimizer, 1 / steps, total_iters=steps - 1),
        schedules.CosineAnnealingLR(optimizer, epochs * steps)])),
    ("step", {"every": 1, "factor": 0.5, "warmup_epochs": 2}, lambda optimizer, epochs, steps:
        schedules.ChainedScheduler([
            schedules.LinearLR(optimizer, 0.5 / steps, total_iters=2 * steps - 1),
            schedules.StepLR(optimizer, steps, gamma=0.5)])),
    ("one_cycle", {}, lambda optimizer, epochs, steps: schedules.OneCycleLR(
        optimizer, 1, epochs=epochs, steps_per_epoch=steps, cycle_momentum=False)),
    ("one_cycle", {"peak": 0.45, "start_divisor": 10, "final_divisor": 7},
     lambda optimizer, epochs, steps: schedules.OneCycleLR(
         optimizer, 1, epochs=epochs, steps_per_epoch=steps, cycle_momentum=False,
         pct_start=0.45, div_factor=10, final_div_factor=7)),
]  # fmt: skip


@pytest.mark.parametrize(("word", "knobs", "theirs"), CASES, ids=[f"{word}-{knobs}" for word, knobs, _ in CASES])
@pytest.mark.parametrize(("epochs", "steps"), [(5, 3), (10, 7), (4, 25)])
def test_every_step(word, knobs, theirs, epochs, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1)
    schedule, expected = theirs(optimizer, epochs, steps), []
    for _ in range(epochs * steps):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates(word, knobs, epochs, steps) == pytest.approx(expected, rel=1e-6, abs=1e-9)
