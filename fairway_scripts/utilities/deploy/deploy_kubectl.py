"""What runs in a cluster, as `kubectl get deploy -o json` prints it: one workload or a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.formats.text_tree import TextMap
from fairway_scripts.utilities.deploy.deploy import COMMIT, CONFIG_HASH, DIGEST, HEALTH, REPLICAS, VERSION, value_row
from fairway_scripts.utilities.deploy.workload_health import Counts, health_of, newest_ready

if TYPE_CHECKING:
    from fairway_scripts.utilities.deploy.deploy_shapes import Service, Value
    from fairway_scripts.utilities.json_fields import Fields

ADAPTER = "kubectl"
#: The kinds that are services here, and the fields of their status: how many are there, ready, updated, available.
_STATUS = {
    "Deployment": ("replicas", "readyReplicas", "updatedReplicas", "availableReplicas"),
    "StatefulSet": ("replicas", "readyReplicas", "updatedReplicas", "availableReplicas"),
    "DaemonSet": ("currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable"),
}
#: Kinds that run pods and are not read here, and why: what they say is not what a service is.
_REFUSED = {
    "Rollout": "which has a strategy of its own: ask `kubectl argo rollouts status`",
    "ReplicaSet": "which is one template of a Deployment: give the Deployment",
    "ReplicationController": "which has no rollout: give the Deployment",
    "Job": "which ends: it is no service",
    "CronJob": "which starts Jobs: it is no service",
    "Pod": "which is one copy of a workload: give the workload",
}
#: The annotations and labels that customarily hold a field; the first that is there counts.
CUSTOMARY: dict[str, tuple[str, ...]] = {
    COMMIT: ("org.opencontainers.image.revision", "app.kubernetes.io/commit", "git-commit", "commit"),
    VERSION: ("app.kubernetes.io/version", "org.opencontainers.image.version", "version"),
    CONFIG_HASH: ("checksum/config", "config-hash"),
}
_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"


def is_kubectl(top: TextMap) -> bool:
    """Whether a document says what kind of thing of a cluster it is."""
    return "kind" in top and "apiVersion" in top


def read_kubectl(top: TextMap, fields: Fields, names: dict[str, list[str]]) -> tuple[list[Service], list[str]]:
    """(the services, what was left out); `names` is field -> the annotations and labels that may hold it.

    The pods' template comes before the workload itself: it is what runs. Of several containers, the one counts that
    the annotation of kubectl names, else the one with the workload's name, else the first, as kubectl does it. What
    is wrong goes to `fields.faults`; kinds that are no workloads are left out.
    """
    kind = fields.text(top, "kind", "", required=True)
    if kind in _STATUS:
        return [_workload(top, "", fields, names)], []
    if not kind.endswith("List"):
        why = f", {_REFUSED[kind]}" if kind in _REFUSED else ""
        fields.fault(top, "kind", "", "wrong_kind", f"is {kind!r}{why}; read are List, {', '.join(_STATUS)}")
        return [], []
    services: list[Service] = []
    others: dict[str, int] = {}
    if "items" not in top:
        fields.fault(top, "items", "", "missing", "is missing")
    for node, at in fields.rows(top, "items", ""):
        # the items of a DeploymentList do not repeat their kind
        own = fields.text(node, "kind", at) or kind.removesuffix("List")
        if not own:
            fields.fault(node, "kind", at, "missing", "is missing")
            continue
        if own in _STATUS:
            services.append(_workload(node, at, fields, names, own))
        else:
            about = f"kind {own}, {_REFUSED.get(own) or _why_left_out(node)}"
            others[about] = others.get(about, 0) + 1
    return services, [f"{count} of {about}" for about, count in sorted(others.items())]


def _why_left_out(node: TextMap) -> str:
    """Why a kind is left out that is not known here: what has a template runs pods (OpenShift, Kruise, Knative)."""
    spec = node.get("spec")
    runs_pods = isinstance(spec, TextMap) and isinstance(spec.get("template"), TextMap)
    return "which runs pods in a way that is not read here" if runs_pods else "which is no workload"


def _workload(node: TextMap, at: str, fields: Fields, names: dict[str, list[str]], kind: str = "") -> Service:
    kind = kind or fields.text(node, "kind", at)
    about = _need(node, "metadata", at, fields)
    name = fields.text(about, "name", _at(at, "metadata"), required=True)
    spec = _need(node, "spec", at, fields)
    template = _need(spec, "template", _at(at, "spec"), fields)
    places = [
        ("pod annotation", _texts(template, "annotations", _at(at, "spec.template"), fields)),
        ("pod label", _texts(template, "labels", _at(at, "spec.template"), fields)),
        ("annotation", _texts(node, "annotations", at, fields)),
        ("label", _texts(node, "labels", at, fields)),
    ]
    values: dict[str, Value] = {}
    for field in (COMMIT, VERSION, CONFIG_HASH):
        found = _said(names[field], places)
        if found:
            values[field] = found
    chosen = next((texts.get(_DEFAULT_CONTAINER, "") for _what, texts in places), "")
    values |= _image(template, _at(at, "spec.template"), fields, chosen or name, named_version=VERSION in values)
    values |= _standing(node, at, fields, kind)
    return {
        "name": name,
        "environment": "",
        "namespace": fields.text(about, "namespace", _at(at, "metadata")) or "default",
        "values": values,
    }


def _at(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _need(node: TextMap, key: str, at: str, fields: Fields) -> TextMap:
    """An object inside that has to be there; an empty one after the fault."""
    found = fields.inner(node, key, at)
    if found is None:
        if node.get(key) is None:
            fields.fault(node, key, at, "missing", "is missing")
        return TextMap(node.line)
    return found


def _texts(node: TextMap, key: str, at: str, fields: Fields) -> dict[str, str]:
    """`metadata.annotations` or `metadata.labels` of an object."""
    about = fields.inner(node, "metadata", at) or TextMap(node.line)
    inner = fields.inner(about, key, _at(at, "metadata")) or TextMap(node.line)
    return {name: fields.text(inner, name, _at(at, f"metadata.{key}")) for name in inner}


def _said(names: list[str], places: list[tuple[str, dict[str, str]]]) -> Value | None:
    for name in names:
        for what, texts in places:
            if texts.get(name):
                return value_row(texts[name], f"{what} {name}")
    return None


def _image(template: TextMap, at: str, fields: Fields, wanted: str, *, named_version: bool) -> dict[str, Value]:
    """The digest of the image, and its tag as the version where nothing else says one."""
    pod = _need(template, "spec", at, fields)
    rows = fields.rows(pod, "containers", _at(at, "spec"))
    if not rows:
        fields.fault(pod, "containers", _at(at, "spec"), "missing", "names no container")
        return {}
    read = [
        (fields.text(row, "name", place, required=True), fields.text(row, "image", place, required=True))
        for row, place in rows
    ]
    name, image = next((entry for entry in read if entry[0] == wanted), read[0])
    named, _sign, digest = image.partition("@")
    tag = named.rpartition("/")[2].partition(":")[2]
    values = {DIGEST: value_row(digest, f"image of container {name}")} if digest else {}
    if tag and not named_version:
        values[VERSION] = value_row(tag, f"image tag of container {name}")
    return values


def _standing(node: TextMap, at: str, fields: Fields, kind: str) -> dict[str, Value]:
    """Ready replicas, and health from what the cluster's own controller says."""
    counts = _counts(node, at, fields, kind)
    word, why = health_of(counts)
    ready, told = newest_ready(counts)
    return {
        REPLICAS: value_row(str(ready), "ready replicas", told),
        HEALTH: value_row(word, "status of the workload", why),
    }


