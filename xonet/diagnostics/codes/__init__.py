r"""A page for each code: what it means, why it matters, a wrong and a right example.

A page is `<code>.md`:

    # CODE: title

    An error.       (or: A warning. What follows says where it is found, if not by `validate` alone.)

    What it means, a paragraph.

    ## Why it matters
    ## Wrong
    ## Right

An example is a whole file where it begins with `xonet:`, and otherwise some sections of one; a test runs each. Behind
the fence's `yaml`, `bytes` says that `\xff` in it stands for a byte, and `--set ...` is an argument beside it.
"""

from __future__ import annotations

from xonet.diagnostics.codes._pages import Example, Page, codes, read_page

__all__ = ["Example", "Page", "codes", "read_page"]
