"""How messages count."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import xonet
from xonet.language.words import counted


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "picture", "0 pictures"),
        (1, "picture", "1 picture"),
        (2000, "hidden file", "2,000 hidden files"),
        (2, "loss", "2 losses"),
    ],
)
def test_how_many(number: int, noun: str, said: str) -> None:
    assert counted(number, noun) == said


def test_no_message_leaves_open_whether_there_is_one() -> None:
    for path in Path(xonet.__file__).parent.rglob("*.py"):
        texts = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
        assert not [text for text in texts if isinstance(text, str) and "(s)" in text], path
