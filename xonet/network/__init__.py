"""From a file to a checked network, or to everything that is wrong with it."""

from __future__ import annotations

from xonet.network.loading import check, check_text, load, loads
from xonet.network.network import Network

__all__ = ["Network", "check", "check_text", "load", "loads"]
