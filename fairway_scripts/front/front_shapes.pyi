from typing import TypedDict

from fairway_scripts.base.settings_shape import Settings
from fairway_scripts.queue.setting_up import WrittenConfig

class ValidConfig(TypedDict):
    path: str
    faults: list[dict[str, str | int]]

class ReadSettings(TypedDict):
    path: str
    settings: Settings
    value: object

class SetValue(TypedDict):
    path: str
    key: str
    before: object
    after: object

class AddedLanes(TypedDict):
    path: str
    added: list[str]
    lanes: list[str]

class AddedWords(TypedDict):
    path: str
    section: str
    added: list[str]

class DoneSetUp(WrittenConfig):
    made: list[str]
    makefile: str
    next_step: str
