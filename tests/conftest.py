"""All tests at once run in as many processes as there are processors; those that are named, in one."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """What `-n` would say, where nobody says it; without pytest-xdist there is one process."""
    option = config.option
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (option.usepdb or option.collectonly)
    if whole and not hasattr(config, "workerinput") and getattr(option, "numprocesses", 0) is None:
        option.numprocesses, option.dist = len(os.sched_getaffinity(0)), "worksteal"
