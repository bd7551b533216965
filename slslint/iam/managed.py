"""AWS's managed policies that give a function more than any one function needs."""

from __future__ import annotations

from enum import Enum


class Reach(Enum):
    """How far a managed policy goes."""

    ACCOUNT = "account"
    """The whole account, or the permissions themselves."""
    SERVICE = "service"
    """Everything in one service."""
    OBSERVABILITY = "observability"
    """Everything in a service that holds logs, metrics or traces."""


_ACCOUNT = frozenset(
    {
        "AWSOrganizationsFullAccess",
        "AdministratorAccess",
        "AdministratorAccess-AWSElasticBeanstalk",
        "AdministratorAccess-Amplify",
        "DataScientist",
        "DatabaseAdministrator",
        "IAMFullAccess",
        "NetworkAdministrator",
        "PowerUserAccess",
        "SystemAdministrator",
    }
)

_OBSERVABILITY = ("AWSXray", "AWSXRay", "CloudWatch")


def reach(name: str) -> Reach | None:
    """How far AWS's managed policy of that name goes: the last part of its ARN; None for one that is narrow enough."""
    if name in _ACCOUNT:
        return Reach.ACCOUNT
    if "FullAccess" not in name:
        return None
    return Reach.OBSERVABILITY if name.startswith(_OBSERVABILITY) else Reach.SERVICE
