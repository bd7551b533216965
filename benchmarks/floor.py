"""The floor: read and parse once every file that discovery hands on, and do nothing else.

python -m benchmarks.floor PATH
"""

from __future__ import annotations

import os
import sys

import tree_sitter_python
import tree_sitter_typescript
import yaml
from tree_sitter import Language, Parser

from slslint import discover
from slslint.source import Reader


def main() -> None:
    """Read and parse what lies under the path in the arguments."""
    path = os.path.realpath(sys.argv[1])
    reader = Reader(base=path, roots=(path,))
    found = discover.find(["."], reader)
    python = Parser(Language(tree_sitter_python.language()))
    javascript = Parser(Language(tree_sitter_typescript.language_tsx()))
    for source in found.sources:
        with open(os.path.join(path, source), "rb") as stream:
            (python if source.endswith(".py") else javascript).parse(stream.read())
    unread = 0
    for template in found.templates:
        with open(os.path.join(path, template), "rb") as stream:
            try:
                yaml.compose(stream, Loader=yaml.CSafeLoader)
            except (yaml.YAMLError, UnicodeDecodeError):
                unread += 1
    print(f"{len(found.sources)} source files and {len(found.templates)} templates ({unread} of them do not parse)")


if __name__ == "__main__":
    main()
