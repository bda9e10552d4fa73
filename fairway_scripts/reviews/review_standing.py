"""How a task's reviews stand to one commit: the one rule by which merge-ready, done and every report judge them.

What is asked are lanes (by the changed paths, the shape of the review, or a person) and domains (by the declaration of
the task). Each is answered by an approval that covers the commit, by one that a task above has been given for it, or
by a waiver that still counts; an objection stands in the way of all of them.
"""

from __future__ import annotations

from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.proof_lines import reading_asked
from fairway_scripts.work.review_verdicts import asked_text, concerns, speaker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.reviews.judged_shapes import Bar, Objection, ReviewFinding, Stands, SummedUp
    from fairway_scripts.work.work_shapes import Asked, Verdict


def judge(asked: Sequence[Asked], verdicts: Sequence[Verdict], commit: str, same: set[int] | None) -> list[Stands]:
    """How each lane and domain that is asked stands to `commit`, in the order of `asked`.

    `asked` are the entries of `reviews.by_lane` and `review_bar.bar_of`; `verdicts` are those of
    `review_verdicts.standing_verdicts`, with the ones of tasks above (`inherited_from`, a task id) and those that a
    waiver stands for (`waiver`, its row); `same` the ids of reviews that cover the commit, None when changes were not
    compared. With `commit` "" there is nothing to compare with, and an approval of any commit answers.

    An entry may have `counts_for`, the domains for which an approval by its lane counts. Gives the entries, but for
    those counted ones that come with a named approval which is missing too, with `ok`, `verdict`, `reviewer`,
    `reviewed_commit_sha` (None where nobody spoke), `review_id`, `inherited_from` and `waiver_id` (of what answers;
    None), and `message`.
    """
    taken = _shared_out([entry for entry in asked if entry.get("counted")], verdicts, commit, same)
    counted = iter(taken)
    found = [_stands(entry, verdicts, commit, same, next(counted) if entry.get("counted") else None) for entry in asked]
    return _without_followers(found)


def _without_followers(found: list[Stands]) -> list[Stands]:
    """The entries without those counted ones that a named approval will answer which is missing itself."""
    coming = [row.get("counts_for") or row["domains"] for row in found if not row["ok"] and not row.get("counted")]
    kept = []
    for row in found:
        follows = next((names for names in coming if set(names) & set(row["domains"])), None)
        if row["ok"] or not row.get("counted") or row["verdict"] or follows is None:
            kept.append(row)
        else:
            coming.remove(follows)
    return kept


def other_objections(
    asked: Sequence[Asked], verdicts: Sequence[Verdict], commit: str, same: set[int] | None
) -> list[Objection]:
    """The standing objections that no lane or domain which is asked by name shows: `{lane, domains, current, message}`.

    `current` says that the objection is to this commit (or the same change), not to an older state of the work.
    """
    found: list[Objection] = []
    for row in verdicts:
        named = any(_speaks_for(row, entry) for entry in asked if not entry.get("counted"))
        if row["verdict"] == APPROVED or named:
            continue
        found.append(
            {
                "lane": row["reviewer_role"],
                "domains": [domain] if (domain := row.get("review_domain")) else [],
                "current": not commit or _covers(row, commit, same),
                "message": f"{speaker(row)}: {_said(row)}",
            }
        )
    return found


def is_approval(row: Verdict, commit: str, same: set[int] | None) -> bool:
    """Whether a verdict is somebody's approval of `commit`: a waiver is none."""
    return bool(row["verdict"] == APPROVED and not row.get("waiver") and _covers(row, commit, same))


def summed_up(
    reviews: Sequence[Stands], objections: Sequence[Objection], bar: Bar, *, gate: bool, approved: bool
) -> SummedUp:
    """What all of it comes to: `{reviews, objections, bar, findings, binding, ok, missing}`.

    `findings` are the reasons why the review does not stand, each `{lane, domains, message}`, [] when it stands.
    `gate` is `gates.require_review_before_done`, `approved` whether anybody at all has approved this commit. The
    review is `binding` where the task declares one or the gate is shut: then it stands in the way of the finished
    status too, not only of the merge. `missing` names the lanes and domains whose approval is missing,
    `missing_domains` the domains alone.
    """
    findings: list[ReviewFinding] = [{"lane": "", "domains": [], "message": fault} for fault in bar["faults"]]
    findings += [_finding(row) for row in reviews if not row["ok"]]
    findings += [_finding(row) for row in objections if row["current"]]
    if gate and not approved and not findings:
        message = "nobody has approved this commit, and gates.require_review_before_done asks for it"
        findings.append({"lane": "", "domains": [], "message": message})
    return {
        "reviews": list(reviews),
        "objections": list(objections),
        "bar": bar,
        "findings": findings,
        "binding": bool(gate or bar["declared"]),
        "ok": not findings,
        "missing": missing(reviews),
        "missing_domains": missing([row for row in reviews if row["domains"]]),
    }


def _finding(row: Stands | Objection) -> ReviewFinding:
    return {"lane": row["lane"], "domains": row["domains"], "message": row["message"]}


