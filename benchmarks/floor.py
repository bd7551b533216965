"""The floor: read and parse once every file that discovery hands on, and do nothing else.

python -m benchmarks.floor PATH
"""

from __future__ import annotations

import os
import sys

import tree_sitter_hcl
import tree_sitter_python
import tree_sitter_typescript
import yaml
from tree_sitter import Language, Parser

from slslint import discover
from slslint.languages import language_of
from slslint.source import Reader
from slslint.templates.terraform.files import files_in, is_module_file


def main() -> None:
    """Read and parse what lies under the path in the arguments."""
    path = os.path.realpath(sys.argv[1])
    reader = Reader(base=path, roots=(path,))
    found = discover.find(["."], reader)
    python = Parser(Language(tree_sitter_python.language()))
    javascript = Parser(Language(tree_sitter_typescript.language_tsx()))
    terraform = Parser(Language(tree_sitter_hcl.language()))
    files = [*found.sources]
    for template in found.templates:
        # A module of Terraform's is all the files of its folder.
        files += files_in(os.path.dirname(template), reader) if is_module_file(template) else [template]
    unread = 0
    for file in files:
        with open(os.path.join(path, file), "rb") as stream:
            data = stream.read()
        if is_module_file(file):
            terraform.parse(data)
        elif file.endswith(".py"):
            python.parse(data)
        elif language_of(file) is not None:
            javascript.parse(data)
        else:
            try:
                yaml.compose(data, Loader=yaml.CSafeLoader)
            except (yaml.YAMLError, UnicodeDecodeError):
                unread += 1
    print(f"{len(found.sources)} source files and {len(found.templates)} templates ({unread} of them do not parse)")


if __name__ == "__main__":
    main()
