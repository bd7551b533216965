"""How a file is laid out, in whatever syntax: where its comments are, and how far each of its parts reaches.

Unlike Facts and Deployments this is told of broken files too, and of all that is written, not of what rules ask for.
"""

from __future__ import annotations

from slslint.languages import language_of
from slslint.layout.parts import Layout
from slslint.source import SourceFile
from slslint.templates.terraform.files import is_hcl


def layout(file: SourceFile, language: str = "") -> Layout:
    """The comments and parts of a file in whatever syntax its name says, or code in a template is written in."""
    language = language or language_of(file.path) or ""
    if language == "python":
        from slslint.layout import in_python

        return in_python.lay_out(file)
    if language:
        from slslint.layout import in_javascript

        return in_javascript.lay_out(file)
    if is_hcl(file.path):
        from slslint.layout import in_hcl

        return in_hcl.lay_out(file)
    from slslint.layout import in_yaml

    return in_yaml.lay_out(file)
