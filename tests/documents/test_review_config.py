"""[review] and [[review_shapes]] in the config file."""

from __future__ import annotations

import pytest

from fairway_scripts.settings.config_file import read_config
from tests.documents.config_faults import faults_of

LANES = '[[roles]]\nname = "a"\n[[roles]]\nname = "b"\n'  # 4 lines
SENSITIVE = '[[sensitive_paths]]\nmatch = "s/**"\nreviewers = ["a"]\n'  # 3 lines


def test_a_shape_reads_with_every_list_filled(config):
    path = config(SENSITIVE + '[[review_shapes]]\nname = "n"\nshape = "paired"\nmatch = "x/**"\n')
    settings, faults = read_config(path)
    assert faults == []
    assert settings["review"] == {"paired": [], "full_matrix": [], "waiver_lasts": "14d"}
    assert settings["review_shapes"] == [
        {
            "name": "n",
            "shape": "paired",
            "task_kinds": [],
            "risk_levels": [],
            "tags": [],
            "gates": [],
            "match": ["x/**"],
            "risk_level": "",
        }
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            '[[review_shapes]]\nname = "n"\nshape = "heavy"\ntags = ["x"]\n',
            (3, "review_shapes.n.shape", "bad_value"),
        ),
        (
            '[[review_shapes]]\nname = "n"\nshape = "light"\nmatch = ["/x"]\n',
            (4, "review_shapes.n.match", "bad_value"),
        ),
        (
            '[[review_shapes]]\nname = "n"\nshape = "light"\ntags = ["x"]\ntag = ["x"]\n',
            (5, "review_shapes.n.tag", "unknown_key"),
        ),
        ('[[review_shapes]]\nname = "n"\ntags = ["x"]\n', (1, "review_shapes.n.shape", "missing_key")),
        ('[[review_shapes]]\nname = "n"\nshape = "light"\n', (1, "review_shapes.n", "recognises_nothing")),
        (
            '[[review_shapes]]\nname = "n"\nshape = "full-matrix"\ntags = ["x"]\n',
            (3, "review_shapes.n.shape", "no_reviewers"),
        ),
        (
            '[[review_shapes]]\nname = "n"\nshape = "light"\ntags = ["x"]\n' * 2,
            (6, "review_shapes.n.name", "named_twice"),
        ),
        (
            '[task_kinds]\nallowed = ["task"]\n[[review_shapes]]\nname = "n"\nshape = "light"\ntask_kinds = ["x"]\n',
            (6, "review_shapes.n.task_kinds.1", "unknown_kind"),
        ),
        (LANES + '[review]\nfull_matrix = ["a", "c"]\n', (6, "review.full_matrix.2", "unknown_lane")),
        (LANES + '[review]\npaired = ["c"]\n', (6, "review.paired.1", "unknown_lane")),
        ('[review]\npaired = "a"\n', (2, "review.paired", "bad_value")),
        ('[review]\nfull = ["a"]\n', (2, "review.full", "unknown_key")),
    ],
)
def test_a_fault_is_found_at_its_line(config, text, fault):
    assert faults_of(config(text)) == [fault]


def test_lanes_that_review_by_the_routing_tables_are_enough_for_a_heavy_shape(config):
    shape = '[[review_shapes]]\nname = "n"\nshape = "full-matrix"\ntags = ["x"]\n'
    assert faults_of(config(SENSITIVE + shape)) == []
    assert faults_of(config('[[review_routes]]\nmatch = "x/**"\nreviewer = "a"\n' + shape)) == []
