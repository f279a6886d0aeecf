"""`python -m xonet`."""

from __future__ import annotations

import sys

from xonet.cli import main

sys.exit(main())
