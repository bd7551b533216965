"""Calls of the AWS SDK as service, operation and arguments, whichever language and library makes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from slslint.app.sdk.call import SdkCall

if TYPE_CHECKING:
    from slslint.app.site import Site

__all__ = ["SdkCall", "is_of_sdk", "sdk_call", "sdk_calls", "signed_call"]

_PACKAGES = ("@aws-sdk/", "aiobotocore", "aioboto3", "aws-sdk", "boto3", "botocore")


def is_of_sdk(package: str) -> bool:
    """Whether a package is one of the AWS SDKs'; code that imports none makes none of their calls."""
    return package.startswith(_PACKAGES)


def sdk_calls(site: Site) -> tuple[SdkCall | None, ...]:
    """Every operation of AWS that the call may be, None for an alternative that is none; empty for most calls."""
    return _operations(site.in_python)(site) if site.code.imports_sdk else ()


@cache
def _operations(in_python: bool) -> Callable[[Site], tuple[SdkCall | None, ...]]:
    """What knows a language's calls, which is loaded when the first of them is asked about."""
    if in_python:
        from slslint.app.sdk import python

        return python.operations
    from slslint.app.sdk import javascript

    return javascript.operations


def sdk_call(site: Site) -> SdkCall | None:
    """The call as an operation of AWS; None when it is none, or may be one of several."""
    found = sdk_calls(site)
    first = found[0] if found else None
    if first is None or any(
        each is None or (each.service, each.operation) != (first.service, first.operation) for each in found
    ):
        return None
    return first


def signed_call(site: Site) -> SdkCall | None:
    """The operation that a call only signs, for somebody else to send: `getSignedUrl(client, command)`."""
    if not site.code.imports_sdk:
        return None
    if site.in_python:
        from slslint.app.sdk import python

        return python.signed(site)
    from slslint.app.sdk import javascript

    return javascript.signed(site)
