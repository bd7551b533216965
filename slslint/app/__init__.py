"""What rules read: the application as joined from template and source."""

from slslint.app.application import App, Join, JoinState
from slslint.app.code import Code, Place, Site

__all__ = ["App", "Code", "Join", "JoinState", "Place", "Site"]
