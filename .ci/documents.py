"""Checks the documents: every relative link leads to a file of this tree, and every heading that a link names is there."""

import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(text):
    """The names that the headings of a document can be linked by."""
    names = set()
    for line in text.splitlines():
        if line.startswith("#"):
            title = line.lstrip("#").strip().lower()
            names.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return names


def faults(document):
    text = document.read_text(encoding="utf-8")
    # Code may hold what looks like a link.
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    for target in LINK.findall(prose):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path) if path else document
        if not file.exists():
            yield f"{document}: expected a file at {target}, found none"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
            yield f"{document}: expected a heading for {target}, found none"


def main():
    listed = subprocess.run(["git", "ls-files", "*.md"], check=True, capture_output=True, text=True)
    found = [fault for name in listed.stdout.split() for fault in faults(pathlib.Path(name))]
    print("\n".join(found) if found else f"{len(listed.stdout.split())} documents, every link leads somewhere")
    sys.exit(1 if found else 0)


main()
