"""LeNet-5 as a careful user of PyTorch writes it, without xonet: a process of its own, to be timed and weighed.

    python tests/benchmarks/alone.py mnist FOLDER     what networks/mnist_fast.yaml does; prints {"accuracy": ...}
    python tests/benchmarks/alone.py noise STEPS      random pictures; prints {"bytes": the peak of the process}

Data are in memory as tensors, pictures are normalized once, a batch and its shifts are picked by one index, and the
optimizer is fused. Channels lie first: for this network that is as fast as last.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

EPOCHS, BATCH, RATE = 4, 64, 0.05
MEAN, STD = 0.1307, 0.3081


def lenet() -> nn.Module:
    """Its layers."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def read(folder: Path, part: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Normalized pictures (n, 28, 28) and classes of one part of MNIST."""
    raw = (folder / f"{part}-images-idx3-ubyte").read_bytes(), (folder / f"{part}-labels-idx1-ubyte").read_bytes()
    pictures = torch.frombuffer(bytearray(raw[0]), dtype=torch.uint8, offset=16).view(-1, 28, 28)
    classes = torch.frombuffer(bytearray(raw[1]), dtype=torch.uint8, offset=8).long()
    return (pictures / 255 - MEAN) / STD, classes


def mnist(folder: Path) -> float:
    """Train as networks/mnist_fast.yaml says, and give the test accuracy.

    Each picture moves by up to a pixel, its edge repeated, drawn anew every time.
    """
    torch.manual_seed(0)
    pictures, classes = read(folder, "train")
    shifted = F.pad(pictures[:, None], (1, 1, 1, 1), mode="replicate")[:, 0].unfold(1, 28, 1).unfold(2, 28, 1)
    model = lenet()
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9, fused=True)
    steps = -(-len(pictures) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, EPOCHS * steps, cycle_momentum=False)
    for _ in range(EPOCHS):
        moves = torch.randint(3, (2, len(pictures)))
        for chosen in torch.randperm(len(pictures)).split(BATCH):
            x = shifted[chosen, moves[0, chosen], moves[1, chosen]]
            step(model, optimizer, x[:, None], classes[chosen])
            schedule.step()
    pictures, classes = read(folder, "t10k")
    with torch.inference_mode():
        scores = torch.cat([model(part) for part in pictures[:, None].split(1000)])
    return float((scores.argmax(1) == classes).float().mean())


def step(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, classes: torch.Tensor) -> None:
    """One step."""
    optimizer.zero_grad()
    F.cross_entropy(model(x), classes).backward()
    optimizer.step()


def noise(steps: int) -> int:
    """Steps on random pictures, and how many bytes the process has had at most."""
    model = lenet()
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9, fused=True)
    x, classes = torch.randn(BATCH, 1, 28, 28), torch.arange(BATCH) % 10
    for _ in range(steps):
        step(model, optimizer, x, classes)
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return 1024 * int(found[1]) if found else 0


if __name__ == "__main__":
    what, how = sys.argv[1:]
    print(json.dumps({"accuracy": mnist(Path(how))} if what == "mnist" else {"bytes": noise(int(how))}))
