"""Where a repository lies: every layout that git offers, read without running git."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.mounts import filesystem_type
from fairway_scripts.base.paths import Repository, find_repository, head_branch, read_ref, worktrees
from tests.support.repositories import add_lane_worktrees, commit_file, git, head, make_repository, write_file


@pytest.fixture
def checkout(tmp_path) -> str:
    return make_repository(tmp_path)


def found(start: str) -> Repository:
    repo = find_repository(start)
    assert repo is not None
    return repo


def layout(repo: Repository) -> tuple[str | None, str, str, str | None]:
    return repo.worktree, repo.git_dir, repo.common_dir, repo.main_worktree


# --- finding a repository ---------------------------------------------------------------------------------


def test_a_main_checkout_is_its_own_main_worktree(checkout):
    assert layout(found(checkout)) == (checkout, f"{checkout}/.git", f"{checkout}/.git", checkout)


def test_a_place_deep_inside_finds_the_top(checkout):
    os.makedirs(f"{checkout}/a/b")
    assert found(f"{checkout}/a/b").worktree == checkout


def test_a_file_counts_as_its_folder(checkout):
    assert found(f"{checkout}/README.md").worktree == checkout


def test_a_lane_shares_the_common_directory_of_the_main_checkout(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    repo = found(lane)
    assert layout(repo) == (lane, f"{checkout}/.git/worktrees/gpuas-B-ui", f"{checkout}/.git", checkout)


def test_a_lane_inside_the_main_checkout_is_found_before_the_checkout(checkout):
    git(checkout, "worktree", "add", "--quiet", "--detach", f"{checkout}/lanes/x")
    assert found(f"{checkout}/lanes/x").worktree == f"{checkout}/lanes/x"


def test_a_relative_gitdir_pointer_is_followed(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    with open(f"{lane}/.git", "w", encoding="utf-8") as file:
        file.write("gitdir: ../gpuaas/.git/worktrees/gpuas-B-ui\n")
    assert found(lane).common_dir == f"{checkout}/.git"


def test_a_symbolic_link_to_a_checkout_leads_to_the_real_paths(checkout, tmp_path):
    os.symlink(checkout, tmp_path / "link")
    assert layout(found(str(tmp_path / "link"))) == layout(found(checkout))


def test_a_symbolic_link_called_dot_git_leads_to_the_real_git_directory(checkout, tmp_path):
    os.rename(f"{checkout}/.git", tmp_path / "storage.git")
    os.symlink(tmp_path / "storage.git", f"{checkout}/.git")
    real = os.path.realpath(tmp_path / "storage.git")
    assert layout(found(checkout)) == (checkout, real, real, checkout)


def test_a_separate_git_directory_keeps_its_checkout(checkout, tmp_path):
    git(checkout, "init", "--quiet", f"--separate-git-dir={tmp_path}/apart.git")
    apart = os.path.realpath(tmp_path / "apart.git")
    assert layout(found(checkout)) == (checkout, apart, apart, checkout)


def test_a_submodule_is_a_repository_of_its_own(checkout, tmp_path):
    inner = make_repository(tmp_path, "inner")
    git(checkout, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "part")
    module = f"{checkout}/.git/modules/part"
    assert layout(found(f"{checkout}/part")) == (f"{checkout}/part", module, module, f"{checkout}/part")


def test_a_lane_of_a_submodule_knows_the_submodule_as_its_main_checkout(checkout, tmp_path):
    inner = make_repository(tmp_path, "inner")
    git(checkout, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "part")
    git(f"{checkout}/part", "worktree", "add", "--quiet", "--detach", str(tmp_path / "lane"))
    assert found(str(tmp_path / "lane")).main_worktree == f"{checkout}/part"


@pytest.mark.parametrize("folder", ["project.git", "project/.git"])
def test_a_bare_repository_has_lanes_but_no_main_checkout(checkout, tmp_path, folder):
    bare = os.path.join(os.path.realpath(tmp_path), folder)
    git(checkout, "clone", "--quiet", "--bare", checkout, bare)
    git(bare, "worktree", "add", "--quiet", "--detach", str(tmp_path / "lane"))
    lane = found(str(tmp_path / "lane"))
    assert (lane.common_dir, lane.main_worktree) == (bare, None)
    assert layout(found(bare)) == (None, bare, bare, None)


def test_the_folder_around_a_bare_dot_git_is_no_work_tree(checkout, tmp_path):
    git(checkout, "clone", "--quiet", "--bare", checkout, str(tmp_path / "project" / ".git"))
    assert found(str(tmp_path / "project")).worktree is None


def test_inside_the_git_directory_there_is_no_work_tree_but_a_main_checkout(checkout):
    os.makedirs(f"{checkout}/.git/hooks", exist_ok=True)
    assert layout(found(f"{checkout}/.git/hooks")) == (None, f"{checkout}/.git", f"{checkout}/.git", checkout)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("../elsewhere", "elsewhere"),
        ('"../with blank"', "with blank"),
        ('"../quote\\"d" ; a comment', 'quote"d'),
        ("../plain # a comment", "plain"),
    ],
)
def test_core_worktree_names_the_main_checkout(checkout, tmp_path, written, meant):
    bare = tmp_path / "bare.git"
    git(checkout, "clone", "--quiet", "--bare", checkout, str(bare))
    os.mkdir(tmp_path / meant)
    with open(bare / "config", "w", encoding="utf-8") as file:
        file.write(f"[core]\n\tBare = false\n\tworkTree = {written}\n")
    assert found(str(bare)).main_worktree == os.path.realpath(tmp_path / meant)


def test_core_bare_in_the_worktree_configuration_counts(checkout, tmp_path):
    bare = str(tmp_path / "project" / ".git")
    git(checkout, "clone", "--quiet", "--bare", checkout, bare)
    with open(f"{bare}/config", "w", encoding="utf-8") as file:
        file.write("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n")
    with open(f"{bare}/config.worktree", "w", encoding="utf-8") as file:
        file.write("[core] bare\n")
    assert found(bare).main_worktree is None


def test_outside_any_repository_nothing_is_found(tmp_path):
    assert find_repository(str(tmp_path)) is None


def test_an_empty_folder_called_dot_git_is_passed_over(checkout):
    os.makedirs(f"{checkout}/sub/.git")
    assert found(f"{checkout}/sub").worktree == checkout


def test_a_folder_called_dot_git_with_nothing_but_a_head_is_passed_over(checkout):
    os.makedirs(f"{checkout}/sub/.git")
    with open(f"{checkout}/sub/.git/HEAD", "w", encoding="utf-8") as file:
        file.write("ref: refs/heads/master\n")
    assert found(f"{checkout}/sub").worktree == checkout


@pytest.mark.parametrize("content", ["gitdir: /nowhere/at/all\n", "", "something else\n"])
def test_a_dot_git_file_that_leads_nowhere_is_refused_with_the_way_out(checkout, content):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    with open(f"{lane}/.git", "w", encoding="utf-8") as file:
        file.write(content)
    with pytest.raises(FairwayError, match=rf"{lane}/\.git") as refusal:
        find_repository(lane)
    assert refusal.value.word == "git_unavailable"
    assert f"git worktree repair '{lane}'" in refusal.value.hint


def test_a_git_dir_of_another_repository_in_the_environment_does_not_count(checkout, tmp_path, monkeypatch):
    other = make_repository(tmp_path, "other")
    monkeypatch.setenv("GIT_DIR", f"{other}/.git")
    assert found(checkout).common_dir == f"{checkout}/.git"


def test_a_hook_of_one_lane_that_steps_into_another_finds_the_other(checkout, monkeypatch):
    lanes = add_lane_worktrees(checkout, ["A-backend", "B-ui"])
    monkeypatch.setenv("GIT_DIR", f"{checkout}/.git/worktrees/gpuas-A-backend")
    assert found(lanes["B-ui"]).worktree == lanes["B-ui"]


@pytest.mark.parametrize("name", ["with blank", "quote'd\"", "new\nline", "ünïcode", b"not-\xff-utf8"])
def test_unusual_folder_names_survive(tmp_path, name):
    parent = os.path.join(os.path.realpath(tmp_path), os.fsdecode(name))
    checkout = make_repository(parent)
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    assert layout(found(lane)) == (lane, f"{checkout}/.git/worktrees/gpuas-B-ui", f"{checkout}/.git", checkout)
    assert [entry["path"] for entry in worktrees(found(lane))] == [checkout, lane]


def test_nothing_beyond_the_cheap_standard_library_is_imported():
    probe = "import sys; import fairway_scripts.base.paths; print(' '.join(sys.modules))"
    names = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pathlib", "subprocess", "typing", "dataclasses", "re"} & set(names) - _started_with()


def _started_with() -> set[str]:
    """What the interpreter has loaded before our first line: site packages may bring their own."""
    probe = "import sys; print(' '.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split())


# --- worktrees --------------------------------------------------------------------------------------------


def test_worktrees_come_main_first_and_then_by_path(checkout):
    lanes = add_lane_worktrees(checkout, ["C-ops", "A-backend"])
    first = head(checkout)
    assert worktrees(found(lanes["C-ops"])) == [
        {"path": checkout, "branch": "master", "head": first, "main": True, "prunable": False},
        {
            "path": lanes["A-backend"],
            "branch": "agent/A-backend",
            "head": first,
            "main": False,
            "prunable": False,
        },
        {"path": lanes["C-ops"], "branch": "agent/C-ops", "head": first, "main": False, "prunable": False},
    ]


def test_worktrees_agree_with_git_about_heads_and_branches(checkout):
    lanes = add_lane_worktrees(checkout)
    commit_file(lanes["B-ui"], "x", "1")
    git(lanes["C-ops"], "switch", "--quiet", "--detach")
    said = git(checkout, "worktree", "list", "--porcelain")
    ours = []
    for entry in worktrees(found(checkout)):
        last = f"branch refs/heads/{entry['branch']}" if entry["branch"] else "detached"
        ours.append(f"worktree {entry['path']}\nHEAD {entry['head']}\n{last}\n")
    assert "\n".join(ours).rstrip() == said.rstrip()


def test_a_worktree_whose_folder_is_gone_is_prunable(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    os.rename(lane, lane + "-moved")
    assert [entry["prunable"] for entry in worktrees(found(checkout))] == [False, True]


def test_a_locked_worktree_is_never_prunable(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    git(checkout, "worktree", "lock", lane)
    os.rename(lane, lane + "-moved")
    assert [entry["prunable"] for entry in worktrees(found(checkout))] == [False, False]


def test_a_relative_entry_in_the_worktree_registry_is_resolved(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    with open(f"{checkout}/.git/worktrees/gpuas-B-ui/gitdir", "w", encoding="utf-8") as file:
        file.write("../../../../gpuas-B-ui/.git\n")
    assert worktrees(found(checkout))[1]["path"] == lane


def test_a_bare_repository_lists_only_its_lanes(checkout, tmp_path):
    bare = str(tmp_path / "project.git")
    git(checkout, "clone", "--quiet", "--bare", checkout, bare)
    git(bare, "worktree", "add", "--quiet", "--detach", str(tmp_path / "lane"))
    assert [(entry["path"], entry["main"]) for entry in worktrees(found(bare))] == [
        (os.path.realpath(tmp_path / "lane"), False)
    ]


# --- references -------------------------------------------------------------------------------------------


def test_a_loose_reference_is_read(checkout):
    assert read_ref(found(checkout), "refs/heads/master") == head(checkout)


def test_packed_references_are_read_whatever_their_place_in_the_file(checkout):
    branches = ["a", "master-old", "master", "z/master"]
    ids = {}
    for branch in branches:
        ids[branch] = commit_file(checkout, "f", branch)
        git(checkout, "branch", "--force", branch) if branch != "master" else None
    git(checkout, "tag", "-a", "-m", "annotated", "v1")
    git(checkout, "pack-refs", "--all")
    repo = found(checkout)
    assert not os.path.exists(f"{checkout}/.git/refs/heads/master")
    assert {branch: read_ref(repo, f"refs/heads/{branch}") for branch in branches[:2]} == {
        "a": ids["a"],
        "master-old": ids["master-old"],
    }
    assert read_ref(repo, "refs/heads/master") == head(checkout)
    assert read_ref(repo, "refs/heads/aster") is None


def test_a_loose_reference_wins_over_a_packed_one(checkout):
    git(checkout, "pack-refs", "--all")
    newer = commit_file(checkout, "f", "1")
    assert read_ref(found(checkout), "refs/heads/master") == newer


def test_head_means_the_worktree_one_stands_in(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    commit = commit_file(lane, "f", "1")
    assert read_ref(found(lane), "HEAD") == commit
    assert read_ref(found(checkout), "HEAD") != commit


def test_a_symbolic_reference_is_followed(checkout):
    git(checkout, "symbolic-ref", "refs/heads/main", "refs/heads/master")
    assert read_ref(found(checkout), "refs/heads/main") == head(checkout)


def test_symbolic_references_in_a_circle_end(checkout):
    for one, other in (("a", "b"), ("b", "a")):
        with open(f"{checkout}/.git/refs/heads/{one}", "w", encoding="utf-8") as file:
            file.write(f"ref: refs/heads/{other}\n")
    assert read_ref(found(checkout), "refs/heads/a") is None


@pytest.mark.parametrize(
    "name", ["refs/heads/absent", "refs/heads", "master", "refs/../HEAD", "/etc/passwd", "", "refs//heads/master"]
)
def test_what_is_no_reference_is_none(checkout, name):
    assert read_ref(found(checkout), name) is None


def test_a_reference_with_garbage_in_it_is_none(checkout):
    with open(f"{checkout}/.git/refs/heads/broken", "wb") as file:
        file.write(b"\x00" * 41)
    assert read_ref(found(checkout), "refs/heads/broken") is None


def test_references_in_another_format_are_left_to_git(checkout):
    assert found(checkout).plain_references
    with open(f"{checkout}/.git/config", encoding="utf-8") as file:
        before = file.read()
    for value, plain in (("reftable", False), ("files", True), ("FILES", True), ("what comes next", False)):
        # written past git: since 2.45 it does not start where it does not know the format
        write_file(checkout, ".git/config", f"{before}[extensions]\n\trefStorage = {value}\n")
        assert found(checkout).plain_references is plain


@pytest.mark.parametrize("name", ["packed-refs", "refs/heads/topic", "config"])
def test_a_file_of_git_that_cannot_be_read_is_not_taken_for_one_that_is_not_there(checkout, name):
    path = f"{checkout}/.git/{name}"
    if os.path.exists(path):
        os.unlink(path)
    os.symlink(path, path)  # unreadable for everybody, root too
    with pytest.raises(FairwayError) as caught:
        read_ref(found(checkout), "refs/heads/topic")
    assert caught.value.word == "git_unavailable"


def test_the_branch_of_a_head_without_commits_is_known(tmp_path):
    git(str(tmp_path), "init", "--quiet", "--initial-branch=topic/one")
    assert head_branch(str(tmp_path / ".git")) == "topic/one"
    assert worktrees(found(str(tmp_path)))[0]["head"] is None


def test_a_detached_head_has_no_branch(checkout):
    git(checkout, "switch", "--quiet", "--detach")
    assert head_branch(f"{checkout}/.git") is None


def test_a_head_that_is_missing_has_no_branch(tmp_path):
    assert head_branch(str(tmp_path)) is None


# --- file systems -----------------------------------------------------------------------------------------

MOUNTS = r"""22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw
25 22 0:22 / /proc rw,nosuid shared:5 - proc proc rw
40 22 0:40 / /home rw shared:7 master:1 - nfs4 server:/home rw,addr=10.0.0.1
41 40 0:41 / /home/with\040blank rw - 9p host rw,trans=virtio
42 22 0:42 / /twice rw - tmpfs tmpfs rw
43 42 0:43 / /twice rw - virtiofs share rw
44 22 0:44 / /tab\011and\134slash rw - fuse.sshfs host:/ rw
a line that is none
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/usr/share", "ext4"),
        ("/home", "nfs4"),
        ("/home/someone/project", "nfs4"),
        ("/homestead", "ext4"),
        ("/home/with blank/project", "9p"),
        ("/home/with", "nfs4"),
        ("/twice/x", "virtiofs"),
        ("/tab\tand\\slash/x", "fuse.sshfs"),
    ],
)
def test_the_file_system_of_the_longest_mount_point_counts(tmp_path, path, kind):
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS, encoding="utf-8")
    assert filesystem_type(path, str(table)) == kind


def test_without_a_mount_table_the_file_system_is_unknown(tmp_path):
    assert filesystem_type("/", str(tmp_path / "absent")) == ""


@pytest.mark.skipif(not os.path.exists("/proc/self/mountinfo"), reason="this system has no mountinfo")
def test_this_machine_says_what_the_folder_of_the_test_lies_on(tmp_path):
    assert filesystem_type(str(tmp_path)) != ""
