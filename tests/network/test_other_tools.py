"""The schema in a tool that is not ours: check-jsonschema."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xonet.network.schema import FILE

pytest.importorskip("check_jsonschema", reason="needs check-jsonschema, which the extra `test` brings")

ROOT = Path(__file__).parents[2]
WRONG = """
    augment_no_list class_twice colon_with_nothing foreign_conv2d integer_as_text kernel_of_three missing_knob
    missing_loss missing_width name_with_slash no_layers one_class rate_too_high two_layers_in_one unknown_key
    unknown_layer unknown_loss unknown_version zero_units
""".split()


def check(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(FILE), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_accepts_the_networks() -> None:
    done = check(*sorted((ROOT / "networks").rglob("*.yaml")))
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_rejects_what_is_structurally_wrong() -> None:
    paths = [ROOT / "tests" / "wrong" / f"{name}.yaml" for name in WRONG]
    done = check(*paths)
    assert done.returncode == 1
    assert [path.name for path in paths if f"{path}::" not in done.stdout] == []
