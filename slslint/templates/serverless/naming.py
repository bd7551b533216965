"""The logical ids that the framework gives to what it makes (its lib/plugins/aws/lib/naming.js)."""

from __future__ import annotations


def normalized(name: str) -> str:
    """The name of a function, layer, authorizer, ... as it starts a logical id: `get-user` becomes GetDashuser."""
    return _upper_first(name.replace("-", "Dash").replace("_", "Underscore"))


def function_id(name: str) -> str:
    """The logical id of a function by its key."""
    return f"{normalized(name)}LambdaFunction"


def layer_id(name: str) -> str:
    """The logical id of a layer by its key."""
    return f"{normalized(name)}LambdaLayer"


def alphanumeric(name: str) -> str:
    """A name of a bucket, topic or queue as it stands in logical ids."""
    plain = name if name.isascii() and name.isalnum() else filter(str.isalnum, name.encode("ascii", "ignore").decode())
    return _upper_first("".join(plain))


def path_id(path: str) -> str:
    """A request path as it stands in logical ids: `users/{id}` becomes UsersIdVar."""
    return "".join(map(_path_part, path.split("/")))


def route_id(key: str) -> str:
    """The logical id of a route of an HTTP API by its key: `GET /users`."""
    return "HttpApiRouteDefault" if key == "*" else f"HttpApiRoute{path_id(key)}"


def websocket_route_id(key: str) -> str:
    """The logical id of a route of a WebSocket API by its key: `$connect`."""
    for character, name in (("$", "S"), ("/", "Slash"), ("-", "Dash"), ("_", "Underscore"), (".", "Period")):
        key = key.replace(character, name)
    return f"{key}WebsocketsRoute"


def _path_part(part: str) -> str:
    part = (part[:1].upper() + part[1:].lower()).replace("-", "Dash")
    before, brace, rest = part.partition("{")
    inner, closed, after = rest.rpartition("}")
    if brace and closed:
        part = f"{before}{inner}Var{after}"
    return alphanumeric(part)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
