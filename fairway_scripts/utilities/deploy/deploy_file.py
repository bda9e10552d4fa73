"""What is deployed, or has to be: environments with services and their fields, in YAML or JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base.faults import WARNING
from fairway_scripts.formats.foreign_text import decode_foreign
from fairway_scripts.formats.input_file import refuse_faults
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.formats.yaml_events import read_yaml
from fairway_scripts.queue.files.task_fields import described
from fairway_scripts.utilities.deploy import deploy_kubectl
from fairway_scripts.utilities.deploy.deploy import COMMIT, DIGEST, FIELDS, KUBERNETES_FIELDS, REPLICAS, value_row
from fairway_scripts.utilities.json_fields import Fields

if TYPE_CHECKING:
    from fairway_scripts.formats.input_file import Document
    from fairway_scripts.utilities.deploy.deploy_shapes import Environment, Expected, Observed, Service, Value

ADAPTER = "deploy"
_TOP = ("version", "updated_at", "environments")
_COMMIT_FORM = re.compile(r"[0-9a-fA-F]{7,64}")
_DIGEST_FORM = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


def read_expected(document: Document) -> Expected:
    """What has to be deployed: `{environments, kubernetes}` in the order of the document.

    Each of `environments` has name, namespace ("" when it is not said) and services; each of those has name,
    environment, namespace and values (field -> `value_row`). `kubernetes` is field -> the annotations and labels that
    hold it. Raises FairwayError `invalid_document` with every fault: what no field is, a commit that is not 7 to 64
    hexadecimal digits, an image digest that is none, an expectation of nothing.
    """
    fields = Fields(document.path)
    top = _top(document, fields)
    found: Expected = {"environments": [], "kubernetes": {}}
    if top is not None:
        fields.known(top, "", [*_TOP, "kubernetes"])
        found["environments"] = _environments(top, fields, expected=True)
        found["kubernetes"] = _kubernetes_names(top, fields)
        if not fields.faults and not found["environments"]:
            fields.fault(top, "environments", "", "nothing_there", "expects nothing: name an environment and a service")
    refuse_faults(document.path, fields.faults)
    return found


def read_observed(document: Document, names: dict[str, list[str]]) -> Observed:
    """What is deployed: `{adapter, services, findings}`; a list of `kubectl get deploy -o json` is read as such.

    Each of `services` is as those of `read_expected`; its environment is "" when only the namespace is known. `names`
    is `kubernetes` of what is expected. What is observed is taken as it is: only its types are checked. Raises
    FairwayError `invalid_document` with every fault.
    """
    fields = Fields(document.path)
    top = _top(document, fields, foreign=True)
    odd = [fault for fault in fields.faults if fault.severity == WARNING]
    found: Observed = {"adapter": ADAPTER, "services": [], "findings": []}
    if top is not None and deploy_kubectl.is_kubectl(top):
        services, left_out = deploy_kubectl.read_kubectl(top, fields, names)
        found["adapter"], found["services"] = deploy_kubectl.ADAPTER, services
        found["findings"] += [{"code": "left_out", "place": document.name, "message": message} for message in left_out]
    elif top is not None and (other := _of_another(top)):
        fields.add(top.line, *other)
    elif top is not None:
        fields.known(top, "", _TOP)
        for environment in _environments(top, fields, expected=False):
            found["services"] += environment["services"]
    refuse_faults(document.path, fields.faults)
    found["findings"] += [
        {"code": fault.code, "place": f"{document.name}:{fault.line}", "message": fault.message} for fault in odd
    ]
    return found


def _of_another(value: object) -> tuple[str, str, str] | None:
    """The fault (place, code, message) of what Helm or Argo CD say, None for anything else."""
    row = value[0] if isinstance(value, TextList) and value else value
    if not isinstance(row, TextMap) or "environments" in row:
        return None
    status, own = row.get("status"), "says what was asked for and not what runs: give `kubectl get deploy -o json`"
    if isinstance(row.get("info"), TextMap) or ("chart" in row and "revision" in row):
        return ("info" if "info" in row else ""), "wrong_kind", f"is Helm's status, which {own}"
    if isinstance(status, TextMap) and {"health", "sync"} & set(status):
        return "status", "wrong_kind", f"is an application of Argo CD, which {own}"
    return None


def _top(document: Document, fields: Fields, *, foreign: bool = False) -> TextMap | None:
    """The outermost mapping; None after a fault, which is on the list of `fields`.

    In a document that another program wrote (`foreign`) a byte order mark is believed, and what no text holds is shown.
    """
    text, odd = (
        decode_foreign(document.data, document.path) if foreign else (document.data.decode("utf-8", "replace"), [])
    )
    as_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") and not document.name.endswith((".yaml", ".yml"))
    source = text if foreign else document.data
    reading = read_json(source, document.path, foreign=foreign) if as_json else read_yaml(source, document.path)
    fields.faults += [*odd, *reading.faults]
    if isinstance(reading.value, TextMap):
        return reading.value
    if foreign and (other := _of_another(reading.value)):
        fields.add(1, *other)
    elif not reading.faults:
        what = f"the document is {described(reading.value)}, not a mapping with `environments`"
        fields.add(1, "", "wrong_shape", what)
    return None


def _environments(top: TextMap, fields: Fields, *, expected: bool) -> list[Environment]:
    if "environments" not in top:
        fields.fault(top, "environments", "", "missing", "is missing")
        return []
    found: list[Environment] = []
    for name, node, at in _named(top, "environments", "", fields):
        fields.known(node, at, ("namespace", "services"))
        namespace = fields.text(node, "namespace", at)
        services: list[Service] = []
        for service, entry, place in _named(node, "services", at, fields):
            values = _values(entry, place, fields, expected=expected)
            services.append({"name": service, "environment": name, "namespace": namespace, "values": values})
            if expected and not values:
                fields.add(entry.line, place, "nothing_there", f"expects nothing: name one of {', '.join(FIELDS)}")
        if expected and not services:
            fields.fault(node, "services", at, "nothing_there", "expects nothing: name a service")
        found.append({"name": name, "namespace": namespace, "services": services})
    return found


def _named(node: TextMap, key: str, at: str, fields: Fields) -> list[tuple[str, TextMap, str]]:
    """The mappings that the mapping `key` names: (name, mapping, path)."""
    place = f"{at}.{key}" if at else key
    inner = fields.inner(node, key, at)
    found = []
    for name in inner or ():
        if not name.strip() or not name.isprintable():
            fields.fault(inner or node, name, place, "bad_name", "a name must be one line of text")
            continue
        entry = fields.inner(inner or node, name, place)
        if entry is None:
            if (inner or node)[name] is None:
                fields.fault(inner or node, name, place, "missing", "is empty")
            continue
        found.append((name.strip(), entry, f"{place}.{name}"))
    return found


def _values(node: TextMap, at: str, fields: Fields, *, expected: bool) -> dict[str, Value]:
    """The fields of a service that are said, in the order of `FIELDS`."""
    fields.known(node, at, FIELDS)
    values = {}
    for field in FIELDS:
        if field == REPLICAS:
            number = fields.whole(node, field, at)
            text = "" if number is None else str(number)
        else:
            text = fields.text(node, field, at).strip()
        if not text:
            continue
        if expected and field == COMMIT and not _COMMIT_FORM.fullmatch(text):
            fields.fault(node, field, at, "bad_commit", f"is {text!r}, which is not 7 to 64 hexadecimal digits")
        if expected and field == DIGEST and not _DIGEST_FORM.fullmatch(text):
            fields.fault(node, field, at, "bad_digest", f"is {text!r}, which is no digest such as sha256:<64 digits>")
        values[field] = value_row(text)
    return values


def _kubernetes_names(top: TextMap, fields: Fields) -> dict[str, list[str]]:
    """Field -> the annotations and labels that hold it, the document's own before the customary ones."""
    node = fields.inner(top, "kubernetes", "")
    found = {field: list(names) for field, names in deploy_kubectl.CUSTOMARY.items()}
    if node is not None:
        fields.known(node, "kubernetes", KUBERNETES_FIELDS)
        for field in KUBERNETES_FIELDS:
            name = fields.text(node, field, "kubernetes").strip()
            found[field] = [name] if name else found[field]
    return found
