"""`xonet warm`: compile every kernel now, so that no later run has to; for images and CI."""

from __future__ import annotations

import argparse
import os
import pkgutil
import sys
import time
from importlib import import_module
from typing import Any

from xonet.cli import FAILURE, FINE

HELP = "compile all kernels ahead of time, so that no later run has to"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where they are kept."""
    parser.add_argument(
        "--system",
        action="store_true",
        help="keep them in /var/cache/xonet, where every user's runs look first; the default for root",
    )


def run(arguments: argparse.Namespace) -> int:
    """Import every member's kernels, and have the library load them all."""
    from xonet import kernels
    from xonet.bench import native as peak  # noqa: F401  (marks its kernel)
    from xonet.cli._progress import announcer
    from xonet.data.augment import AUGMENTATIONS
    from xonet.engine import native as _  # noqa: F401  (marks its kernels)
    from xonet.kernels import KERNELS, kept
    from xonet.kernels.loading import library
    from xonet.language.families import Family
    from xonet.layers import LAYERS
    from xonet.losses import LOSSES
    from xonet.optimizers import OPTIMIZERS

    began = time.perf_counter()
    for module in pkgutil.iter_modules(kernels.__path__):
        import_module(f"{kernels.__name__}.{module.name}")
    families: tuple[Family[Any], ...] = (LAYERS, LOSSES, OPTIMIZERS, AUGMENTATIONS)
    for family in families:
        for member in family.members.values():
            try:
                family.part(member, "native")
            except ModuleNotFoundError as missing:
                if not str(missing.name).endswith(".native"):
                    raise  # the module is there, and something it needs is not
    folder = kept.SYSTEM if arguments.system or _is_root() else kept.folders()[-1]
    if reason := kept.not_kept(folder):
        print(f"xonet: {reason}", file=sys.stderr)
        return FAILURE
    library().folder = folder
    library().addresses(KERNELS, announcer())
    print(f"{len(KERNELS)} kernels are ready in {folder} ({time.perf_counter() - began:.1f} s)")
    return FINE


def _is_root() -> bool:
    """Whether this is the administrator's, and no folder was chosen: then it is for everybody."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and "XONET_CACHE_DIR" not in os.environ
