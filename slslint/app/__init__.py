"""What rules read: the application as joined from template and source."""

from slslint.app.application import App, Join, JoinState
from slslint.app.code import Code, LoadedImport, Place, Site, Use
from slslint.app.sdk import SdkCall

__all__ = ["App", "Code", "Join", "JoinState", "LoadedImport", "Place", "SdkCall", "Site", "Use"]
