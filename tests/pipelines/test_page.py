"""docs/continuous-integration.md: what it says to type, in order, in a scratch repository, says what it shows.

`XONET_WRITE=1 pytest tests/pipelines` writes what is said now into it; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipelines.scratch import ROOT, environment, execute, hook, local_configuration, repository

PAGE = ROOT / "docs" / "continuous-integration.md"
BLOCK = re.compile(r"(?:^<!-- (\w+)(?:: ([^\n]*))? -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))


def marked(mark: str) -> list[Any]:
    """The YAML blocks under a mark, read."""
    return [yaml.safe_load(block[4]) for block in blocks() if block[1] == mark]


def test_what_is_typed_says_what_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    env = environment(tmp_path)
    folder = repository(tmp_path, env)
    (folder / ".pre-commit-config.yaml").write_text(local_configuration())
    said, shown, expected = "", [], []
    for mark, value, kind, text in (block.groups() for block in blocks()):
        if mark == "file":
            (folder / value).write_text(text)
            done = execute("git add -A && git commit -q -m first", folder, env)
            assert done.returncode == 0, done.stdout
        elif kind == "sh":
            said = "".join(execute(line, folder, env).stdout for line in text.splitlines())
        elif kind == "text":
            shown.append(text)
            expected.append(said)
    if os.environ.get("XONET_WRITE"):
        page, answers = PAGE.read_text(encoding="utf-8"), iter(expected)
        page = BLOCK.sub(lambda block: f"```text\n{next(answers)}```" if block[3] == "text" else block[0], page)
        PAGE.write_text(page, encoding="utf-8")
    assert shown == expected


def test_the_hook_is_the_one_that_there_is() -> None:
    ((repository,),) = (made["repos"] for made in marked("hook"))
    assert [made["id"] for made in repository["hooks"]] == [hook()["id"]]


def test_workflows_use_what_the_action_has() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for workflow in marked("workflow"):
        (job,) = workflow["jobs"].values()
        (step,) = (step for step in job["steps"] if "/xonet@" in step.get("uses", ""))
        assert set(step.get("with", {})) <= set(action["inputs"])
        outputs = re.findall(r"steps\.(\w+)\.outputs\.(\w+)", str(job))
        assert all(made == step["id"] and name in action["outputs"] for made, name in outputs)


def test_the_comment_is_written(tmp_path: Path) -> None:
    env = environment(tmp_path)
    folder = repository(tmp_path, env)
    network = next(block[4] for block in blocks() if block[1] == "file")
    (folder / "networks" / "letters.yaml").write_text(network)
    (folder / "networks" / "same.yaml").write_text(network)
    execute("git add -A && git commit -q -m base && git update-ref refs/remotes/origin/main HEAD", folder, env)
    (folder / "networks" / "letters.yaml").write_text(network.replace("features: 8", "features: 9"))
    (folder / "networks" / "new.yaml").write_text(network)
    execute("git add -A && git commit -q -m change", folder, env)
    gh = tmp_path / "commands" / "gh"
    gh.write_text('#!/bin/sh\necho "$@"\n')
    gh.chmod(0o755)
    (workflow,) = (made for made in marked("workflow") if "review" in made["jobs"])
    script = workflow["jobs"]["review"]["steps"][-1]["run"]
    own = {"XONET": str(tmp_path / "commands" / "xonet"), "GITHUB_BASE_REF": "main", "NUMBER": "7"}
    done = execute(script, folder, {**env, **own})
    assert (done.returncode, done.stdout) == (0, "pr comment 7 --edit-last --create-if-none --body-file changes.md\n")
    comment = (folder / "changes.md").read_text(encoding="utf-8")
    assert comment.startswith("### `networks/letters.yaml (origin/main)` → `networks/letters.yaml (HEAD)`\n")
    assert comment.count("###") == 1


def test_gitlab_gets_its_report(tmp_path: Path) -> None:
    env = environment(tmp_path)
    folder = repository(tmp_path, env)
    network = next(block[4] for block in blocks() if block[1] == "file")
    (folder / "networks" / "letters.yaml").write_text(network.replace("window: 2", "window: 29"))
    ((job,),) = (made.values() for made in marked("gitlab"))
    command = job["script"][-1]
    assert command.startswith("xonet validate") and execute(command, folder, env).returncode == 1
    report = folder / job["artifacts"]["reports"]["codequality"]
    assert '"networks/letters.yaml"' in report.read_text(encoding="utf-8")
