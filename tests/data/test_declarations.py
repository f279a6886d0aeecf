"""What holds for every source and augmentation."""

from __future__ import annotations

import subprocess
import sys

import pytest

from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS


def test_every_word_is_there():
    assert {"xo", "ascii", "images", "idx", "share"} <= set(SOURCES.members)
    assert {"shift", "noise"} <= set(AUGMENTATIONS.members)


@pytest.mark.parametrize("family", [SOURCES, AUGMENTATIONS], ids=lambda family: family.noun)
def test_everything_is_explained(family):
    for member in family.members.values():
        assert member.summary()
        for knob in member.fields.values():
            assert knob.help.endswith((".", "?")), (member, knob.name)


def test_declarations_need_neither_numpy_nor_pillow():
    code = (
        "import sys; from xonet.data import SOURCES; from xonet.data.augment import AUGMENTATIONS; "
        "SOURCES.schema(); AUGMENTATIONS.schema(); assert not {'numpy', 'PIL'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
