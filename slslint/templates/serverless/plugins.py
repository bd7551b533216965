"""Plugins that deploy more than the framework itself does, known by what they are configured with."""

from __future__ import annotations

from slslint.templates.building import Literal, text_of
from slslint.templates.serverless.naming import alphanumeric
from slslint.templates.serverless.service import Service, mapping_of


def add_plugins(service: Service) -> None:
    """Deploy what the plugins of a service deploy."""
    _add_state_machines(service)


def _add_state_machines(service: Service) -> None:
    """serverless-step-functions: state machines, whose definitions name functions by their keys too."""
    for name, (key, node) in mapping_of(service.section("stepFunctions")("stateMachines")).items():
        fields = mapping_of(node)
        named = fields.get("name")
        id = text_of(fields["id"][1]) if "id" in fields else ""
        id = id or (alphanumeric(text_of(named[1])) if named else f"{alphanumeric(name)}StepFunctionsStateMachine")
        properties: dict[str, Literal] = {
            "StateMachineName": named[1] if named else None,
            "StateMachineType": fields["type"][1] if "type" in fields else None,
            "Definition": fields["definition"][1] if "definition" in fields else None,
        }
        service.add(id, key, "AWS::StepFunctions::StateMachine", properties)