def missing(reviews: Iterable[Stands]) -> list[str]:
    """What the reviews that do not stand ask for: a lane, a domain, or `ops or security`."""
    names = (asked_text(entry["lane"], entry.get("domains", [])) for entry in reviews if not entry["ok"])
    return list(dict.fromkeys(names))


def review_line(entry: Stands | ReviewFinding, commit: str) -> str:
    """Whose verdict is asked for, as a sentence; for a domain also how it is told that the verdict is for that one."""
    domain = entry["domains"][0] if entry.get("domains") else ""
    told = f" with REVIEW_DOMAIN {domain}" if domain else ""
    return f"{reading_asked([entry['lane'] or 'another lane'], commit or 'the commit')}{told}"


def _speaks_for(row: Verdict, entry: Asked) -> bool:
    return concerns(row, entry["lane"], entry.get("domains", []))


def _covers(row: Verdict, commit: str, same: set[int] | None) -> bool:
    """Whether a verdict counts for `commit`: read on it, on the same change, or inherited or waived for it.

    An approval of one's own work (`own_work`) counts for none.
    """
    if row.get("own_work"):
        return False
    if not commit or row.get("inherited_from") or row.get("waiver"):
        return True
    return bool(row["id"] in (same or set()) or (row["reviewed_commit_sha"] == commit and not row.get("stale_why")))


def _shared_out(
    entries: Sequence[Asked], verdicts: Sequence[Verdict], commit: str, same: set[int] | None
) -> list[Verdict | None]:
    """An approval for each counted entry, no approval and no domain twice; as many entries as can be are answered."""
    good = [row for row in verdicts if row["verdict"] == APPROVED and _covers(row, commit, same)]

    def best(at: int, used: frozenset[int], domains: frozenset[str]) -> list[Verdict | None]:
        if at == len(entries):
            return []
        options: list[list[Verdict | None]] = [
            [row, *best(at + 1, used | {place}, domains | {domain})]
            for place, row in enumerate(good)
            if place not in used
            for domain in row["domains"]
            if domain in entries[at].get("domains", []) and domain not in domains
        ]
        options.append([None, *best(at + 1, used, domains)])
        return max(options, key=lambda option: sum(item is not None for item in option))

    return best(0, frozenset(), frozenset())


def _stands(
    entry: Asked, verdicts: Sequence[Verdict], commit: str, same: set[int] | None, counted: Verdict | None
) -> Stands:
    speaking = [row for row in verdicts if _speaks_for(row, entry)]
    good = [row for row in speaking if row["verdict"] == APPROVED and _covers(row, commit, same)]
    against = next((row for row in speaking if row["verdict"] != APPROVED), None)
    if entry.get("counted"):
        found, ok = counted or (speaking[-1] if speaking and not good else None), counted is not None
        against = None if ok else against
    else:
        found, ok = against or (good[-1] if good else speaking[-1] if speaking else None), bool(good) and not against
    return {
        **entry,
        "domains": entry.get("domains", []),
        "ok": ok,
        "verdict": found["verdict"] if found else None,
        "reviewer": found["reviewer"] if found else None,
        "reviewed_commit_sha": found["reviewed_commit_sha"] if found else None,
        "review_id": found["id"] if found else None,
        "inherited_from": found.get("inherited_from") if found else None,
        "waiver_id": found["waiver"]["id"] if found and found.get("waiver") else None,
        "message": _message(entry, against or found, commit, same, ok=ok),
    }


def _message(entry: Asked, row: Verdict | None, commit: str, same: set[int] | None, *, ok: bool) -> str:
    domains, because = entry.get("domains", []), f"({entry['layer']}: {', '.join(entry['rules'])})"
    subject = asked_text(entry["lane"], domains)
    if row is None:
        if domains:
            who = f"; {entry['lane']} is asked" if entry["lane"] else ""
            return f"{subject} has no approval {because}{who}"
        return f"{entry['lane']} has not reviewed {because}"
    if row.get("waiver"):
        return f"{subject}: {row['waiver']['text']}"
    told = f"{subject}: {_said(row)}" if not domains else f"{subject}: {speaker(row)}: {_said(row)}"
    if row.get("own_work"):
        return f"{told}, which does not count: {row['own_work']}"
    if ok and row["reviewed_commit_sha"] != commit and commit and not row.get("inherited_from"):
        return f"{told}, the same change as REF"
    if not ok and row["verdict"] == APPROVED and not _covers(row, commit, same):
        if same is None:
            return f"{told}, which is another commit than {commit[:12]}; queue-merge-ready compares them"
        why = f" ({row['stale_why']})" if row.get("stale_why") else ""
        return f"{told}, which is stale: REF is {commit[:12]} with another change{why}"
    if not ok and row["verdict"] == APPROVED:
        return f"{told}, which answers for another approval that is asked for {because}"
    return told


def _said(row: Verdict) -> str:
    from fairway_scripts.work.verdicts import verdict_text

    above = f", with {row['inherited_from']} (review {row['id']})" if row.get("inherited_from") else ""
    return f"{verdict_text(row)}{above}"
