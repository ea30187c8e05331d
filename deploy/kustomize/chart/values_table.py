"""The table of values in the chart's README, made of values.yaml and of the comments in it."""

import json
from pathlib import Path

import yaml

from manifest_text import Manifest, ManifestError

BEGIN, END = "<!-- The values: made of values.yaml by `make manifests`. -->\n", "<!-- So far the values. -->\n"


def rows(manifest: Manifest, path: str = "", node: yaml.Node | None = None) -> list[str]:
    """A row for each value; a mapping that has a comment of its own is one value."""
    found = []
    for key, value in (node or manifest.root).value:
        entry = f"{path}/{key.value}"
        comment = " ".join(line.removeprefix("#").strip() for line in manifest.block(entry) if line.startswith("#"))
        if isinstance(value, yaml.MappingNode) and value.value and not comment:
            found += rows(manifest, entry, value)
            continue
        if not comment:
            raise ManifestError(f"{manifest.origin}: {entry} has no comment that says what it is for")
        default = json.dumps(yaml.safe_load(yaml.serialize(value)))
        found.append(f"| `{entry[1:].replace('/', '.')}` | `{default}` | {comment.replace('|', chr(92) + '|')} |")
    return found


def write(chart: Path) -> None:
    manifest = Manifest((chart / "values.yaml").read_text(), "values.yaml")
    table = "\n".join(["| value | default | |", "|---|---|---|", *rows(manifest)]) + "\n"
    readme = chart / "README.md"
    text = readme.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ManifestError(f"README.md: the table stands between {BEGIN.strip()} and {END.strip()}")
    before, _, rest = text.partition(BEGIN)
    readme.write_text(before + BEGIN + "\n" + table + "\n" + END + rest.partition(END)[2])
