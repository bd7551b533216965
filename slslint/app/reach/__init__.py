"""What the handler reaches: module bodies that are loaded, functions that are called, passed on or registered."""

from slslint.app.reach.explore import Reach
from slslint.app.reach.step import Step

__all__ = ["Reach", "Step"]
