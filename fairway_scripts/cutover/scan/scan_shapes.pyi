from typing import TypedDict

class MakeVariable(TypedDict):
    value: str
    simple: bool
    origin: str
    file: str
    line: int

class Rule(TypedDict):
    target: str
    prerequisites: list[str]
    double: bool
    recipe: list[str]
    file: str
    line: int
    variables: list[str]

class MakeDatabase(TypedDict):
    variables: dict[str, MakeVariable]
    targets: list[Rule]
    patterns: list[Rule]

class ReadTimeAction(TypedDict):
    file: str
    line: int
    kind: str
    text: str

class UnsafeLine(TypedDict):
    file: str
    line: int
    why: str
    text: str

class Recipe(TypedDict):
    target: str
    file: str
    line: int
    pattern: bool
    text: str
    exports: dict[str, str]
    why: str

class Recipes(TypedDict):
    targets: list[Recipe]
    holes: list[str]
    reads: list[ReadTimeAction]
    said: list[str]

class Mention(TypedDict):
    path: str
    line: int
    script: str
    how: str
    text: str

class ScriptWords(TypedDict):
    script: str
    words: list[str]

class Callers(TypedDict):
    scripts: list[ScriptWords]
    callers: list[Mention]
    ci: list[Mention]

class Hazard(TypedDict):
    kind: str
    line: int
    text: str
    name: str

class Question(TypedDict):
    place: str
    script: str
    subcommand: str
    question: str

class FoundCall(TypedDict):
    target: str
    place: str
    script: str
    subcommand: str
    tool: str

class ListedCall(FoundCall):
    by: str

class ScanAnswer(Callers):
    repo: str
    makefile: str
    calls: list[ListedCall]
    to_fill_in: list[Question]
    reads: list[ReadTimeAction]
    said: list[str]
    added: list[str]
