#!/usr/bin/env python3
"""Checks manifests without a cluster: every field against the types of the Kubernetes API, and what must agree between them.

    kubectl kustomize DIR | check.py

Needs Debian's python3-yaml and python3-kubernetes (its model classes hold the API's fields). Exit code 0: sound, 1: problems, a line each.
"""
import re
import sys

import yaml
from kubernetes import client

KINDS = {
    ("v1", "Service"): client.V1Service,
    ("v1", "PersistentVolumeClaim"): client.V1PersistentVolumeClaim,
    ("apps/v1", "StatefulSet"): client.V1StatefulSet,
    ("apps/v1", "Deployment"): client.V1Deployment,
    ("batch/v1", "Job"): client.V1Job,
    ("networking.k8s.io/v1", "NetworkPolicy"): client.V1NetworkPolicy,
    ("policy/v1", "PodDisruptionBudget"): client.V1PodDisruptionBudget,
}
PORT = 4053
LEAVING_SECONDS = 70  # TrainerOptions.DrainWithin and LeaveWithin


def fields(value, kind, place):
    """Problems of a value that should be of an API type, named as in the model classes: V1Pod, list[str], dict(str, str), int."""
    if kind.startswith("list["):
        if not isinstance(value, list):
            return [f"{place} is no list"]
        return [p for i, v in enumerate(value) for p in fields(v, kind[5:-1], f"{place}[{i}]")]
    if kind.startswith("dict("):
        if not isinstance(value, dict):
            return [f"{place} is no map"]
        inner = kind[5:-1].split(", ", 1)[1]
        return [p for k, v in value.items() for p in fields(v, inner, f"{place}.{k}")]
    if hasattr(client, kind):
        return members(value, getattr(client, kind), place)
    wanted = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": object, "datetime": str}[kind]
    # An "object" in the models is an IntOrString or a quantity.
    sound = isinstance(value, wanted) and not (kind == "int" and isinstance(value, bool))
    return [] if sound else [f"{place} is {value!r}, not of type {kind}"]


def members(value, model, place):
    if not isinstance(value, dict):
        return [f"{place} is no map"]
    attributes = {name: attribute for attribute, name in model.attribute_map.items()}
    problems = []
    for name, inner in value.items():
        if name not in attributes:
            problems.append(f"{place}.{name}: {model.__name__} has no such field")
        elif inner is not None:
            problems += fields(inner, model.openapi_types[attributes[name]], f"{place}.{name}")
    return problems


def covers(selector, labels):
    return all(labels.get(k) == v for k, v in selector.items())


def workload(document, place, services):
    """What must agree inside a StatefulSet, Deployment or Job, and with the services."""
    spec = document["spec"]
    pod = spec["template"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    problems = []
    if "selector" in spec and not covers(spec["selector"]["matchLabels"], labels):
        problems.append(f"{place}: its selector does not match its own pods")
    volumes = {v["name"] for v in pod.get("volumes", [])} | {c["metadata"]["name"] for c in spec.get("volumeClaimTemplates", [])}
    if not pod.get("securityContext", {}).get("runAsNonRoot"):
        problems.append(f"{place}: may run as root")
    for container in pod["containers"]:
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                problems.append(f"{place}: mounts {mount['name']}, which is no volume of it")
        if not container.get("securityContext", {}).get("readOnlyRootFilesystem"):
            problems.append(f"{place}: its root file system is writable")
        known = {e["name"] for e in container.get("env", [])}
        text = " ".join(container.get("args", []))
        for name in re.findall(r"\$\((\w+)\)", text):
            if name not in known:
                problems.append(f"{place}: $({name}) is no variable of it")
        if "--listen" in text and f":{PORT}" not in text:
            problems.append(f"{place}: listens elsewhere than at {PORT}")
    if document["kind"] == "Deployment" and pod.get("terminationGracePeriodSeconds", 30) <= LEAVING_SECONDS:
        problems.append(f"{place}: is killed before it has left ({LEAVING_SECONDS} s)")
    if document["kind"] == "StatefulSet" and not any(
        s["metadata"]["name"] == spec["serviceName"] and covers(s["spec"]["selector"], labels) for s in services
    ):
        problems.append(f"{place}: no service {spec['serviceName']} selects its pods")
    return problems


def joining(workloads):
    """Every --join, of trainers and of coordinators where there are several, must name all pods of the coordinators, letter by letter as they advertise."""
    said, problems = "", []
    everyone = [(d, d["spec"]["template"]["spec"]["containers"][0].get("args", [])) for d in workloads]
    for document, args in everyone:
        if "coordinator" in args:
            own = args[args.index("--advertise") + 1]
            said = ",".join(own.replace("$(POD_NAME)", f"{document['metadata']['name']}-{pod}") for pod in range(document["spec"].get("replicas", 1)))
    for document, args in everyone:
        joined = args[args.index("--join") + 1] if "--join" in args else ""
        if joined != said and ("trainer" in args or ("coordinator" in args and (joined or "," in said))):
            problems.append(f"{document['metadata']['name']} joins {joined or 'nobody'}, but the coordinators advertise {said or 'nothing'}")
    return problems


def check(documents):
    problems = []
    for number, document in enumerate(documents):
        kind = (document.get("apiVersion"), document.get("kind"))
        place = f"{kind[1]} {document.get('metadata', {}).get('name', number)}"
        if kind not in KINDS:
            problems.append(f"{place}: {kind} is not known to this check")
        else:
            problems += members(document, KINDS[kind], place)
        if "namespace" in document.get("metadata", {}):
            problems.append(f"{place}: names a namespace; that is the user's choice")
    if problems:
        return problems
    services = [d for d in documents if d["kind"] == "Service"]
    workloads = [d for d in documents if "template" in d.get("spec", {})]
    for document in workloads:
        problems += workload(document, f"{document['kind']} {document['metadata']['name']}", services)
    every = [d["spec"]["template"]["metadata"]["labels"] for d in workloads]
    for document in documents:
        selector = document["spec"].get("podSelector") or document["spec"].get("selector")
        if document["kind"] in ("NetworkPolicy", "PodDisruptionBudget") and not any(covers(selector["matchLabels"], l) for l in every):
            problems.append(f"{document['kind']} {document['metadata']['name']}: selects no pod of ours")
    return problems + joining(workloads)


if __name__ == "__main__":
    given = [d for d in yaml.safe_load_all(sys.stdin) if d]
    found = check(given)
    print("\n".join(found) if found else f"{len(given)} manifests are sound.")
    sys.exit(1 if found else 0)