def _counts(node: TextMap, at: str, fields: Fields, kind: str) -> Counts:
    """The numbers of a workload; what a status leaves out is 0, as the API server writes it."""
    spec = fields.inner(node, "spec", at) or TextMap(node.line)
    status = fields.inner(node, "status", at) or TextMap(node.line)
    about = fields.inner(node, "metadata", at) or TextMap(node.line)
    place = _at(at, "status")
    given = fields.whole(spec, "replicas", _at(at, "spec"))
    desired = 1 if given is None else given
    if kind == "DaemonSet":
        desired = fields.whole(status, "desiredNumberScheduled", place) or 0
    total, ready, updated, available = (fields.whole(status, key, place) for key in _STATUS[kind])
    generation = fields.whole(about, "generation", _at(at, "metadata")) or 0
    seen = fields.whole(status, "observedGeneration", place) or 0
    conditions = {
        fields.text(row, "type", where): (fields.text(row, "status", where), fields.text(row, "reason", where))
        for row, where in fields.rows(status, "conditions", place)
    }
    revisions = [fields.text(status, key, place) for key in ("currentRevision", "updateRevision")]
    settled = kind != "StatefulSet" or revisions[0] == revisions[1]
    if kind == "StatefulSet" and settled and any(revisions):
        # clusters leave these numbers out, or at 0, once there is one revision only
        updated = updated or total
        available = ready if available is None else available
    strategy, partition = _strategy(spec, at, fields)
    return Counts(
        desired,
        max(total or 0, updated or 0),
        updated or 0,
        ready or 0,
        available or 0,
        current=seen >= generation,
        settled=settled,
        condition=conditions.get("Progressing", ("", "")),
        deleted_at=fields.text(about, "deletionTimestamp", _at(at, "metadata")),
        by_hand=strategy == "OnDelete",
        kept_back=min(partition, desired) if kind == "StatefulSet" and not settled else 0,
    )


def _strategy(spec: TextMap, at: str, fields: Fields) -> tuple[str, int]:
    """The update strategy of a StatefulSet or DaemonSet, and how many pods its partition keeps back."""
    place = _at(at, "spec.updateStrategy")
    strategy = fields.inner(spec, "updateStrategy", _at(at, "spec")) or TextMap(spec.line)
    rolling = fields.inner(strategy, "rollingUpdate", place) or TextMap(spec.line)
    return fields.text(strategy, "type", place), fields.whole(rolling, "partition", f"{place}.rollingUpdate") or 0
