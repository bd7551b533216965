"""What `--verbose` says: what was read, and where rules were silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.config import Settings

if TYPE_CHECKING:
    from slslint.result import Result


def text(result: Result, settings: Settings) -> str:
    """What to say of a check, in lines without a newline at the end."""
    from slslint.report.terminal import visible

    seen = result.summary
    silent = [
        visible(f"{each.at.path}:{each.at.line}:{each.at.column}: {each.what}: {each.why}") for each in result.silent
    ]
    return (
        f"settings: {settings.file or 'none'}\n"
        f"read: {seen.files} files, {seen.templates} of them templates\n"
        f"functions: {seen.functions}; of those in templates {seen.joined} joined to their code, {seen.ambiguous} "
        f"ambiguous, {seen.missing} without it, {seen.elsewhere} with their code elsewhere\n"
        + "\n".join([f"not known, so that rules were silent: {len(silent) or 'nothing'}", *silent])
    )
