"""uat-matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.regular_files import listed_files
from fairway_scripts.formats.input_file import STANDARD_INPUT
from fairway_scripts.utilities.uat.uat_matrix import Call, placed, uat_matrix
from fairway_scripts.utilities.uat.uat_matrix_text import matrix_lines
from fairway_scripts.utilities.uat.uat_results import PASS
from fairway_scripts.work.utility_call import finish, time_named

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import UatMatrix


def arguments(parser: argparse.ArgumentParser) -> None:
    """What uat-matrix takes besides the common flags: the reports as words."""
    parser.add_argument(
        "documents",
        nargs="*",
        metavar="[ENVIRONMENT[:BROWSER]=]FILE",
        help="reports of Playwright (JSON) or JUnit XML, with where they were made; - is standard input",
    )


def run(args: UatMatrix) -> int:
    """Print the matrix; 0 whatever was seen, with EXIT_STATUS 1 unless every expected cell passed."""
    matrix, project = uat_matrix(args, _call(args))
    cells = matrix["counts"]["cells"]
    counted = ", ".join(f"{number} {word}" for word, number in sorted(cells.items()) if number)
    refusal = None
    if args.exit_status and matrix["outcome"] != PASS:
        refusal = FairwayError(
            "uat_incomplete", f"expected cells: {counted}", suggest("uat-matrix", FLOWS=args.flows, JSON=True)
        )
    title = f"UAT matrix: {counted}"
    result = str(matrix["outcome"])
    return finish(args, matrix, matrix_lines(matrix), result=result, title=title, project=project, refusal=refusal)


def _call(args: UatMatrix) -> Call:
    """The call, checked; raises FairwayError `usage`."""
    reports = [*args.documents, *listed_files(args.document)]
    if not args.flows:
        raise FairwayError("usage", "FLOWS is required: the catalogue of flows", suggest("uat-matrix", "--help"))
    paths = [args.flows, *(placed(text)[2] for text in reports)]
    if paths.count(STANDARD_INPUT) > 1:
        raise FairwayError("usage", "standard input can be read once only", suggest("uat-matrix", "--help"))
    return Call(args.flows, reports, args.catalog, args.environment.strip(), time_named(args.at, args.tool))
