from typing import TypedDict

class NumberedLine(TypedDict):
    number: int
    text: str

class Failed(TypedDict):
    title: str
    lines: list[str]

class ShownLine(NumberedLine):
    failing: bool

class Block(TypedDict):
    title: str
    source: str
    note: str
    lines: list[ShownLine]
