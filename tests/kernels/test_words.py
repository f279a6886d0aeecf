"""The words of kernels stay words: an imported module puts itself in its package, where a word of its name would be."""

from __future__ import annotations

import ast
import pkgutil
from pathlib import Path

from xonet import kernels


def test_no_module_is_called_like_a_word():
    text = Path(kernels.__file__).read_text(encoding="utf-8")
    words = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    modules = {module.name for module in pkgutil.iter_modules(kernels.__path__)}
    assert "tile" in words
    assert not words & modules
