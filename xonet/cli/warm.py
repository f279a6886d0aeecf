"""`xonet warm`: compile every kernel now, so that no later run has to; for images and CI."""

from __future__ import annotations

import argparse
import time
from importlib import import_module

from xonet.cli import FINE

HELP = "compile all kernels ahead, so that no later run has to"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """Import every room's kernels, and have the library load them all."""
    from xonet.bench import native as peak  # noqa: F401  (marks its kernel)
    from xonet.cli._progress import announcer
    from xonet.data.augment import AUGMENTATIONS
    from xonet.engine import native as _  # noqa: F401  (marks its kernels)
    from xonet.kernels import KERNELS, loop  # noqa: F401
    from xonet.kernels.loading import cache_folder, library
    from xonet.layers import LAYERS
    from xonet.losses import LOSSES
    from xonet.optimizers import OPTIMIZERS

    began = time.perf_counter()
    for family in (LAYERS, LOSSES, OPTIMIZERS, AUGMENTATIONS):
        for word in family.members:
            try:
                import_module(f"{family.package}.{word}.native")
            except ModuleNotFoundError as missing:
                if not str(missing.name).endswith(".native"):
                    raise  # the room is there, and something it needs is not
    library().addresses(KERNELS, announcer())
    print(f"{len(KERNELS)} kernels are ready in {cache_folder()} ({time.perf_counter() - began:.1f} s)")
    return FINE
