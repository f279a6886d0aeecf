"""xonet: a convolutional network as a page of YAML, checked before it runs, trained fast on a plain CPU."""

from __future__ import annotations

from importlib import import_module

from xonet.version import __version__

TYPE_CHECKING = False  # of `typing`, whose import takes longer than all else that happens before Ctrl-C is heard
if TYPE_CHECKING:
    from typing import Any

    from xonet.diagnostics import InvalidNetwork
    from xonet.model import Model
    from xonet.network import Network, load, loads

__all__ = ["InvalidNetwork", "Model", "Network", "__version__", "load", "loads"]

_HOMES = {
    "InvalidNetwork": "xonet.diagnostics",
    "Model": "xonet.model",
    "Network": "xonet.network",
    "load": "xonet.network",
    "loads": "xonet.network",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `xonet --help` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
