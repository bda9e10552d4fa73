"""What is deployed, as documents say it: the forms, and what makes each of them unfit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.formats.input_file import Document
from fairway_scripts.utilities.deploy.deploy_file import read_expected, read_observed
from fairway_scripts.utilities.deploy.deploy_kubectl import CUSTOMARY

NAMES = {field: list(names) for field, names in CUSTOMARY.items()}
DIGEST = "sha256:" + "ab" * 32


def document(text: str | bytes, name: str = "deploy.yaml") -> Document:
    return Document(name, name, text if isinstance(text, bytes) else text.encode(), name)


def one(service: str, name: str = "deploy.yaml") -> Document:
    return document(f"environments: {{staging: {{services: {{api: {service}}}}}}}", name)


def values(service: dict[str, Any]) -> dict[str, str]:
    return {field: value["value"] for field, value in service["values"].items()}


def workload(kind: str = "Deployment", **over: Any) -> dict[str, Any]:
    """A Deployment as kubectl prints it, healthy and with two replicas."""
    container = {"name": "api", "image": f"registry.example.com:5000/team/api:1.4.2@{DIGEST}"}
    found: dict[str, Any] = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "api", "namespace": "prod", "generation": 3, "labels": {}, "annotations": {}},
        "spec": {"replicas": 2, "template": {"metadata": {}, "spec": {"containers": [container]}}},
        "status": {"observedGeneration": 3, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2},
    }
    return {**found, **over}


#: A rollout that has made its new pods beside the old ones.
SURGE = {"observedGeneration": 3, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2}


def observed(top: Any, names: dict[str, list[str]] | None = None) -> dict[str, Any]:
    return read_observed(document(json.dumps(top), "kubectl.json"), names or NAMES)


# --- environments, services, fields ---------------------------------------------------------------------------


def test_yaml_and_json_say_the_same_and_numbers_stay_as_they_are_written() -> None:
    yaml = "environments:\n  staging:\n    services:\n      api:\n        commit: 0123456\n        version: 1.10\n"
    as_json = '{"environments": {"staging": {"services": {"api": {"commit": "0123456", "version": "1.10"}}}}}'
    found = [read_expected(text) for text in (document(yaml), document(as_json, "deploy.json"))]
    assert found[0] == found[1]
    assert values(found[0]["environments"][0]["services"][0]) == {"commit": "0123456", "version": "1.10"}


def test_environments_services_and_fields_keep_their_order() -> None:
    first, second = "z: {services: {b: {health: ok, version: 1}, a: {version: 1}}}", "a: {services: {c: {version: 1}}}"
    text = f"environments:\n  {first}\n  {second}"
    found = read_expected(document(text))
    assert [(row["name"], [one["name"] for one in row["services"]]) for row in found["environments"]] == [
        ("z", ["b", "a"]),
        ("a", ["c"]),
    ]
    assert list(found["environments"][0]["services"][0]["values"]) == ["version", "health"]


def test_what_is_null_is_not_compared() -> None:
    found = read_expected(one("{version: null, health: ok}"))
    assert values(found["environments"][0]["services"][0]) == {"health": "ok"}


@pytest.mark.parametrize(
    ("text", "code", "line", "field"),
    [
        (b"environments: \xff", "invalid_utf8", 1, ""),
        ("environments: {a: [}", "yaml_syntax", 1, ""),
        ("- a\n", "wrong_shape", 1, ""),
        ("just text", "wrong_shape", 1, ""),
        ("version: 1\n", "missing", 1, "environments"),
        ("version: 1\nenvironments: []\n", "wrong_type", 2, "environments"),
        ("environments: {}\n", "nothing_there", 1, "environments"),
        ("environments: {s: {services: {}}}", "nothing_there", 1, "environments.s.services"),
        ("environments: {s: {services: {api: {}}}}", "nothing_there", 1, "environments.s.services.api"),
        ("environments: {s: {services: {api: }}}", "missing", 1, "environments.s.services.api"),
        ("environments: {s: {services: {api: up}}}", "wrong_type", 1, "environments.s.services.api"),
        ("environments: {s: {service: {}}}", "unknown_field", 1, "environments.s.service"),
        ("environments:\n s: {services: {a: {versoin: 1}}}", "unknown_field", 2, "environments.s.services.a.versoin"),
        ("environments: {s: {services: {a: {version: [1]}}}}", "wrong_type", 1, "environments.s.services.a.version"),
        (
            "environments: {s: {services: {a: {replicas: two}}}}",
            "not_a_number",
            1,
            "environments.s.services.a.replicas",
        ),
        ("environments: {s: {services: {a: {replicas: -1}}}}", "not_a_number", 1, "environments.s.services.a.replicas"),
        (
            "environments: {s: {services: {a: {replicas: 010}}}}",
            "not_a_number",
            1,
            "environments.s.services.a.replicas",
        ),
        (
            "environments: {s: {services: {a: {replicas: 1.5}}}}",
            "not_a_number",
            1,
            "environments.s.services.a.replicas",
        ),
        ("environments: {s: {services: {a: {commit: master}}}}", "bad_commit", 1, "environments.s.services.a.commit"),
        ("environments: {s: {services: {a: {commit: abc123}}}}", "bad_commit", 1, "environments.s.services.a.commit"),
        (
            "environments: {s: {services: {a: {image_digest: latest}}}}",
            "bad_digest",
            1,
            "environments.s.services.a.image_digest",
        ),
        ('environments: {"": {services: {a: {version: 1}}}}', "bad_name", 1, "environments."),
        ('environments: {"a\\nb": {services: {a: {version: 1}}}}', "bad_name", 1, "environments.a\nb"),
        ("environments: {s: {services: {a: {version: 1}}, services: {}}}", "duplicate_key", 1, "services"),
        (
            "kubernetes: {digest: x}\nenvironments: {s: {services: {a: {version: 1}}}}",
            "unknown_field",
            1,
            "kubernetes.digest",
        ),
        ("a: &x 1\nenvironments: *x", "anchor", 1, ""),
    ],
)
def test_what_is_expected_has_to_be_sound(text: str | bytes, code: str, line: int, field: str) -> None:
    with pytest.raises(FairwayError) as caught:
        read_expected(document(text))
    assert caught.value.word == "invalid_document"
    assert (code, line, field) in [(row["code"], row["line"], row["field"]) for row in caught.value.details["faults"]]


@pytest.mark.parametrize(
    "text",
    ['{"environments": {', '{"environments": NaN}', '{"a": 1, "a": 2}', "[" * 70 + "]" * 70, '{"environments": 1}'],
)
def test_json_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FairwayError) as caught:
        read_observed(document(text, "observed.json"), NAMES)
    assert caught.value.word == "invalid_document"


def test_what_is_observed_is_taken_as_it_is() -> None:
    found = read_observed(one("{commit: unknown, image_digest: latest, health: Exploded}", "o.yaml"), NAMES)
    assert values(found["services"][0]) == {"commit": "unknown", "image_digest": "latest", "health": "Exploded"}


def test_nothing_observed_is_an_observation() -> None:
    assert read_observed(document("environments: {staging: {services: {}}}"), NAMES)["services"] == []
    assert observed({"apiVersion": "v1", "kind": "List", "items": []})["services"] == []


# --- kubectl --------------------------------------------------------------------------------------------------


def test_a_workload_of_a_cluster_is_a_service_with_its_namespace() -> None:
    service = observed(workload())["services"][0]
    assert (service["name"], service["environment"], service["namespace"]) == ("api", "", "prod")
    assert values(service) == {"image_digest": DIGEST, "version": "1.4.2", "replicas": "2", "health": "healthy"}


@pytest.mark.parametrize(
    ("places", "value", "source"),
    [
        ({"metadata.labels": "1"}, "1", "label app.kubernetes.io/version"),
        ({"metadata.labels": "1", "metadata.annotations": "2"}, "2", "annotation app.kubernetes.io/version"),
        ({"metadata.labels": "1", "pod.labels": "3"}, "3", "pod label app.kubernetes.io/version"),
        ({"pod.annotations": "4", "pod.labels": "3"}, "4", "pod annotation app.kubernetes.io/version"),
        ({}, "1.4.2", "image tag of container api"),
    ],
)
def test_what_the_pods_say_comes_before_what_the_workload_says(places: dict[str, str], value: str, source: str) -> None:
    found = workload()
    for place, text in places.items():
        owner, kind = place.split(".")
        about = found["metadata"] if owner == "metadata" else found["spec"]["template"]["metadata"]
        about[kind] = {"app.kubernetes.io/version": text}
    version = observed(found)["services"][0]["values"]["version"]
    assert (version["value"], version["source"]) == (value, source)


def test_the_expected_document_names_the_annotations_that_count() -> None:
    expected = read_expected(
        document("kubernetes: {commit: x/sha}\nenvironments: {p: {services: {api: {version: 1}}}}")
    )
    found = workload()
    found["metadata"]["annotations"] = {"x/sha": "abc1234", "org.opencontainers.image.revision": "fff0000"}
    assert observed(found, expected["kubernetes"])["services"][0]["values"]["commit"]["value"] == "abc1234"


@pytest.mark.parametrize(
    ("names", "annotation", "tag"),
    [(["proxy", "api"], "", "2"), (["proxy", "web"], "", "1"), (["proxy", "web"], "web", "2"), (["api"], "gone", "1")],
)
def test_the_container_that_counts(names: list[str], annotation: str, tag: str) -> None:
    found = workload()
    template = found["spec"]["template"]
    template["spec"]["containers"] = [{"name": name, "image": f"r/x:{at}"} for at, name in enumerate(names, 1)]
    if annotation:
        template["metadata"] = {"annotations": {"kubectl.kubernetes.io/default-container": annotation}}
    assert values(observed(found)["services"][0])["version"] == tag


@pytest.mark.parametrize(
    ("image", "digest", "version"),
    [
        ("api", None, None),
        ("localhost:5000/api", None, None),
        ("localhost:5000/api:2.0", None, "2.0"),
        (f"api@{DIGEST}", DIGEST, None),
    ],
)
def test_the_parts_of_an_image(image: str, digest: str | None, version: str | None) -> None:
    found = workload()
    found["spec"]["template"]["spec"]["containers"][0]["image"] = image
    read = values(observed(found)["services"][0])
    assert (read.get("image_digest"), read.get("version")) == (digest, version)


@pytest.mark.parametrize(
    ("kind", "status", "seen"),
    [
        (
            "StatefulSet",
            {"observedGeneration": 3, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2},
            "2",
        ),
        (
            "DaemonSet",
            {
                "observedGeneration": 3,
                "desiredNumberScheduled": 5,
                "numberReady": 5,
                "updatedNumberScheduled": 5,
                "numberAvailable": 5,
            },
            "5",
        ),
    ],
)
def test_other_workloads_count_their_replicas_elsewhere(kind: str, status: dict[str, int], seen: str) -> None:
    read = values(observed(workload(kind, status=status))["services"][0])
    assert (read["replicas"], read["health"]) == (seen, "healthy")


@pytest.mark.parametrize(
    ("top", "seen", "word"),
    [
        (workload(status={**SURGE, "replicas": 4, "readyReplicas": 2}), "0", "progressing"),
        (workload(metadata={"name": "api", "deletionTimestamp": "2026-11-20T10:00:00Z"}), "2", "terminating"),
        (workload(status={}), "0", "progressing"),
        (workload("StatefulSet", status={"observedGeneration": 3, "replicas": 2, "readyReplicas": 2,
                                         "currentRevision": "a", "updateRevision": "a"}), "2", "healthy"),
        (workload("StatefulSet", status={**SURGE, "replicas": 2, "currentRevision": "a", "updateRevision": "b"}), "2",
         "progressing"),
        (workload("StatefulSet", spec={**workload()["spec"], "updateStrategy": {"rollingUpdate": {"partition": 2}}},
                  status={**SURGE, "replicas": 2, "updatedReplicas": 0, "currentRevision": "a", "updateRevision": "b"}),
         "0", "healthy"),
    ],
)  # fmt: skip
def test_a_rollout_is_through_when_kubectl_says_so(top: Any, seen: str, word: str) -> None:
    read = values(observed(top)["services"][0])
    assert (read["replicas"], read["health"]) == (seen, word)


@pytest.mark.parametrize("kind", ["Rollout", "ReplicaSet", "Job", "CronJob", "Pod"])
def test_kinds_that_run_pods_and_are_no_service_are_refused_by_name(kind: str) -> None:
    with pytest.raises(FairwayError, match=rf"is '{kind}', which ") as caught:
        observed({"apiVersion": "v1", "kind": kind})
    assert caught.value.word == "invalid_document"
    listed = observed({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": kind}]})
    assert listed["findings"][0]["message"].startswith(f"1 of kind {kind}, which ")


@pytest.mark.parametrize(
    ("top", "name"),
    [
        ({"name": "api", "namespace": "prod", "info": {"status": "deployed"}, "version": 3}, "Helm's status"),
        ([{"name": "api", "revision": "3", "status": "pending-upgrade", "chart": "api-1.4.2"}], "Helm's status"),
        ([{"revision": 1, "status": "superseded", "chart": "api-1.4.1", "app_version": "1"}], "Helm's status"),
        ({"metadata": {}, "status": {"health": {"status": "Degraded"}}}, "an application of Argo CD"),
        ([{"metadata": {}, "status": {"sync": {"status": "Unknown"}}}], "an application of Argo CD"),
    ],
)
def test_what_helm_and_argo_say_is_refused_by_name(top: Any, name: str) -> None:
    with pytest.raises(FairwayError, match=f"is {name}"):
        observed(top)


def test_what_runs_pods_in_a_way_of_its_own_is_no_workload_that_is_read() -> None:
    top = workload("DeploymentConfig", apiVersion="apps.openshift.io/v1")
    found = observed({"apiVersion": "v1", "kind": "List", "items": [top]})
    assert [row["message"] for row in found["findings"]] == [
        "1 of kind DeploymentConfig, which runs pods in a way that is not read here"
    ]


@pytest.mark.parametrize("name", ["kubectl.json", "kubectl.yaml"])
def test_what_a_console_of_windows_wrote_is_read_by_its_byte_order_mark(name: str) -> None:
    found = read_observed(document(json.dumps(workload()).encode("utf-16"), name), NAMES)
    assert values(found["services"][0])["health"] == "healthy"


def test_half_a_character_in_a_label_loses_no_deployment() -> None:
    about = {"name": "api", "namespace": "prod", "annotations": {"note": "\ud83d"}}
    found = observed(workload(metadata=about))
    assert (len(found["services"]), [row["code"] for row in found["findings"]]) == (1, ["surrogate"])


def test_a_list_may_hold_other_kinds_which_are_named() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api"}}
    found = observed({"apiVersion": "v1", "kind": "List", "items": [service, workload(), service]})
    assert [row["name"] for row in found["services"]] == ["api"]
    assert [(row["place"], row["message"]) for row in found["findings"]] == [
        ("kubectl.json", "2 of kind Service, which is no workload")
    ]


def test_the_items_of_a_list_of_one_kind_need_not_repeat_it() -> None:
    item = {key: value for key, value in workload().items() if key not in ("kind", "apiVersion")}
    found = observed({"apiVersion": "apps/v1", "kind": "DeploymentList", "items": [item]})
    assert values(found["services"][0])["health"] == "healthy"


@pytest.mark.parametrize(
    ("top", "code", "field"),
    [
        ({"apiVersion": "v1", "kind": "Service"}, "wrong_kind", "kind"),
        ({"apiVersion": "v1", "kind": "List"}, "missing", "items"),
        ({"apiVersion": "v1", "kind": "List", "items": {}}, "wrong_type", "items"),
        ({"apiVersion": "v1", "kind": "List", "items": [{}]}, "missing", "items[0].kind"),
        ({"apiVersion": "v1", "kind": "List", "items": ["api"]}, "wrong_type", "items[0]"),
        (workload(metadata={}), "missing", "metadata.name"),
        (workload(metadata=None), "missing", "metadata"),
        (workload(metadata=[]), "wrong_type", "metadata"),
        (workload(metadata={"name": "a", "labels": "x"}), "wrong_type", "metadata.labels"),
        (workload(spec=None), "missing", "spec"),
        (workload(spec={"replicas": "many", "template": {"spec": {}}}), "not_a_number", "spec.replicas"),
        (workload(spec={"template": {}}), "missing", "spec.template.spec"),
        (workload(spec={"template": {"spec": {"containers": []}}}), "missing", "spec.template.spec.containers"),
        (
            workload(spec={"template": {"spec": {"containers": [{"name": "x"}]}}}),
            "missing",
            "spec.template.spec.containers[0].image",
        ),
        (workload(status={"readyReplicas": -1}), "not_a_number", "status.readyReplicas"),
        (workload(status={"conditions": {}}), "wrong_type", "status.conditions"),
    ],
)
def test_a_cluster_document_that_is_none_is_refused_with_the_path(top: Any, code: str, field: str) -> None:
    with pytest.raises(FairwayError) as caught:
        observed(top)
    assert caught.value.word == "invalid_document"
    assert (code, field) in [(row["code"], row["field"]) for row in caught.value.details["faults"]]
