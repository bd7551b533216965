"""What the sources of variables say: the service itself, what the user decided, parameters, files, other stacks."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from yaml.nodes import Node, SequenceNode

from slslint.errors import UnreadableFileError
from slslint.model import Hole, Pattern
from slslint.source import Problem
from slslint.templates.building import build
from slslint.templates.cloudformation.nodes import Computed, Undecided, field, intrinsic, is_null
from slslint.templates.document import MAX_BYTES, compose, span
from slslint.templates.serverless.grammar import Source, variables_in
from slslint.templates.serverless.texts import derived_from, known_text, standing_at, text_in
from slslint.value import Known, Origin

if TYPE_CHECKING:
    from slslint.templates.serverless.variables import Variables

_SECRETS = "/aws/reference/secretsmanager/"
"""What stands under this in the parameter store is a secret, which may be an object."""

_PSEUDO = {"accountId": "AWS::AccountId", "partition": "AWS::Partition"}

_CONSTRUCTS = {
    "bucketArn": ("Bucket", "Arn"),
    "bucketName": ("Bucket", ""),
    "busName": ("Bus", ""),
    "dlqUrl": ("Dlq", ""),
    "queueArn": ("Queue", "Arn"),
    "queueUrl": ("Queue", ""),
    "tableArn": ("Table", "Arn"),
    "tableName": ("Table", ""),
    "tableStreamArn": ("Table", "StreamArn"),
}
"""What the constructs of serverless-lift tell of themselves: what ends the resource's id, and the attribute."""


def look_up(variables: Variables, source: Source, place: Node) -> Node | None:
    """The node that a source names; None when it says nothing."""
    if not source.type:
        return _literal(variables, source, place)
    address, derived = _decided_text(variables, source.address, place)
    if address is None:
        return Undecided(f"what `{source.address}` names is known only when deployed", place)
    found: Node | None
    match source.type:
        case "self":
            found = _own(variables, address, place)
        case "opt" | "env":
            found = _given(variables, address, place)
        case "param":
            found = _parameter(variables, address, place)
        case "sls":
            found = stage(variables, place) if address == "stage" else Undecided(_later(source), place)
        case "aws" if address == "region":
            found = _given(variables, "region", place) or _own(variables, "provider.region", place)
        case "aws" if address in _PSEUDO:
            return Computed(Known(Pattern((Hole(_PSEUDO[address]),)), span(place)), place)
        case "ssm" if not address.startswith(_SECRETS):
            return Computed(Known(Pattern((Hole(f"resolve:ssm:{address.partition('~')[0]}"),)), span(place)), place)
        case "cf" if not source.params and address.count(".") == 1:
            return Computed(Known(Pattern((Hole(f"cf:{address}"),)), span(place)), place)
        case "construct" if address.partition(".")[2] in _CONSTRUCTS:
            name, _, asked = address.partition(".")
            suffix, attribute = _CONSTRUCTS[asked]
            id = f"{name}{suffix}"
            return build({"Fn::GetAtt": [id, attribute]} if attribute else {"Ref": id}, place)
        case "strToBool":
            text, derived = _decided_text(variables, source.params, place)
            found = None if text is None else _boolean(text, place)
        case "file":
            path, more = _decided_text(variables, source.params, place)
            derived = derived or more
            if path is None:
                return Undecided(f"which file `{source.params}` is, is known only when deployed", place)
            found = _file(variables, path, address, place)
        case _:
            return Undecided(_later(source), place)
    return derived_from(found) if found is not None and derived else found


def _literal(variables: Variables, source: Source, place: Node) -> Node | None:
    text = source.address
    if source.quoted:
        filled, origin = variables.text(text, variables_in(text), place)
        return Computed(Known(filled, span(place), origin), place)
    if text.startswith("${"):
        found = variables_in(text)
        if len(found) == 1 and found[0].end == len(text):
            return variables.value(found[0], place)
    # A default that is nothing decides nothing: it may be given from outside.
    if text in ("null", "") or not _is_plain(text):
        return Undecided("it is known only when deployed", place)
    return Computed(Known(text, span(place)), place)


def _decided_text(variables: Variables, text: str, place: Node) -> tuple[str | None, bool]:
    """A text with its variables filled in, and whether a default decided it; None when it has holes."""
    found = variables_in(text)
    if not found:
        return text, False
    filled, origin = variables.text(text, found, place)
    return (filled if isinstance(filled, str) else None), origin is Origin.DERIVED


