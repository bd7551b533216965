"""Handlers that a layer brings: those of monitoring tools wrap the function's own."""

from __future__ import annotations

from slslint.model import Function
from slslint.value import Known

_OWN = {
    "datadog": "DD_LAMBDA_HANDLER",
    "dynatrace": "DT_LAMBDA_HANDLER",
    "newrelic": "NEW_RELIC_LAMBDA_HANDLER",
    "lumigo": "LUMIGO_ORIGINAL_HANDLER",
}
"""The environment variable that names the function's own handler, by what the names of the wrapping ones hold."""

_BROUGHT = ("awslambdaric", "aws_opentelemetry_wrapper.", "datadog_lambda.", "epsagon.", "lumigo-auto-instrument.",
            "lumigo_tracer.", "newrelic-lambda-wrapper.", "newrelic_lambda_wrapper.", "run.sh",
            "sentry_sdk.")  # fmt: skip


def own_handler(function: Function, handler: str) -> str:
    """The function's own handler, when the one that is named belongs to a monitoring tool."""
    for brand, name in _OWN.items():
        variable = function.environment.variables.get(name) if brand in handler else None
        if isinstance(variable, Known) and isinstance(variable.value, str):
            return variable.value
    return handler


def is_brought(handler: str) -> bool:
    """Whether a layer or a package brings the handler, so that it is not among the function's own files."""
    return "/opt/" in handler or "node_modules/" in handler or handler.startswith(_BROUGHT)
