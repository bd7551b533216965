"""What each AWS SDK calls the services of AWS."""

from __future__ import annotations

from functools import cache

from slslint import data


@cache
def _names() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """boto3's names by package of version 3, and by class of version 2; packages by boto3's names."""
    by_package: dict[str, str] = {}
    by_class: dict[str, str] = {}
    packages: dict[str, str] = {}
    for line in data.text("service_names.txt").splitlines():
        if not line.startswith("#"):
            name, packaged, written = line.split()
            package = name if packaged == "=" else packaged
            by_package[package], packages[name] = name, package
            if written != "-":
                by_class[name if written == "=" else written] = name
    return by_package, by_class, packages


def service_of_package(package: str) -> str:
    """boto3's name of the service of `@aws-sdk/client-<package>`."""
    return _names()[0].get(package, package)


def service_of_class(name: str) -> str | None:
    """boto3's name of the service of a class of aws-sdk 2 ("StepFunctions"); None when it is no service's."""
    return _names()[1].get(name.lower())


def package_of(service: str) -> str:
    """The package of version 3 for a service by boto3's name."""
    return f"@aws-sdk/client-{_names()[2].get(service, service)}"
