"""Places as programs take them: relative paths, URIs, columns in UTF-16, and fingerprints that outlive a moved line."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from xonet.diagnostics import Diagnostic, Source
from xonet.diagnostics._formats import Checked


def path(source: Source) -> str:
    """The file's path with forward slashes, from the working folder where the file lies below it."""
    if not source.is_file:
        return source.name
    name = os.path.normpath(source.name)
    if os.path.isabs(name):
        below = PurePath(name)
        folder = PurePath(os.getcwd())
        name = str(below.relative_to(folder)) if below.is_relative_to(folder) else name
    return PurePath(name).as_posix()


def uri(source: Source) -> str:
    """The path as a URI reference, percent-encoded; a `file:` URI for a file that is not below the working folder."""
    name = path(source)
    encoded = quote(os.fsencode(name))
    if not PurePath(name).is_absolute():
        return encoded
    return "file://" + ("" if encoded.startswith("/") else "/") + encoded


def with_fingerprints(file: Checked) -> Iterator[tuple[Diagnostic, str]]:
    """Each finding of a file with 64 hexadecimal digits that say which one it is.

    They come from the file's path, the code, and the place of the value in the document: lines above may come and go.
    Of several that have all three in common, the second and later ones are told apart by their order.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    for diagnostic in file.diagnostics:
        key = (path(diagnostic.span.source), diagnostic.code, diagnostic.pointer)
        parts = [*key, *([str(seen[key])] if seen[key] else [])]
        seen[key] += 1
        yield diagnostic, sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def explanation(diagnostic: Diagnostic) -> str:
    """All that a finding says beside its message, a line each: the arithmetic, the remarks, the help."""
    notes = [
        f"{path(note.span.source)}:{note.span.line}: {note.text}" if note.span else note.text
        for note in diagnostic.notes
    ]
    return "\n".join(filter(None, [diagnostic.label, *notes, diagnostic.help and f"help: {diagnostic.help}"]))


def details(diagnostic: Diagnostic) -> str:
    """The message, and below it the explanation."""
    return "\n".join(filter(None, [diagnostic.message, explanation(diagnostic)]))
