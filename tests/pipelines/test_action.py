"""action.yml: its form, and its shell steps, run by bash as GitHub does."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipelines.scratch import GOOD, ROOT, WRONG, checkout, environment, execute, repository

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
DEFAULTS = {name: declared["default"] for name, declared in ACTION["inputs"].items()}


def step(name: str) -> dict[str, Any]:
    return next(step for step in STEPS if step.get("name") == name)


def perform(name: str, folder: Path, env: dict[str, str], values: dict[str, str]) -> tuple[int, str]:
    """One step, its expressions replaced by `values`; its status, and what it says."""

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: values[match[1]], text)

    own = {key: filled(text) for key, text in step(name)["env"].items()}
    done = execute(step(name)["run"], folder, {**env, **own})
    return done.returncode, done.stdout


def validate(folder: Path, env: dict[str, str], **inputs: str) -> tuple[int, str]:
    values = {f"inputs.{name}": value for name, value in (DEFAULTS | inputs).items()}
    command = Path(env["PATH"].split(":")[0]) / "xonet"
    return perform("Validate network files", folder, env, {**values, "steps.install.outputs.xonet": str(command)})


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.fixture
def folder(tmp_path: Path, env: dict[str, str]) -> Path:
    return repository(tmp_path, env)


def test_the_form() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert set(DEFAULTS) == {"path", "args", "python-version"}
    for made in STEPS:
        assert "uses" in made or made["shell"] == "bash"
        assert "${{" not in made.get("run", ""), "an expression in a script runs what a caller writes"
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", (ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(used) == set(DEFAULTS)
    steps = {made["id"] for made in STEPS if "id" in made}
    assert set(re.findall(r"\$\{\{ steps\.(\w+)\.", (ROOT / "action.yml").read_text(encoding="utf-8"))) == steps


def test_findings_are_commands_to_github(folder: Path, env: dict[str, str]) -> None:
    (folder / "networks" / "net.yaml").write_text(WRONG)
    status, said = validate(folder, env)
    assert status == 1
    assert said.startswith(
        "::error file=networks/net.yaml,line=3,endLine=3,col=11,endColumn=14,title=xonet[unknown-layer]::"
    )


def test_a_good_folder_passes(folder: Path, env: dict[str, str]) -> None:
    (folder / "networks" / "net.yaml").write_text(GOOD)
    assert validate(folder, env)[0] == 0


def test_several_paths_with_blanks(folder: Path, env: dict[str, str]) -> None:
    for name in ("one net.yaml", "--quiet"):
        (folder / name).write_text(WRONG)
    status, said = validate(folder, env, path="one net.yaml\n--quiet\n\n", args="")
    assert status == 1 and said.count("::error file=") == 2


def test_arguments_are_words_and_never_run(folder: Path, env: dict[str, str]) -> None:
    (folder / "networks" / "net.yaml").write_text(WRONG)
    assert validate(folder, env, args="--exit-zero\n  --no-data")[0] == 0
    for inputs in ({"args": "$(touch stolen) `touch stolen` ; touch stolen"}, {"path": "$(touch stolen)"}):
        assert validate(folder, env, **inputs)[0] == 2
    assert not (folder / "stolen").exists()


def test_no_path_is_a_failure(folder: Path, env: dict[str, str]) -> None:
    assert validate(folder, env, path="")[0] == 2


@pytest.mark.slow
def test_it_installs_itself(folder: Path, env: dict[str, str], tmp_path: Path) -> None:
    (folder / "networks" / "net.yaml").write_text(GOOD)
    output = tmp_path / "output"
    places = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(checkout(tmp_path)), "GITHUB_OUTPUT": str(output)}
    status, said = perform(
        "Install xonet", folder, {**env, **places}, {"steps.python.outputs.python-path": sys.executable}
    )
    assert status == 0, said
    command = output.read_text().strip().removeprefix("xonet=")
    assert Path(command).is_file() and execute([command, "validate", "networks"], folder, env).returncode == 0
