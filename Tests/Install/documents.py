"""Documents of Kubernetes as a file holds them, read more strictly than kubectl does: a key twice is an error."""

import sys

import yaml


# By libyaml where that is there: it is ten times as fast.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(Loader):
    """Refuses what parsers take without a word, each in its own way."""


def _mapping(loader: StrictLoader, node: yaml.MappingNode) -> dict:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise yaml.YAMLError(f"{key} stands twice{node.value[index][0].start_mark}")
    return Loader.construct_mapping(loader, node, deep=True)


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: str) -> list[dict]:
    """All objects of a file, or of standard input for `-`."""
    text = sys.stdin.read() if path == "-" else open(path, encoding="utf-8").read()
    return objects(text)


def objects(text: str) -> list[dict]:
    found = [document for document in yaml.load_all(text, Loader=StrictLoader) if document is not None]
    for document in found:
        if not all(document.get(key) for key in ("apiVersion", "kind", "metadata")) or not document["metadata"].get("name"):
            raise yaml.YAMLError(f"no object of Kubernetes: {document}")
    return found


def title(document: dict) -> str:
    """Which object it is; two of a file never have the same one."""
    metadata = document["metadata"]
    namespace = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    group = document["apiVersion"].rpartition("/")[0]
    return f"{document['kind']}{'.' + group if group else ''} {namespace}{metadata['name']}"


def pod_of(document: dict) -> dict | None:
    """The specification of the pods that an object runs, if it does."""
    spec = document.get("spec") or {}
    match document["kind"]:
        case "Pod":
            return spec
        case "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet" | "Job":
            return spec["template"]["spec"]
        case "CronJob":
            return spec["jobTemplate"]["spec"]["template"]["spec"]
    return None
