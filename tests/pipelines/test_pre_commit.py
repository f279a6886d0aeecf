"""pre-commit, installed for real in a scratch repository: a bad commit is blocked, a good one passes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.pipelines.scratch import (
    GOOD,
    ROOT,
    WRONG,
    checkout,
    environment,
    execute,
    hook,
    local_configuration,
    repository,
)

pytest.importorskip("pre_commit", reason="pre-commit is not installed")


def commit(folder: Path, env: dict[str, str], path: str, text: str) -> tuple[int, str]:
    """Write a file and commit everything; the status, and what was said."""
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text)
    assert execute(["git", "add", "-A"], folder, env).returncode == 0
    done = execute(["git", "commit", "-m", "a change"], folder, env)
    return done.returncode, done.stdout


def commits(folder: Path, env: dict[str, str]) -> int:
    done = execute("git rev-list --count HEAD 2>/dev/null || echo 0", folder, env)
    return int(done.stdout)


def judge(folder: Path, env: dict[str, str], configuration: str) -> None:
    """Install the hook, then commit what is wrong, what is right, and what is none of its business."""
    (folder / ".pre-commit-config.yaml").write_text(configuration)
    assert execute(["pre-commit", "install"], folder, env).returncode == 0
    status, said = commit(folder, env, "networks/deep/net.yaml", WRONG)
    assert status == 1, said
    assert "networks/deep/net.yaml:3:11: error[unknown-layer] there is no layer dens" in said
    assert commits(folder, env) == 0
    status, said = commit(folder, env, "networks/deep/net.yaml", GOOD)
    assert status == 0, said
    assert "Passed" in said and commits(folder, env) == 1
    status, said = commit(folder, env, "other/settings.yaml", WRONG)
    assert status == 0, said
    assert "Skipped" in said and commits(folder, env) == 2


def test_the_hook_blocks_and_passes(tmp_path: Path) -> None:
    env = environment(tmp_path)
    judge(repository(tmp_path, env), env, local_configuration())


def test_data_that_is_not_in_the_repository_blocks_nothing(tmp_path: Path) -> None:
    env = environment(tmp_path)
    folder = repository(tmp_path, env)
    (folder / ".pre-commit-config.yaml").write_text(local_configuration())
    assert execute(["pre-commit", "install"], folder, env).returncode == 0
    elsewhere = GOOD.replace("{xo: {count: 1}}", "{images: {folder: ../far/away}}")
    assert commit(folder, env, "networks/net.yml", elsewhere)[0] == 0


def test_the_declaration_is_sound(tmp_path: Path) -> None:
    env = environment(tmp_path)
    done = execute(["pre-commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], tmp_path, env)
    assert done.returncode == 0, done.stdout
    assert hook()["id"] == "xonet-validate" and hook()["language"] == "python"


@pytest.mark.slow
def test_the_hook_installs_itself_from_the_checkout(tmp_path: Path) -> None:
    """As a user has it: pre-commit clones the repository and installs xonet into an environment of its own."""
    env = environment(tmp_path)
    (tmp_path / "commands" / "xonet").unlink()
    copy = checkout(tmp_path)
    made = execute("git init -q -b main && git add -A && git commit -q -m all && git tag v0", copy, env)
    assert made.returncode == 0, made.stdout
    configuration = {"repos": [{"repo": str(copy), "rev": "v0", "hooks": [{"id": "xonet-validate"}]}]}
    judge(repository(tmp_path, env), env, yaml.safe_dump(configuration))