def _own(variables: Variables, address: str, place: Node) -> Node | None:
    found = _under(variables, variables.root, address.split(".") if address else [])
    if found is not None and not is_null(found):
        return found
    if address == "provider.stage":
        return stage(variables, place)
    if address == "provider.region":
        return Computed(Known("us-east-1", span(place), Origin.DERIVED), place)
    if address == "service.name":
        return field(variables.root, "service")
    return found


def _under(variables: Variables, node: Node | None, keys: list[str]) -> Node | None:
    derived = False
    for key in keys:
        node = variables.reach(node) if node is not None else None
        if isinstance(node, SequenceNode) and intrinsic(node) is None:
            node = node.value[int(key)] if key.isdigit() and int(key) < len(node.value) else None
        elif isinstance(node, Undecided):
            return node
        else:
            known = known_text(node) if isinstance(node, Computed) else None
            derived = derived or (known is not None and known.origin is Origin.DERIVED)
            node = field(node, key)
        if node is None:
            return None
    return node


def stage(variables: Variables, place: Node) -> Node:
    """The stage that is deployed to when nobody says otherwise."""
    decided = _given(variables, "stage", place)
    if decided is not None:
        return decided
    written = field(variables.root, "provider")
    written = field(variables.reach(written), "stage") if written is not None else None
    found = variables.resolve(written) if written is not None else None
    if found is None or is_null(found):
        return Computed(Known("dev", span(place), Origin.DERIVED), place)
    return standing_at(place, found, True)


def _given(variables: Variables, name: str, place: Node) -> Node | None:
    """What the user decided: an option, a parameter or an environment variable."""
    decided = variables.decided.get(name)
    return None if decided is None else Computed(Known(decided, span(place)), place)


def _parameter(variables: Variables, name: str, place: Node) -> Node | None:
    given = _given(variables, name, place)
    if given is not None:
        return given
    deployed = text_in(stage(variables, place))
    for section, inner in (("params", ()), ("stages", ("params",))):
        whole = field(variables.root, section)
        if whole is None:
            continue
        for each in (deployed, "default"):
            if not isinstance(each, str):
                return Undecided("which stage it is for is known only when deployed", place)
            found = _under(variables, whole, [each, *inner, name])
            if found is not None and not is_null(found):
                return derived_from(found)
    return None


def _file(variables: Variables, written: str, address: str, place: Node) -> Node | None:
    path = posixpath.normpath(posixpath.join(variables.folder, written.replace("\\", "/")))
    if path not in variables.files:
        variables.files[path] = _read(variables, path, place)
    content = variables.files[path]
    return _under(variables, content, address.split(".")) if address and content is not None else content


def why_nothing(variables: Variables, source: Source, place: Node) -> str:
    """Why a source says nothing: for files, whether it is the file or what is asked of it that is not there."""
    if source.type == "file":
        written, _ = _decided_text(variables, source.params, place)
        path = posixpath.normpath(posixpath.join(variables.folder, written)) if written is not None else source.params
        known = variables.files.get(path)
        return f"there is no file `{path}`" if known is None else f"`{path}` has no `{source.address}`"
    said = f"{source.type}({source.params})" if source.params else f"{source.type}:{source.address}"
    return f"nothing here says what `{said}` is"


def _read(variables: Variables, path: str, place: Node) -> Node | None:
    extension = posixpath.splitext(path)[1]
    if extension in (".js", ".cjs", ".mjs", ".ts"):
        return Undecided(f"what `{path}` gives is known only when it runs", place)
    if not variables.reader.inside(path):
        return Undecided(f"`{path}` lies outside the project, so it is not read", place)
    if not variables.reader.is_file(path):
        return None
    try:
        file = variables.reader.read(path, MAX_BYTES)
    except UnreadableFileError as error:
        variables.problems.append(Problem("unreadable", span(place), f"`{path}` cannot be read: {error.why}"))
        return Undecided(f"`{path}` could not be read", place)
    if extension not in (".yml", ".yaml", ".json", ".tfstate"):
        return Computed(Known(file.data.decode(), span(place)), place)
    root = compose(file)
    if isinstance(root, Problem):
        variables.problems.append(root)
        return Undecided(f"`{path}` could not be read", place)
    return root


def _later(source: Source) -> str:
    named = f"{source.type}:{source.address}" if source.address else f"{source.type}({source.params})"
    return f"`{named}` is known only when deployed"


def _boolean(text: str, place: Node) -> Node:
    truth = text.lower() in ("true", "1")
    return Computed(Known(str(truth).lower(), span(place)), place)


def _is_plain(text: str) -> bool:
    """Whether a literal may stand without quotes."""
    return text in ("true", "false") or text.removeprefix("-").replace(".", "", 1).isdigit()
