"""A definition in the Amazon States Language for steps that code takes: where to start from, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from slslint.app.orchestration.steps import Orchestration, Step
from slslint.facts import Attr, Block, Call, Compare, Expr, Item, Literal, Logic, Name
from slslint.model import Json, Verbatim

Asked: TypeAlias = tuple[Step, tuple[tuple[Step, Block], ...]]
"""A step, and the answers that decide whether it is taken, each with the branch, outermost first."""

_RETRY: Json = (
    {"ErrorEquals": ("Lambda.ServiceException", "Lambda.TooManyRequestsException"), "BackoffRate": 2, "MaxAttempts": 3},
)
"""What AWS advises to retry whenever a task invokes a function, in short."""

_NOISE = r"(?i)[_-]?(function|lambda|fn)?[_-]?(name|arn)?$"
_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]"
_DONE = "Done"
_COMPARISONS = {
    "==": "Equals", "!=": "Equals", ">": "GreaterThan", ">=": "GreaterThanEquals", "<": "LessThan",
    "<=": "LessThanEquals",
}  # fmt: skip


def skeleton(found: Orchestration) -> Mapping[str, Json]:
    """The states for the steps, in their order: a Task for each, a Choice where an answer decides, a Map for a loop."""
    return _Definition(found.steps).machine()


class _Definition:
    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.names: dict[Step, str] = {}
        for step in steps:
            self.names[step] = next(each for each in _numbered(step.name) if each not in self.names.values())
        self.states: dict[str, Mapping[str, Json]] = {}

    def machine(self) -> Mapping[str, Json]:
        start = self._sequence([(step, _asked_of(step)) for step in self.steps if step.after_failure is None], None)
        for step in self.steps:
            if step.after_failure is not None:
                self._task(step, None)
        return {"StartAt": start or _DONE, "States": {name: self.states[name] for name in self._ordered(start)}}

    def _sequence(self, steps: Sequence[Asked], after: str | None) -> str | None:
        """Add the states of steps that follow each other and lead to `after`, and give the first one's name."""
        if not steps:
            return after
        first, asked = steps[0]
        if not asked:
            return self._task(first, self._sequence(steps[1:], after))
        judge = asked[0][0]
        count = next((n for n, (_, each) in enumerate(steps) if not each or each[0][0] is not judge), len(steps))
        follows = self._sequence(steps[count:], after)
        branches: dict[int, tuple[Block, list[Asked]]] = {}
        for step, (own, *inner) in ((step, each) for step, each in steps[:count]):
            branches.setdefault(id(own[1]), (own[1], []))[1].append((step, tuple(inner)))
        choices: list[Json] = []
        otherwise = follows
        for block, inside in branches.values():
            entry = self._sequence(inside, follows) or _DONE
            if block.test is None or (block.kind == "else" and choices):
                otherwise = entry
            else:
                choices.append({**_rule(block), "Next": entry})
        if otherwise is None:
            otherwise = _DONE
            self.states[_DONE] = {"Type": "Succeed"}
        if not choices:
            return otherwise
        name = f"{self.names[first]}?"
        self.states[name] = {"Type": "Choice", "Choices": tuple(choices), "Default": otherwise}
        return name

    def _task(self, step: Step, follows: str | None) -> str:
        """Add the state of a step, and give its name."""
        name = self.names[step]
        leads: dict[str, Json] = {"End": True} if follows is None else {"Next": follows}
        caught = next((self.names[each] for each in self.steps if each.after_failure is step), None)
        if caught is not None:
            leads = {"Catch": ({"ErrorEquals": ("States.ALL",), "Next": caught},), **leads}
        function: Json = step.name
        if step.target is not None:
            function = Verbatim(step.target.dialect.arn("function", step.target.id))
        task: dict[str, Json] = {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": function, "Payload.$": "$"},
            "OutputPath": "$.Payload",
            "Retry": _RETRY,
        }
        if not step.repeated:
            self.states[name] = {**task, **leads}
            return name
        inner: dict[str, Json] = {"StartAt": name, "States": {name: {**task, "End": True}}}
        self.states[f"Each {name}"] = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": inner, **leads}
        return f"Each {name}"

    def _ordered(self, start: str | None) -> Iterator[str]:
        """The names of the states in the order in which they are come to; what only a failure leads to last."""
        pending = [start] if start is not None else []
        seen: set[str] = set()
        while pending:
            name = pending.pop(0)
            if name in seen or name not in self.states:
                continue
            seen.add(name)
            yield name
            state = self.states[name]
            choices = state.get("Choices", ())
            further = [state.get("Next"), *(each["Next"] for each in _mappings(choices)), state.get("Default")]
            pending += [each for each in further if isinstance(each, str)]
        yield from (name for name in self.states if name not in seen)


def _mappings(value: Json) -> list[Mapping[str, Json]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, tuple) else []


def _asked_of(step: Step) -> tuple[tuple[Step, Block], ...]:
    """The branches that a step stands in, each once."""
    found = {id(block): (judge, block) for judge, block in reversed(step.told_by)}
    return tuple(found.values())


def _numbered(name: str) -> Iterator[str]:
    """What a state that invokes the function may be called: "Charge Card" for CHARGE_CARD_FUNCTION_NAME."""
    last = name.rpartition(".")[2].rpartition("/")[2]
    words = re.findall(_WORD, re.sub(_NOISE, "", last) or last)
    base = " ".join(word[:1].upper() + word[1:].lower() for word in words) or "Step"
    yield base
    number = 1
    while True:
        number += 1
        yield f"{base} {number}"


def _rule(block: Block) -> Mapping[str, Json]:
    """A branch's condition as a rule of a Choice, as far as it compares a part of an answer with a constant."""
    asked = None if block.test is None else _comparison(block.test)
    rule = asked or {"Variable": "$.answer", "IsPresent": True}
    return _opposite(rule) if block.kind == "else" else rule


def _comparison(test: Expr) -> Mapping[str, Json] | None:
    match test:
        case Logic("not", (inner,)):
            found = _comparison(inner)
            return None if found is None else _opposite(found)
        case Compare(left, op, Literal(bool() | int() | str() as value)) if op in _COMPARISONS and _path(left):
            kind = "Boolean" if isinstance(value, bool) else "Numeric" if isinstance(value, int) else "String"
            rule: Mapping[str, Json] = {"Variable": _path(left), f"{kind}{_COMPARISONS[op]}": value}
            return _opposite(rule) if op == "!=" else rule
        case _ if _path(test):
            return {"Variable": _path(test), "BooleanEquals": True}
    return None


def _opposite(rule: Mapping[str, Json]) -> Mapping[str, Json]:
    inner = rule.get("Not")
    return inner if isinstance(inner, Mapping) else {"Not": rule}


def _path(expr: Expr) -> str:
    """`answer["order"]["ok"]` as "$.order.ok"; "" for what is no part of an answer."""
    keys: list[str] = []
    while not isinstance(expr, Name):
        match expr:
            case Attr(base, key) | Item(base, Literal(str() as key)):
                pass
            case Call(Attr(base, "get"), args) if args and isinstance(args[0].value, Literal):
                key = str(args[0].value.value)
            case _:
                return ""
        keys.append(key)
        expr = base
    return ".".join(["$", *reversed(keys)]) if keys else ""
