"""What a file may be, by its name and its bytes: cheap tests, after which few files need to be parsed."""

from __future__ import annotations

import posixpath
import re

from slslint.source import Reader
from slslint.templates import is_script, may_be_service

# Compiled when the first source is found that no template claims: in many runs there is none.
_TESTS = (
    r"(^|/)(tests?/|conftest\.py$|test_[^/]*$|[^/]*_test\.py$|setup\.py$"
    r"|__(tests|mocks)__/|cypress/|e2e/|[^/]*[.-](test|spec|stories|config|min|d)\.[cm]?[jt]sx?$|(gulp|Grunt)file\.)"
)
_PYTHON = rb"def\s+\w+\s*\(\s*(?:\w*[Ee]vent\w*|_\w*)\s*[,:]"
_JAVASCRIPT = rb"vent\w*\s*(?:=>|[,:=]|\)\s*(?:=>|[:{]))"
_TELLTALE = (b"aws-lambda", b"Records", b"requestContext", b"evt", b"pathParameters", b"queryStringParameters")
_NO_HANDLER = (b"'aws-cdk-lib", b'"aws-cdk-lib', b"@aws-cdk/", b"from 'react", b'from "react')
"""What deployments and pages import; `link` would ask no more of them."""

_TAKING = (b"ImportValue", b"CloudFormation::Stack", b"Serverless::Application", b"resolve:ssm", b"Parameter::Value<",
           b"${ssm:", b"${cf:")  # fmt: skip


def may_be_template(data: bytes) -> bool:
    """Whether bytes can be those of a template: of CloudFormation, of SAM, of a service of the Serverless Framework."""
    if b"Resources" in data and (b"AWS::" in data or b"AWSTemplateFormatVersion" in data):
        return True
    return may_be_service(data)


def takes(data: bytes) -> bool:
    """Whether a template with these bytes may take something from another one: a cheap test."""
    return any(mark in data for mark in _TAKING)


def gives(data: bytes) -> bool:
    """Whether a template with these bytes may have something that others take by name: a cheap test."""
    return b"Outputs" in data or b"SSM::Parameter" in data


def configures(path: str, reader: Reader) -> bool:
    """Whether a source file configures a service."""
    if not is_script(path):
        return False
    compiled_from = posixpath.join(posixpath.dirname(path), "..", "serverless.ts")
    if not path.endswith("ts") and reader.is_file(compiled_from):
        return False
    data = reader.peek(path)
    return b"service" in data and (b"provider" in data or b"functions" in data)


def may_hold_handler(path: str, data: bytes) -> bool:
    """Whether a source file that no template claims is worth parsing."""
    if re.search(_TESTS, path) is not None:
        return False
    if path.endswith(".py"):
        return re.search(_PYTHON, data) is not None
    if b"export" not in data or any(word in data for word in _NO_HANDLER):
        return False
    return any(word in data for word in _TELLTALE) or re.search(_JAVASCRIPT, data) is not None
