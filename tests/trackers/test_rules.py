"""The rules in process: whatever both sides say, a second look after doing what is proposed finds nothing to do."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.trackers.issue_rules import fields_of, notes_of, obstacles, text_faults
from fairway_scripts.trackers.links import Base, ours_of, theirs_of
from fairway_scripts.trackers.reconcile_rules import judge, keep_text
from fairway_scripts.trackers.services.issues import Issue
from fairway_scripts.trackers.services.rich_text import document, plain
from fairway_scripts.trackers.summary_text import Standing, is_marked, marked, same_text, summary

WORDS = st.sampled_from(["a", "b", " b ", "c\nd", ""])
ISSUES = st.builds(
    Issue,
    key=st.sampled_from(["x/y#1", "x/z#2"]),
    remote_id=st.just("1"),
    url=st.just("https://x"),
    title=WORDS,
    body=WORDS,
    state=st.sampled_from(["open", "closed", ""]),
    state_word=st.just("word"),
    labels=st.sampled_from([(), ("l",)]),
    updated_at=st.just("t"),
    locked=st.booleans(),
    private=st.booleans(),
)


@given(was=ISSUES, now=ISSUES, title=WORDS, notes=WORDS, imported=st.booleans(), changed=st.booleans())
def test_a_second_look_finds_nothing_to_do(
    was: Issue, now: Issue, title: str, notes: str, *, imported: bool, changed: bool
) -> None:
    begun = ours_of(was.title.strip(), notes_of(was.url, was.body)) if imported else ours_of("own", "own")
    base: Base = {"theirs": theirs_of(was), "ours": begun, "imported": imported}
    ours = ours_of(title, notes) if changed else begun
    first = judge(base, theirs_of(now), now, ours, was.key)
    new_title = first.fields.get("title", ours["title"])
    after = {**ours, "title": new_title}
    if "notes" in first.fields:
        after["notes_hash"] = ours_of("", first.fields["notes"])["notes_hash"]
    second = judge(first.base, theirs_of(now), now, ours_of("", "") | after, now.key)  # type: ignore[arg-type]
    assert second.proposals == []
    assert second.fields == {}
    assert [word for word, _message in second.faults] == [word for word, _message in first.faults]
    if not imported:
        assert first.fields == {}


@given(was=ISSUES, now=ISSUES)
def test_a_text_that_is_refused_stays_open(was: Issue, now: Issue) -> None:
    """Nothing of it is remembered as agreed, so the next look sees it again."""
    begun = ours_of(was.title.strip(), notes_of(was.url, was.body))
    base: Base = {"theirs": theirs_of(was), "ours": begun, "imported": True}
    judged = judge(base, theirs_of(now), now, begun, was.key)
    expected = dict(judged.fields)
    keep_text(judged, base)
    assert judged.fields == {}
    assert not [row for row in judged.proposals if row["does"] == "ours"]
    again = judge(judged.base, theirs_of(now), now, begun, now.key)
    assert again.fields == expected


@given(words=st.lists(st.text(), min_size=4, max_size=4), counts=st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_a_comment_orders_nothing_and_calls_nobody(words: list[str], counts: list[int]) -> None:
    text = summary(Standing(words[0], words[1], words[2], words[3], words[1], *counts))
    for line in text.splitlines():
        assert not line.startswith(("/", "@", "#", ">", "<", "!"))
    assert not set("@#<>[]()`*|\\") & set(text)


@given(text=st.text(), mark=st.sampled_from(["<!-- fairway-link a -->", "fairway-link b"]))
def test_a_comment_is_found_by_its_mark_and_a_quotation_is_not(text: str, mark: str) -> None:
    body = marked(text, mark)
    assert is_marked(body, mark)
    assert is_marked(body.replace("\n", "\r\n"), mark)
    assert same_text(body, body.replace("\n", "\r\n"))
    assert not is_marked("\n".join(f"> {line}" for line in marked("text", mark).splitlines()), mark)


def test_a_document_of_jira_reads_as_its_lines() -> None:
    text = "One\nTwo"
    assert plain(document(text)) == text
    item = {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}]}
    mention = {"type": "mention", "attrs": {"text": "@ann"}}
    heading = {"type": "heading", "content": [{"type": "text", "text": "H"}, mention]}
    assert plain({"type": "doc", "content": [heading, {"type": "bulletList", "content": [item]}]}) == "H@ann\n- x"
    assert plain(None) == ""


ISSUE = Issue("x/y#1", "1", "https://x", "Title", "Body", "open", "open", (), "t")


def test_what_stands_in_the_way_is_told_at_once() -> None:
    wrong = replace(ISSUE, is_change=True, private=True, state="closed", title="", moved_to="9")
    assert [word for word, _message in obstacles(wrong)] == ["not_an_issue", "moved", "private", "closed", "unfit_text"]
    assert obstacles(ISSUE) == []
    assert text_faults(replace(ISSUE, title="Grüße 👩‍💻 — ok")) == []


def test_the_call_decides_the_lane_before_labels_and_the_tracker() -> None:
    entry = {"label": "ops", "role": "C-ops", "kind": "", "priority": None, "tag": ""}
    tracker = {"labels": [entry], "role": "B-ui", "ignore_labels": []}
    for labels, role, lane in ((("ops",), "A", "A"), (("ops",), "", "C-ops"), ((), "", "B-ui")):
        fields, faults = fields_of(replace(ISSUE, labels=labels), tracker, role)  # type: ignore[arg-type]
        assert (fields["role"], faults) == (lane, [])
