"""What a list of pictures holds, as far as it can be seen without opening one."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from xonet.data import DataError, Wanted
from xonet.data._paths import expect_file, is_inside, resolved
from xonet.data.images.answers import answer, asked, columns_of, expect_names, is_header, may_be_alone
from xonet.data.images.listing import Listing, Row, check_size
from xonet.language.words import counted

LIST_BYTES = 1 << 28
"""The longest list that is read."""


def from_list(list_file: Path, wanted: Wanted, most: int | None = None) -> Listing:
    """The pictures of a CSV file of path,label, or what else the network is asked for; see `_columns`.

    Raises:
        DataError: for a missing or empty list, a row of another length, a label that is no class, a value that is no
            number, and a path at which no plain file is, or an empty one.
    """
    if expect_file(list_file, "a list of pictures", "list") > LIST_BYTES:
        raise DataError(f"{list_file}: expected a list of pictures, found more than {LIST_BYTES:,} bytes", knob="list")
    columns = columns_of(wanted)
    listing = Listing(most=most)
    try:
        with list_file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                if most is not None and (len(listing.rows) == most or reader.line_num > 2 * most):
                    listing.is_partial = True
                    break
                row = [cell.strip() for cell in cells]
                if not any(row):
                    continue
                place = f"{list_file}:{reader.line_num}"
                if not listing.rows and is_header(row, wanted):
                    columns = row if wanted.values else columns
                    expect_names(row, wanted, place)
                    continue
                if len(row) != len(columns) and not may_be_alone(row, wanted):
                    raise DataError(
                        f"{place}: expected {','.join(columns)}, found {counted(len(row), 'column')}",
                        knob="list",
                        help=f"write {','.join(columns)} in each line of {list_file.name}"
                        if wanted.labels or wanted.values
                        else f"write a path{' and a label, separated by a comma,' if wanted.classes else ''} in each "
                        f"line of {list_file.name}",
                    )
                try:
                    listing.rows.append(_listed(listing, list_file, place, row, columns, wanted))
                except DataError as error:
                    if is_inside(list_file, wanted.root):
                        raise
                    said = f"{place}: expected a picture{asked(wanted)}, found something else"
                    help = f"{list_file.name} is not quoted, because it is outside the network's folder"
                    raise DataError(said, code=error.code, knob="list", help=help) from None
    except OSError as error:
        raise DataError(
            f"{list_file}: expected a list of pictures, but it cannot be opened: {error.strerror}", knob="list"
        ) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(
            f"{list_file}: expected a CSV file in UTF-8: {error}", knob="list", help="save it as CSV in UTF-8"
        ) from None
    if not listing.rows and not listing.is_partial:
        raise DataError(
            f"{list_file}: expected pictures, found none",
            code="no-pictures",
            knob="list",
            help=f"write one line per picture into {list_file.name}: {','.join(columns)}",
        )
    return listing


def _listed(listing: Listing, list_file: Path, place: str, row: list[str], columns: list[str], wanted: Wanted) -> Row:
    """One row of a list."""
    label = None if len(row) == 1 else answer(row[1:], columns[1:], place, wanted)
    path = resolved(list_file.parent, row[0])
    try:
        listing.bytes += check_size(path, expect_file(path, "a picture", "list"), "list")
    except DataError as error:
        raise DataError(f"{place}: {error}", code=error.code, knob="list", help=error.help) from None
    return Row(path, label, os.path.normpath(row[0].replace("\\", "/")).replace(os.sep, "/"))
