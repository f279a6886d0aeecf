"""What changed between two networks, formatted: one module per format with `render(changes, color=False) -> str`."""

from __future__ import annotations

from xonet.pictures.changes._formats import Format, format_named, formats

__all__ = ["Format", "format_named", "formats"]
