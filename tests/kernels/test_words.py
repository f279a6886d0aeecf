"""The words of kernels stay words: an imported module puts itself in its package, where a word of its name would be."""

from __future__ import annotations

import pkgutil

from xonet import kernels


def test_no_module_is_called_like_a_word():
    words = set(kernels.__all__)
    modules = {module.name for module in pkgutil.iter_modules(kernels.__path__)}
    assert "tile" in words
    assert not words & modules
