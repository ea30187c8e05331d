"""Edits of YAML by path that leave the rest of the text, comments among it, as it is.

A path is a JSON pointer (RFC 6901): `/spec/template/spec/containers/server/args`. In a list, a segment is an index or the
`name` of an element. Edits refer to the text as it was read, and are carried out at once, by `text()`: what they insert are
lines of a template, which are no YAML any more.

Lines that are inserted are indented as what they stand beside. INDENT in them is that indentation plus two, in digits, for
`nindent`.
"""

import yaml


class ManifestError(Exception):
    """What is wrong with which document, in words for who edits it."""


class Manifest:
    """One document of a file, and the edits that are to be made to it."""

    def __init__(self, text: str, origin: str):
        self.origin = origin
        self.lines = text.rstrip("\n").split("\n")
        if "{{" in text or "}}" in text:
            raise ManifestError(f"{origin}: braces in pairs mean something in a template")
        self.root = yaml.compose(text, Loader=yaml.SafeLoader)
        self.value = yaml.safe_load(text)
        self.edits: list[tuple[int, int, int, list[str]]] = []
        # Under which all of the document stands, if any; for who writes it.
        self.condition: str | None = None

    @property
    def kind(self) -> str:
        return self.value["kind"]

    @property
    def name(self) -> str:
        return self.value["metadata"]["name"]

    def replace(self, path: str, text: str) -> "Manifest":
        """The whole entry, its key and what is above it as a comment aside, becomes `text`."""
        entry, node, column = self._find(path)
        first = entry.start_mark.line
        before = self.lines[first][:column]
        if before.strip(" -"):
            raise ManifestError(f"{self.origin}: {path} does not begin a line")
        self._edit(first, _last_line(node) + 1, column, text)
        # Where the entry is the first one of an element, the dash of that stays.
        inserted = self.edits[-1][-1]
        inserted[0] = before + inserted[0][column:]
        return self

    def remove(self, path: str) -> "Manifest":
        first, last, _ = self._entry(path)
        return self._edit(self._above(first), last + 1, 0, None)

    def set(self, path: str, template: str) -> "Manifest":
        """A value that stands on the line of its key."""
        _, node, _ = self._find(path)
        if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != node.end_mark.line:
            raise ManifestError(f"{self.origin}: {path} is no value of one line")
        line, start, end = node.start_mark.line, node.start_mark.column, node.end_mark.column
        return self._edit(line, line + 1, 0, self.lines[line][:start] + template + self.lines[line][end:])

    def guard(self, path: str, condition: str) -> "Manifest":
        """The entry, with the comment above it, only under a condition."""
        first, last, column = self._entry(path)
        self._edit(self._above(first), self._above(first), column, "{{- if " + condition + " }}")
        # Before what is appended there: that does not belong to the entry.
        return self._edit(last + 1, last + 1, column, "{{- end }}", order=-1)

    def after(self, path: str, text: str) -> "Manifest":
        _, last, column = self._entry(path)
        return self._edit(last + 1, last + 1, column, text)

    def append(self, path: str, text: str) -> "Manifest":
        """Lines at the end of what is in a list or mapping."""
        node = self._block(path)
        return self._edit(_last_line(node) + 1, _last_line(node) + 1, node.start_mark.column, text)

    def prepend(self, path: str, text: str) -> "Manifest":
        node = self._block(path)
        return self._edit(node.start_mark.line, node.start_mark.line, node.start_mark.column, text)

    def block(self, path: str) -> list[str]:
        """The lines of an entry and of the comment above it, without indentation."""
        first, last, column = self._entry(path)
        return [line[column:] for line in self.lines[self._above(first):last + 1]]

    def scalars(self):
        """Each value that is no mapping or list, with the key that it has, if any."""
        def walk(node, key):
            if isinstance(node, yaml.MappingNode):
                for child_key, child in node.value:
                    yield from walk(child, child_key.value)
            elif isinstance(node, yaml.SequenceNode):
                for child in node.value:
                    yield from walk(child, None)
            else:
                yield key, node
        yield from walk(self.root, None)

    def substitute(self, node: yaml.ScalarNode, template: str) -> None:
        line = node.start_mark.line
        text = self.lines[line]
        self._edit(line, line + 1, 0, text[:node.start_mark.column] + template + text[node.end_mark.column:])

    def text(self) -> str:
        """The text with all edits; two of them must not be about the same lines."""
        lines = list(self.lines)
        end = None
        for first, last, _, inserted in reversed(sorted(self.edits, key=lambda edit: edit[:3])):
            if end is not None and last > end:
                raise ManifestError(f"{self.origin}: two edits of line {end + 1}: {self.lines[end]}")
            lines[first:last] = inserted
            end = first
        return "\n".join(lines) + "\n"

    # What is where.

    def _find(self, path: str):
        """The node of the entry's key, or of the element itself; the node of its value; where its line begins."""
        node, entry, column = self.root, None, 0
        for segment in path.split("/")[1:]:
            segment = segment.replace("~1", "/").replace("~0", "~")
            if isinstance(node, yaml.MappingNode):
                found = [(key, value) for key, value in node.value if key.value == segment]
                if not found:
                    raise ManifestError(f"{self.origin}: there is no {path}")
                entry, node = found[0]
                column = entry.start_mark.column
            elif isinstance(node, yaml.SequenceNode):
                if segment.isdigit() and int(segment) < len(node.value):
                    node = node.value[int(segment)]
                else:
                    found = [element for element in node.value if _name(element) == segment]
                    if not found:
                        raise ManifestError(f"{self.origin}: there is no {path}")
                    node = found[0]
                entry = node
                column = self.lines[node.start_mark.line].index("-")
            else:
                raise ManifestError(f"{self.origin}: {path} goes on below a value")
        return entry, node, column

    def _entry(self, path: str) -> tuple[int, int, int]:
        entry, node, column = self._find(path)
        first = entry.start_mark.line
        if self.lines[first][:column].strip():
            raise ManifestError(f"{self.origin}: {path} does not begin a line")
        return first, _last_line(node), column

    def _block(self, path: str):
        _, node, _ = self._find(path)
        if isinstance(node, yaml.ScalarNode) or node.flow_style:
            raise ManifestError(f"{self.origin}: {path} is not written one entry a line")
        return node

    def _above(self, line: int) -> int:
        """The first line of the comment that stands above a line."""
        while line > 0 and self.lines[line - 1].lstrip().startswith("#"):
            line -= 1
        return line

    def _edit(self, first: int, last: int, column: int, text: str | None, order: int = 0) -> "Manifest":
        """Lines in place of others; of those that go to one place, by `order`, then in the order that they came in."""
        lines = [] if text is None else text.replace("INDENT", str(column + 2)).split("\n")
        self.edits.append((first, last, order, [(" " * column + line).rstrip() for line in lines]))
        return self


def read(path) -> list[Manifest]:
    """The documents of a file."""
    documents = path.read_text().split("\n---\n")
    return [Manifest(text, f"{path.name}, document {number}") for number, text in enumerate(documents, start=1)]


def _name(node):
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "name":
                return value.value
    return None


def _last_line(node) -> int:
    """A collection's own mark is where the next thing begins."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        mark = node.end_mark
        return mark.line - 1 if mark.column == 0 and mark.line > node.start_mark.line else mark.line
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)
