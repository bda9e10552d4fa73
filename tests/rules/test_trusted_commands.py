"""Which commands a pattern trusts, and which runs an approval covers."""

from __future__ import annotations

import pytest

from fairway_scripts.base.words.trusted_commands import class_of, classes, matches, pattern_fault, why_not
from fairway_scripts.settings.config_file import read_config
from tests.support.shell import GPUAAS_CONFIG


@pytest.mark.parametrize(
    ("pattern", "command", "expected"),
    [
        ("make smoke", ["make", "smoke"], True),
        ("make smoke", ["make", "smoke", "deploy-prod"], False),
        ("make smoke", ["make"], False),
        ("make smoke", ["make", "smoke "], False),
        ("make smoke", ["/tmp/make", "smoke"], False),
        ("make smoke", ["Make", "smoke"], False),
        ("make smoke", ["ENV=prod", "make", "smoke"], False),
        ("make smoke", ["make smoke"], False),
        ("make smoke-*", ["make", "smoke-staging"], True),
        ("make smoke-*", ["make", "smoke"], False),
        ("gh run watch *", ["gh", "run", "watch", "42"], True),
        ("gh run watch *", ["gh", "run", "watch", "--repo=other/one"], False),
        ("gh run watch *", ["gh", "run", "watch", "42", "43"], False),
        ("gh pr create **", ["gh", "pr", "create"], True),
        ("gh pr create **", ["gh", "pr", "create", "x", "y"], True),
        ("gh pr create **", ["gh", "pr", "create", "--web"], False),
        ("make **", ["make", "a", "X=1"], False),
        ("make **", ["make", "-f", "x"], False),
        ("make smoke-*", ["make", "smoke-X=1"], False),
        ("make smoke ENV=*", ["make", "smoke", "ENV=a=b"], True),
        ("make t ENV=*", ["make", "t", "MAKEFLAGS=x"], False),
        ("git fetch *", ["git", "fetch", "ext::sh"], False),
        ("git push origin agent/*", ["git", "push", "origin", "agent/B:master"], False),
        ("git push origin a:*", ["git", "push", "origin", "a:b"], True),
        ("gh pr create **", ["gh", "pr", "merge"], False),
        ("git log --since=*", ["git", "log", "--since=2d"], True),
        ("git push origin agent/*", ["git", "push", "origin", "agent/B-ui"], True),
        ("git push origin agent/*", ["git", "push", "origin", "+agent/B-ui"], False),
        ("git push origin agent/*", ["git", "push", "origin", "master"], False),
    ],
)
def test_a_pattern_names_every_word_of_a_command(pattern: str, command: list[str], expected: bool) -> None:
    assert matches(pattern, command) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "*",
            "** x",
            "*sh -c x",
            "?ake",
            "[m]ake",
            "ma*e x",
            "make ** smoke",
            "make a**",
            "make; ls",
            "a | b",
            "echo $X",
        ),
        *("make [a", "X=1 make", "env **", "env make *", "sh **", "sh -c *", "bash -ec x *", "/bin/sh -c *", "sh *.sh"),
        *("python3 **", "python3.11 -c *", "python -i x.py *", "perl -e *", "node --eval *", "xargs -n1 *", "sudo *"),
        *("timeout 5 *", "find . *", "git **", "git -c x=y *", "npm exec **", "go run *", "kubectl exec pod **"),
        *("git config x *", "uv run *", "npx *", "ssh host *"),
    ],
)
def test_a_pattern_that_trusts_too_much_or_needs_a_shell_is_a_fault(pattern: str) -> None:
    assert pattern_fault(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "make",
            "make smoke-*",
            "gh run view * **",
            "kubectl get **",
            "sh -c true",
            "env A=b make x",
            "sh smoke.sh *",
        ),
        *(
            "python3 -m pytest **",
            "bash -e run.sh **",
            "npm exec tsc **",
            "uv run pytest **",
            "git push origin agent/*",
        ),
        *("pnpm --dir packages/web test:e2e **", "./ci.sh **", "kubectl exec pod -- ls"),
    ],
)
def test_a_plain_pattern_is_none(pattern: str) -> None:
    assert pattern_fault(pattern) == ""


def test_the_first_entry_that_matches_decides() -> None:
    table = [
        {"class": "boundary", "match": ["git push **"]},
        {"class": "look", "match": ["git **"]},
        {"class": "boundary", "match": ["gh **"]},
    ]
    assert class_of(["git", "push"], table) == {"class": "boundary", "pattern": "git push **", "environment": []}
    assert class_of(["git", "log"], table) == {"class": "look", "pattern": "git **", "environment": []}
    assert class_of(["rm", "-rf"], table) is None
    assert classes(table) == ["boundary", "look"]


NOW, SHA = "2026-11-20T10:00:00.000000Z", "a" * 40


@pytest.mark.parametrize(
    ("expires_at", "commit_sha", "commit", "dirty", "told"),
    [
        (None, None, SHA, True, ""),
        ("2026-11-20T10:00:00.000001Z", None, SHA, False, ""),
        (NOW, None, SHA, False, "expired"),
        ("2026-11-20T09:59:59.000000Z", None, SHA, False, "expired"),
        (None, SHA, SHA, False, ""),
        (None, SHA, SHA, True, "uncommitted"),
        (None, SHA, "b" * 40, False, "checked out is bbbb"),
        (None, SHA, None, False, "checked out is none"),
    ],
)
def test_an_approval_ends_and_may_be_bound_to_a_clean_commit(
    expires_at: str | None,
    commit_sha: str | None,
    commit: str | None,
    dirty: bool,
    told: str,
) -> None:
    why = why_not({"expires_at": expires_at, "commit_sha": commit_sha}, at=NOW, commit=commit, dirty=dirty)
    assert (told in why) if told else why == ""


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git push origin agent/B-ui", "git-boundary"),
        ("git push origin agent/B-ui:master", None),
        ("git push --force origin agent/B-ui", None),
        ("git push origin master", None),
        ("gh run watch 42", "ci-watch"),
        ("gh run view 42 --log-failed", "ci-watch"),
        ("gh run rerun 42", None),
        ("kubectl rollout status deployment/api -n staging", "deploy-rollout-observation"),
        ("kubectl rollout undo deployment/api", None),
        ("kubectl get secrets -o yaml", None),
        ("kubectl get pods -n staging -o wide", "deploy-rollout-observation"),
        ("kubectl get pods --kubeconfig=/tmp/x", None),
        ("kubectl logs api --as=admin", None),
        ("make smoke-X=1", None),
        ("make smoke -f /tmp/x", None),
        ("pnpm --dir packages/web test:e2e --config=/tmp/x", None),
        ("pnpm --dir packages/web test:e2e --grep login", "smoke-uat-rerun"),
        ("kubectl delete pods --all", None),
        ("helm upgrade api charts/api", None),
        ("make smoke-staging", "smoke-uat-rerun"),
        ("make smoke deploy-prod", None),
        ("make queue-verify", "reconciliation"),
        ("make queue-set-status TASK_ID=B-1 STATUS=done", None),
        ("bash scripts/ci/agent_queue_validate.sh", "reconciliation"),
        ("bash -c true", None),
    ],
)
def test_the_gpuaas_classes_have_what_they_say_and_nothing_that_changes_an_environment(
    command: str, expected: str | None
) -> None:
    settings, faults = read_config(GPUAAS_CONFIG)
    assert not faults
    found = class_of(command.split(), settings["trusted_commands"])
    assert (found and found["class"]) == expected
