"""Which changed paths a task did not declare."""

from __future__ import annotations

import pytest

from fairway_scripts.reviews.routes.declared_paths import undeclared


@pytest.mark.parametrize(
    ("declared", "changed", "outside"),
    [
        ([], ["a.ts"], []),
        ([" "], ["a.ts"], []),
        (["a.ts"], ["a.ts", "b.ts"], ["b.ts"]),
        (["packages/web"], ["packages/web/src/a.ts", "packages/website/b.ts"], ["packages/website/b.ts"]),
        (["packages/web/"], ["packages/web/a.ts"], []),
        (["./packages/web"], ["packages/web/a.ts"], []),
        (["packages/**"], ["packages/web/a.ts", "cmd/x.go"], ["cmd/x.go"]),
        (["*.md"], ["README.md", "docs/x.md"], ["docs/x.md"]),
        (["{a,b}/x"], ["a/x", "b/x", "c/x"], ["c/x"]),
        (["[broken"], ["a"], ["a"]),
        (["[id].tsx"], ["[id].tsx"], []),
        (["a", "b/**"], ["c", "a", "b/x"], ["c"]),
    ],
)
def test_a_declared_path_is_a_file_a_folder_or_a_pattern(
    declared: list[str], changed: list[str], outside: list[str]
) -> None:
    assert undeclared(declared, changed) == outside
