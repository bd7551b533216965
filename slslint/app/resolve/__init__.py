"""What an expression stands for: names followed through scopes, imports, files, attributes, calls and parameters."""

from slslint.app.resolve.frames import LOADED, Arrival, Frame, bound_by
from slslint.app.resolve.resolver import Resolver

__all__ = ["LOADED", "Arrival", "Frame", "Resolver", "bound_by"]
