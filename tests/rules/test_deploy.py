"""Deploy readback: which values match, and what a comparison says of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.utilities.deploy.deploy import compare, matches, place_services, value_row

FULL = "3f9c1d27b8a4e6f05a1b2c3d4e5f60718293a4b5"


def service(environment: str, name: str, **fields: str) -> dict[str, Any]:
    values = {field: value_row(value) for field, value in fields.items()}
    return {"environment": environment, "name": name, "namespace": "", "values": values}


def expected(*services: dict[str, Any]) -> dict[str, Any]:
    names = dict.fromkeys(row["environment"] for row in services)
    return {
        "environments": [
            {"name": name, "namespace": "", "services": [row for row in services if row["environment"] == name]}
            for name in names
        ]
    }


@pytest.mark.parametrize(
    ("field", "wanted", "seen", "alike", "note"),
    [
        ("commit", FULL, FULL, True, ""),
        ("commit", FULL[:12], FULL, True, "the first 12 digits"),
        ("commit", FULL, FULL[:7], True, "the first 7 digits"),
        ("commit", FULL.upper(), FULL, True, ""),
        ("commit", FULL, FULL[:6], False, ""),
        ("commit", FULL[:7], FULL[1:], False, ""),
        ("commit", FULL[:9], FULL[:8] + "00000000", False, ""),
        ("commit", FULL[1:9], FULL, False, ""),
        ("commit", FULL[:7], FULL[:6] + "e", False, ""),
        ("commit", FULL[:7], FULL[:7] + "-dirty", False, ""),
        ("image_digest", "sha256:" + "ab" * 32, "sha256:" + "ab" * 32, True, ""),
        ("image_digest", "sha256:" + "ab" * 32, "sha256:" + "ab" * 10, False, ""),
        ("image_digest", "sha256:" + "ab" * 32, "sha256:" + "AB" * 32, False, ""),
        ("version", "1.4", "1.4.0", False, ""),
        ("version", "1.4", "v1.4", False, ""),
        ("version", "abcdefa", "abcdefabc", False, ""),
        ("config_hash", "abcdef12", "abcdef1234", False, ""),
        ("replicas", "3", "2", False, ""),
        ("health", "healthy", "Healthy", True, "but for upper and lower case"),
        ("health", "healthy", "degraded", False, ""),
    ],
)
def test_when_values_match(field: str, wanted: str, seen: str, alike: bool, note: str) -> None:
    assert matches(field, wanted, seen) == (alike, note)


def test_each_expected_field_is_one_row() -> None:
    wanted = expected(service("staging", "api", commit=FULL[:8], version="2", health="healthy"))
    found = compare(wanted, [service("staging", "api", commit=FULL, version="1")])
    assert [(row["field"], row["result"]) for row in found["rows"]] == [
        ("commit", "match"),
        ("version", "differs"),
        ("health", "missing"),
    ]
    assert found["outcome"] == "differs"
    assert found["counts"] == {"match": 1, "differs": 1, "missing": 1, "unexpected": 0}


def test_a_service_that_is_not_there_is_missing_with_every_field() -> None:
    found = compare(expected(service("s", "api", version="1", health="ok")), [service("other", "api", version="1")])
    assert [(row["result"], row["note"]) for row in found["rows"]] == [
        ("missing", "the service was not observed"),
        ("missing", "the service was not observed"),
    ]


@pytest.mark.parametrize(
    ("seen", "outcome"), [({"version": "1"}, "match"), ({"version": "2"}, "differs"), ({}, "differs")]
)
def test_the_outcome_is_a_match_when_every_row_is(seen: dict[str, str], outcome: str) -> None:
    assert compare(expected(service("s", "a", version="1")), [service("s", "a", **seen)])["outcome"] == outcome


def test_what_was_not_expected_is_listed_apart_sorted_and_does_no_harm() -> None:
    seen = [
        service("z", "b", version="1"),
        service("s", "a", version="1", health="bad"),
        service("s", "0", replicas="1"),
    ]
    found = compare(expected(service("s", "a", version="1")), seen)
    assert found["outcome"] == "match"
    assert [(row["environment"], row["service"], row["field"]) for row in found["unexpected"]] == [
        ("s", "0", "replicas"),
        ("s", "a", "health"),
        ("z", "b", "version"),
    ]


def test_rows_are_in_the_order_of_what_is_expected() -> None:
    wanted = expected(service("z", "b", version="1"), service("z", "a", version="1"), service("a", "c", version="1"))
    found = compare(wanted, [service("a", "c", version="1"), service("z", "a", version="1")])
    assert [(row["environment"], row["service"]) for row in found["rows"]] == [("z", "b"), ("z", "a"), ("a", "c")]


def test_one_environment_alone_can_be_compared() -> None:
    wanted = expected(service("s", "a", version="1"), service("p", "a", version="1"))
    found = compare(wanted, [service("s", "a", version="1", health="ok"), service("x", "a", version="1")], "s")
    assert found["outcome"] == "match"
    assert [row["environment"] for row in found["rows"] + found["unexpected"]] == ["s", "s"]


@pytest.mark.parametrize(
    ("namespace", "only", "environment"),
    [
        ("prod-ns", "", "prod"),
        ("demo", "", "demo"),
        ("default", "demo", "demo"),
        ("prod-ns", "demo", "prod"),
        ("kube-system", "prod", "kube-system"),
    ],
)
def test_the_environment_of_a_namespace(namespace: str, only: str, environment: str) -> None:
    known = [{"name": "prod", "namespace": "prod-ns"}, {"name": "demo", "namespace": ""}]
    row = {**service("", "api"), "namespace": namespace}
    assert place_services([row], known, only)[0]["environment"] == environment
