"""What the numbers of a status stand for, in the scripts' own words.

Four places say it: the text of a history beside the numbers (`todo -> in_progress`), a table of numbers and words, the
words behind the column in the table's own declaration, and the host's profile. A number for which none of them has a
word is listed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import our_word, plain_name
from fairway_scripts.cutover.bridge.legacy_words import WORDS
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import FAMILIES, in_family, move_of
from fairway_scripts.cutover.mapping.deleted_rows import FLAGS
from fairway_scripts.store.legacy_shapes import is_marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Signs
    from fairway_scripts.cutover.mapping.mapping_rules import Draft, Table

#: kind -> our column -> the family of its words
FAMILIES_OF = {
    "state": {"status": "status"},
    "archive": {"status": "status"},
    "history": {"to_status": "status", "from_status": "status"},
    "sessions": {"status": "session"},
    "evidence": {"result": "result"},
    "reviews": {"verdict": "verdict"},
    "checkpoints": {"state": "checkpoint"},
}
_MOST_STATUSES = 12
#: What a flag is called that says how a command ended, the code that says it, and what else such a table has.
_PASSED = {"ok", "isok", "pass", "passed", "success", "succeeded", "successful", "green"}
_CODES = {"exitcode", "exitstatus", "rc", "returncode", "code"}
_COMMANDS = {"command", "commandtext", "cmd", "commandline"}
_WORD = re.compile(r"\w+")
_DECLARED = re.compile(r"(?<![\w.])(\d{1,2})\s*(?:[=:]|is|->|=>)?\s*['\"]?([A-Za-z][A-Za-z_-]*)")


def sign_numbers(draft: Draft) -> None:
    """Give numbers whose words are declared, in a table of words or in the profile the sign of that family of words."""
    for table in draft.tables.values():
        of_tasks = any(signs.unique and signs.has(sign.TASK) for signs in table.signs.values())
        for column, signs in table.signs.items():
            are_words = of_tasks and signs.full and signs.found == {sign.NAME} and len(signs.values) <= _MOST_STATUSES
            if (are_words or column in draft.looked_up(table.name)) and _are_statuses(draft, signs.values):
                table.signs[column] = signs._replace(found=signs.found | {"status"})
            if not signs.has(sign.SMALL) or column in table.facts["pk"]:
                continue
            for family in WORDS.keys() & FAMILIES.keys():
                given = draft.words.get(family, {})
                for words in (
                    _lookup_tables(draft, table, column, family),
                    _declaration(draft, table, column, family),
                    given,
                ):
                    if words and signs.values <= words.keys():
                        table.signs[column] = signs._replace(found=signs.found | {family})
                        draft.words.setdefault(family, {}).update({k: v for k, v in words.items() if k not in given})
    _sign_outcomes(draft)


def _sign_outcomes(draft: Draft) -> None:
    """Give a flag called `ok`, or where nothing else says it the exit code of a command, the sign of results."""
    for table in draft.tables.values():
        if any(signs.has("result") for signs in table.signs.values()):
            continue
        named = {plain_name(column): column for column in table.signs}
        flags = [column for name, column in named.items() if name in _PASSED and _is_flag(table.signs[column])]
        codes = [column for name, column in named.items() if name in _CODES and _COMMANDS & {*named}]
        codes = [
            column for column in codes if table.signs[column].full and table.signs[column].has(sign.SMALL, sign.WHOLE)
        ]
        for column in (flags or codes)[:1] if len(flags) < 2 else ():
            passes = is_marked if flags else "0".__eq__
            words = {value: "pass" if passes(value) else "fail" for value in {*table.signs[column].values, "0", "1"}}
            given = draft.words.setdefault("result", {})
            if all(given.get(value, word) == word for value, word in words.items()):
                given.update(words)
                table.signs[column] = table.signs[column]._replace(found=table.signs[column].found | {"result"})


def _is_flag(signs: Signs) -> bool:
    return signs.full and {value.strip().lower() for value in signs.values} <= FLAGS


def _are_statuses(draft: Draft, words: Collection[str]) -> bool:
    """Tell whether most of some words are statuses: the others are listed."""
    return 2 * sum(bool(status_of(draft, word)) for word in words) > len(words)


def words_of_numbers(draft: Draft) -> None:
    """Find the words of every number that stands for one, note them in `draft.words`, and list those without one."""
    _history_numbers(draft)
    for name, theirs, family in numbered_columns(draft):
        table, given = draft.tables[name], draft.words.setdefault(family, {})
        for source in (_lookup_tables, _declaration):
            found = source(draft, table, theirs, family)
            given.update({number: word for number, word in found.items() if number not in given})
        for number in sorted(table.signs[theirs].values - {*given}, key=int):
            message = f"what {number} stands for is said nowhere ({family})"
            draft.problem(name, theirs, message, f'[legacy_db.words.{family}] "{number}" = "..."')


def words_speak_against(draft: Draft, kind: str, table: Table, columns: Mapping[str, str]) -> bool:
    """Tell whether a column that is called like one of words holds words, and most of them are none of its family."""
    if kind == "checkpoints" and table.signs[columns["subject_id"]].has(sign.TASK):
        return table.signs[columns["state"]].has("status")  # a log of what tasks were
    for ours, family in FAMILIES_OF.get(kind, {}).items():
        signs = table.signs[columns[ours]] if ours in columns else None
        if signs is None or not signs.filled or signs.has(sign.SMALL, sign.WHOLE):
            continue
        statuses, given = draft.known.statuses if family == "status" else None, draft.words.get(family)
        if 2 * sum(our_word(family, word, given, statuses) is not None for word in signs.values) < len(signs.values):
            return True
    return False


def say_unknown_statuses(draft: Draft) -> None:
    """List the words of statuses that stand for none of ours: a task in such a state stays as it was."""
    table, theirs = draft.chosen.get("state", ""), draft.columns.get("state", {}).get("status", "")
    signs = draft.tables[table].signs[theirs] if table and theirs else None
    for word in sorted(signs.values) if signs and not signs.has(sign.SMALL) else ():
        if not status_of(draft, word):
            decide = f'[legacy_db.words.status] {word} = "{" | ".join(draft.known.statuses)}"'
            draft.problem(table, theirs, f"what {word} stands for is said nowhere (status)", decide)


def numbered_columns(draft: Draft) -> list[list[str]]:
    """Return the columns of numbers that stand for words, as [table, column, family]."""
    found = []
    for kind, columns in FAMILIES_OF.items():
        for ours, family in columns.items():
            theirs = draft.columns.get(kind, {}).get(ours)
            if theirs and draft.tables[draft.chosen[kind]].signs[theirs].has(sign.SMALL):
                found.append([draft.chosen[kind], theirs, family])
    return found


def _history_numbers(draft: Draft) -> None:
    """Learn the numbers of a history by the moves that it tells beside them; which of the columns is which follows."""
    if "history" not in draft.chosen:
        return
    table = draft.tables[draft.chosen["history"]]
    numbers = [name for name, signs in table.signs.items() if signs.has(sign.SMALL) and name not in table.facts["pk"]]
    for text_column in [name for name, signs in table.signs.items() if signs.has(sign.MOVE)]:
        draft.understood.add((table.name, text_column))
        for place, ours in ((0, "from_status"), (1, "to_status")):
            known = draft.columns.get("history", {}).get(ours)
            fits = {column: _pairs(table, column, text_column, place) for column in numbers}
            good = [column for column, pairs in fits.items() if len(pairs) > 1 or (pairs and column == known)]
            if len(good) > 1:
                good = [one for one in good for two in numbers if one != two and _follows(table, one, two, place)]
            columns = draft.columns.setdefault("history", {})
            if len(good) == 1 and columns.get(ours, good[0]) == good[0]:
                columns[ours] = good[0]
                draft.reasons.setdefault("history", {}).setdefault(ours, f"the texts in {text_column} say it")
                words = draft.words.setdefault("status", {})
                found = _ours(draft, "status", fits[good[0]].items())
                words.update({number: word for number, word in found.items() if number not in words})


def _follows(table: Table, one: str, two: str, place: int) -> bool:
    """Tell whether `one` is the status from which (place 0) or to which (1) a task moved, beside `two`."""
    tasks = [name for name, signs in table.signs.items() if signs.has(sign.TASK)]
    return bool(tasks) and chains(table, tasks[0], *((one, two) if place == 0 else (two, one)))


def chains(table: Table, task: str, before: str, after: str) -> bool:
    """Tell whether moves of a task follow each other in this direction, somewhere, and in the other nowhere."""
    last: dict[str, Mapping[str, object]] = {}
    forward = backward = 0
    for row in table.rows:
        name = str(row[task])
        if name in last:
            forward += last[name][after] == row[before]
            backward += last[name][before] == row[after]
        last[name] = row
    return forward > backward and forward > 0


def _pairs(table: Table, column: str, text_column: str, place: int) -> dict[str, str]:
    """Number -> word where each number always stands beside one word and each word beside one number, else {}."""
    pairs: dict[str, str] = {}
    for row in table.rows:
        move = move_of(str(row[text_column])) if row[text_column] is not None else None
        if move is None or row[column] is None:
            continue
        if pairs.setdefault(str(row[column]), move[place]) != move[place]:
            return {}
    return pairs if len(set(pairs.values())) == len(pairs) else {}


def _lookup_tables(draft: Draft, table: Table, column: str, family: str) -> dict[str, str]:
    """Return a table of a number and a word each."""
    target = table.facts.get("refs", {}).get(column, ("", ""))[0]
    for name, other in draft.tables.items():
        keys = [key for key, signs in other.signs.items() if signs.unique and signs.has(sign.SMALL)]
        texts = [
            key for key, signs in other.signs.items() if signs.unique and in_family(family, signs.values, draft.known)
        ]
        small = len(other.signs) <= 4 or name == target
        if len(keys) == 1 and len(texts) == 1 and small and table.signs[column].values <= other.signs[keys[0]].values:
            draft.understood.update({(name, keys[0]), (name, texts[0])})
            return _ours(draft, family, ((str(row[keys[0]]), str(row[texts[0]])) for row in other.rows))
    return {}


def _declaration(draft: Draft, table: Table, column: str, family: str) -> dict[str, str]:
    """Return what stands behind the column in its table's declaration: `-- 0 todo, 1 in_progress`."""
    sql = str(table.facts.get("sql", ""))
    found = next((word for word in _WORD.finditer(sql) if word[0] == column), None)
    if found is None:
        return {}
    rest = sql[found.end() :]
    end = min([rest.find(mark) for mark in ("\n", "*/") if mark in rest] or [len(rest)])
    marks = [rest.find(mark) for mark in ("--", "/*") if 0 <= rest.find(mark) < end]
    return _ours(draft, family, _DECLARED.findall(rest[min(marks) : end])) if marks else {}


def _ours(draft: Draft, family: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the pairs as words of ours; {} when one stands for none: then it is no list of such words."""
    given: Mapping[str, str] = draft.words.get(family, {})
    statuses = draft.known.statuses if family == "status" else None
    found = {number: our_word(family, word, given, statuses) for number, word in pairs}
    known = {number: word for number, word in found.items() if word is not None}
    return known if len(known) == len(found) else {}


def status_of(draft: Draft, cell: object) -> str:
    """Return the status of ours that a cell stands for, "" when none is known."""
    if cell is None:
        return ""
    return our_word("status", str(cell), draft.words.get("status"), draft.known.statuses) or ""
