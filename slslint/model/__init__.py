"""What is deployed, by concept; never named after one provider's type."""

from slslint.model.deployment import Deployment, Gap, Ignore
from slslint.model.dialect import Advice, Dialect
from slslint.model.function import Environment, Function, Package, Packaging
from slslint.model.reference import Hole, Pattern, Ref, Text, show
from slslint.model.resource import Kind, Layer, Queue, Resource
from slslint.model.role import Grant, ManagedPolicy, Role
from slslint.model.trigger import (
    REQUEST_SOURCES,
    Batch,
    Invocation,
    Route,
    Source,
    Trigger,
    resource_of,
    usual_invocation,
)

__all__ = [
    "REQUEST_SOURCES",
    "Advice",
    "Batch",
    "Deployment",
    "Dialect",
    "Environment",
    "Function",
    "Gap",
    "Grant",
    "Hole",
    "Ignore",
    "Invocation",
    "Kind",
    "Layer",
    "ManagedPolicy",
    "Package",
    "Packaging",
    "Pattern",
    "Queue",
    "Ref",
    "Resource",
    "Role",
    "Route",
    "Source",
    "Text",
    "Trigger",
    "resource_of",
    "show",
    "usual_invocation",
]
