"""What is deployed, by concept; never named after one provider's type."""

from slslint.model.abroad import Abroad, Nested
from slslint.model.delivery import EVERYTHING, Cause, Data, Delivery, Filter, Over
from slslint.model.deployment import Deployment, Gap, Ignore
from slslint.model.dialect import Advice, Dialect
from slslint.model.function import Environment, Function, Package, Packaging
from slslint.model.notation import Json, Notation, Verbatim, written
from slslint.model.reference import Hole, Pattern, Ref, Text, pattern, pieces_of, show
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
from slslint.model.workflow import Integration, State, Workflow, integration

__all__ = [
    "EVERYTHING",
    "REQUEST_SOURCES",
    "Abroad",
    "Advice",
    "Batch",
    "Cause",
    "Data",
    "Delivery",
    "Deployment",
    "Dialect",
    "Environment",
    "Filter",
    "Function",
    "Gap",
    "Grant",
    "Hole",
    "Ignore",
    "Integration",
    "Invocation",
    "Json",
    "Kind",
    "Layer",
    "ManagedPolicy",
    "Nested",
    "Notation",
    "Over",
    "Package",
    "Packaging",
    "Pattern",
    "Queue",
    "Ref",
    "Resource",
    "Role",
    "Route",
    "Source",
    "State",
    "Text",
    "Trigger",
    "Verbatim",
    "Workflow",
    "integration",
    "pattern",
    "pieces_of",
    "resource_of",
    "show",
    "usual_invocation",
    "written",
]
