from typing import Protocol

import yaml

# An event of any kind: the reader looks at its type before it asks for what its kind has.
class Event(Protocol):
    start_mark: yaml.Mark
    end_mark: yaml.Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
