"""What must agree of two deployments that are one application written twice, as plain data."""

import re
from typing import Any

from slslint.model import Delivery, Deployment, Filter, Function, Role, Route, Trigger, show
from slslint.value import Absent, Either, Known, Unknown


def plain(value: Any) -> Any:
    """A value of the model without its places."""
    match value:
        case Known(inner):
            return inner if isinstance(inner, int | float | Route) else show(inner)
        case Absent():
            return None
        case Unknown():
            return "?"
        case Either(branches):
            return tuple(sorted(((conditions(when), plain(branch)) for when, branch in branches), key=str))
        case _:
            return value


def conditions(when: Any) -> str:
    return " ".join(sorted(f"{'' if holds else '!'}{name}" for name, holds in when))


def of_function(function: Function) -> dict[str, Any]:
    settings = (
        "name", "runtime", "handler", "timeout", "memory", "dead_letter", "on_failure", "reserved_concurrency",
        "provisioned_concurrency", "snap_start", "recursion_allowed", "tenant_isolation", "concurrent", "role",
    )  # fmt: skip
    found = {name: plain(getattr(function, name)) for name in settings}
    found["when"] = conditions(function.when)
    found["environment"] = {name: plain(value) for name, value in function.environment.variables.items()}
    # SAM ends the ids of layers in a hash of their content.
    layers = (re.sub(r"^(\$\{\w+?)[0-9a-f]{10}\}$", r"\1}", show(layer)) for layer in function.layers)
    found["layers"] = sorted(layers), function.layers.complete
    return found


def of_trigger(trigger: Trigger) -> dict[str, Any]:
    batch = trigger.batch
    route = plain(trigger.route)
    if plain(trigger.caller_waits) == "?":
        # Permitted by SAM while the API defines its routes itself: only the event names the route.
        route = None
    elif isinstance(route, Route):
        # SAM writes the catch-all of an API that has a name of its own in the other form.
        route = Route(route.method, route.path.replace("/$default", "$default"))
    return {
        "kind": trigger.source_kind.name,
        "source": str(plain(trigger.source)).replace("arn:aws:", "arn:${AWS::Partition}:"),
        "invocation": trigger.invocation.name,
        "waits": plain(trigger.caller_waits),
        "route": route,
        "event": trigger.event,
        "filter": of_filter(trigger.filter),
        "dead letter": plain(trigger.dead_letter),
        "batch": batch and {name: plain(getattr(batch, name)) for name in batch.__slots__},
        "when": conditions(trigger.when),
    }


def of_filter(passing: Filter) -> Any:
    return passing.written, passing.events, passing.over.name, passing.complete


def of_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "cause": delivery.cause.name,
        "source": str(plain(delivery.source)).replace("arn:aws:", "arn:${AWS::Partition}:"),
        "target": str(plain(delivery.target)),
        "filter": of_filter(delivery.filter),
        "waits": delivery.waits,
        "dead letter": plain(delivery.dead_letter),
        "when": conditions(delivery.when),
    }


def of_role(role: Role) -> dict[str, Any]:
    grants = {
        (grant.allow, action.value, show(resource.value), grant.excludes_actions, grant.excludes_resources,
         grant.limited, conditions(grant.when))
        for grant in role.grants for action in grant.actions for resource in grant.resources
    }  # fmt: skip
    return {
        "grants": {(allow, action.lower(), resource.lower(), *rest) for allow, action, resource, *rest in grants},
        "grants complete": role.grants.complete,
        "managed": {(policy.name, conditions(policy.when)) for policy in role.managed},
        "managed complete": role.managed.complete,
        "boundary": role.boundary,
        "when": conditions(role.when),
    }


def model_of(deployment: Deployment) -> dict[str, Any]:
    """What must agree, by facet."""
    model: dict[str, Any] = {}
    for function in deployment.functions:
        for name, value in of_function(function).items():
            model[f"function {name}", function.id] = value
        if isinstance(function.role, Known) and function.role.value in deployment.roles:
            for name, value in of_role(deployment.roles[function.role.value]).items():
                model[f"role {name}", function.id] = value
    for function in deployment.functions:
        found = [of_trigger(trigger) for trigger in deployment.triggers if trigger.function == function.id]
        model["triggers", function.id] = sorted(found, key=str)
    for queue in deployment.queues:
        model["queue", queue.id] = plain(queue.visibility_timeout), plain(queue.redrive), plain(queue.max_receives)
    model["deliveries", ""] = sorted(map(of_delivery, deployment.deliveries), key=str)
    model["dead letters", ""] = sorted({str(plain(text)) for text in deployment.dead_letters})
    return model
