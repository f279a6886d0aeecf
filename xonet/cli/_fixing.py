"""`xonet validate --fix` and `--diff`: the fixes of findings, done in the files or shown."""

from __future__ import annotations

import difflib
import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from xonet.diagnostics import Source
from xonet.files import write_whole
from xonet.folders import leads_out
from xonet.language.files import read_file
from xonet.language.fixes import fixed
from xonet.language.text import BOM, decode
from xonet.network import check_text


def fix(paths: Sequence[str], data_root: str | None = None, *, show: bool = False) -> tuple[int, list[str]]:
    """Fix each file, and say on stderr what was done; with `show`, write nothing and print the difference.

    How many findings were fixed, or would be; and the files that could not be read or written, which is said, too.
    """
    count = 0
    failed: list[str] = []
    for path in paths:
        try:
            count += _fix_file(path, Path(data_root or Path(path).parent), show)
        except OSError as error:
            print(f"xonet: {path}: {error.strerror or error}", file=sys.stderr)
            failed.append(path)
    return count, failed


def _fix_file(path: str, root: Path, show: bool) -> int:
    if out := leads_out(path):
        raise OSError(errno.ELOOP, f"this is a link to {out}, outside its folder and the working folder")
    raw = read_file(path)
    source, unreadable = decode(path, raw)
    if unreadable:
        return 0
    after, gone, _ = fixed(source, lambda text: check_text(text, root=root)[1])
    if not gone:
        return 0
    if show:
        sys.stdout.writelines(_difference(path, source, after))
    else:
        write_whole(path, (BOM if raw.startswith(BOM) else b"") + after.text.encode(), old=raw)
        for finding in gone:
            place = f"{path}:{finding.span.line}:{finding.span.column}"
            print(f"{place}: fixed[{finding.code}] {finding.message}", file=sys.stderr)
    return len(gone)


def _difference(path: str, before: Source, after: Source) -> list[str]:
    """The two texts as `diff -u` shows them; a last line without a line end is said to be one."""
    old, new = (source.text.splitlines(keepends=True) for source in (before, after))
    lines = difflib.unified_diff(old, new, path, path)
    return [line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines]
