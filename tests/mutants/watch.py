"""A pytest plugin: a test that does not end ends the process, even where it waits in compiled code."""

from __future__ import annotations

import faulthandler
import os

SECONDS = float(os.environ.get("XONET_MUTANTS_SECONDS", "120"))


def pytest_runtest_logstart(nodeid):
    print(f"\nbegins {nodeid}", flush=True)
    faulthandler.dump_traceback_later(SECONDS, exit=True)


def pytest_runtest_logfinish():
    faulthandler.cancel_dump_traceback_later()
