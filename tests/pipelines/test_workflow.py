"""`.github/workflows/tests.yaml` is a workflow, and does what `.ci/run` does, on every Python that is allowed."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.pipelines.scratch import ROOT

FILE = ROOT / ".github/workflows/tests.yaml"
SCRIPT = (ROOT / ".ci/run").read_text(encoding="utf-8")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def jobs() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["jobs"]
    return made


def ends() -> dict[str, str]:
    """Pip's options by the version of Python, of the jobs beside that which runs the script."""
    return {one["python"]: one["options"] for one in jobs()["ends"]["strategy"]["matrix"]["include"]}


def test_it_is_a_workflow() -> None:
    pytest.importorskip("check_jsonschema", reason="needs check-jsonschema, which the extra `test` brings")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_python_has_its_job() -> None:
    tested = [*jobs()["all"]["strategy"]["matrix"]["python"], *ends()]
    assert sorted(tested) == re.findall(r"Python :: (3\.\d+)", PROJECT)
    assert f">={min(tested, key=lambda version: int(version[2:]))}" in PROJECT


def test_one_job_is_the_script() -> None:
    assert jobs()["all"]["steps"][-1]["run"] == ".ci/run"


def test_the_others_test_as_the_script_does() -> None:
    called = dict(re.findall(r"^environment_of (3\.\d+)(.*)$", SCRIPT, re.MULTILINE))
    assert {version: options.strip() for version, options in called.items()} == {
        version: options.removeprefix("--upgrade") for version, options in ends().items()
    }
    install, test = jobs()["ends"]["steps"][-2:]
    assert "'.[test]'" in install["run"]
    (seconds, command) = re.search(r"XONET_DIFFERENTIAL_SECONDS=(\d+) .* -m (pytest .*)\n", SCRIPT).groups()  # type: ignore[union-attr]
    assert test["run"].endswith(f" -m {command}") and test["env"] == {"XONET_DIFFERENTIAL_SECONDS": seconds}


def test_no_registry_is_named() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert not re.search(r"https?://|index-url|registry", text)
