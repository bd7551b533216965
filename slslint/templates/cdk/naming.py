"""What the resources of a stack are called: by the paths of their constructs, as their author named them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yaml.nodes import Node

from slslint.source import Reader
from slslint.templates.building import text_of
from slslint.templates.cdk.assembly import Assembly
from slslint.templates.cdk.tree import paths_in_tree
from slslint.templates.cloudformation.nodes import Fields, field

_INNER = ("Resource", "Default")
"""What the CDK calls the one resource of a construct."""


def paths_of(resources: Fields, stack: str, assembly: Assembly, reader: Reader) -> dict[str, str]:
    """The construct path of each resource by its logical id: from the template, else the metadata, else the tree."""
    nested = tuple(f"{each}/" for each in assembly.stacks.values() if each.startswith(f"{stack}/"))

    def own(paths: Iterable[str]) -> str:
        return next((each for each in paths if each.startswith(f"{stack}/") and not each.startswith(nested)), "")

    found: dict[str, str] = {}
    for id, (_, node) in resources.items():
        path = text_of(field(node, "Metadata", "aws:cdk:path")) or own(assembly.paths.get(id, ()))
        path = path or own(paths_in_tree(assembly.root, reader).get(id, ()))
        if path.startswith(f"{stack}/"):
            found[id] = path
    return found


def names_of(resources: Fields, paths: Mapping[str, str], stack: str) -> dict[str, str]:
    """What each resource is called by its logical id: the path in the stack of the construct that is the resource.

    A function's own role has the name that roles of functions have in every dialect.
    """
    functions = {_construct(paths[id]) for id, (_, node) in resources.items() if id in paths and _is_function(node)}
    taken = {id for id in resources if id not in paths}
    names: dict[str, str] = {}
    for id, path in paths.items():
        owner, _, last = _construct(path).rpartition("/")
        whole = f"{owner}Role" if last == "ServiceRole" and owner in functions else _construct(path)
        name = whole.removeprefix(f"{stack}/")
        names[id] = id if name in taken else name
        taken.add(names[id])
    return names


def own_roles(names: Mapping[str, str], paths: Mapping[str, str]) -> frozenset[str]:
    """The names of the roles that the CDK made for one function each, because its author gave it none."""
    return frozenset(
        names[id] for id, path in paths.items() if _construct(path).endswith("/ServiceRole") and names[id] != id
    )


def _construct(path: str) -> str:
    """The construct that a resource is: `Shop/Orders` of `Shop/Orders/Resource`."""
    owner, _, last = path.rpartition("/")
    return owner if last in _INNER else path


def _is_function(node: Node) -> bool:
    return text_of(field(node, "Type")) == "AWS::Lambda::Function"
