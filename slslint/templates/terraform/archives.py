"""Where the code of functions comes from: archives that Terraform makes, local files, uploads."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from yaml.nodes import Node, SequenceNode

from slslint.model import Ref
from slslint.templates.building import Literal, build
from slslint.templates.cloudformation.nodes import Undecided, field
from slslint.templates.terraform.functions.files import Contents
from slslint.templates.terraform.syntax import words_of
from slslint.templates.terraform.values import Choice, Nothing, each_branch, is_object, known_text, literal, string

if TYPE_CHECKING:
    from slslint.templates.terraform.instances import Instance
    from slslint.templates.terraform.rewriting import Rewriting

_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts")

UPLOADS = ("aws_s3_object", "aws_s3_bucket_object")


class Packed(Undecided):
    """The path of an archive that Terraform makes when it deploys; `archive` is the resource that says of what."""

    def __init__(self, archive: Instance, at: Node) -> None:
        super().__init__("it is an archive that is made when deployed", at)
        self.archive = archive


def code(rewriting: Rewriting, function: Instance) -> Literal:
    """The `Code` or `Content` of a function or layer, as CloudFormation writes it, with local paths."""
    built = function.argument("source_path") or _packed_by_program(function)
    if built is not None and not isinstance(built, Nothing):
        return _built(rewriting, function, built)
    local = function.argument("filename")
    if local is not None and not isinstance(local, Nothing):
        return _local(rewriting, local)
    key = function.argument("s3_key")
    if key is not None and not isinstance(key, Nothing):
        upload = _upload(rewriting, key)
        source = None if upload is None else upload.argument("source")
        if source is not None and not isinstance(source, Nothing):
            return _local(rewriting, source)
        return {"S3Bucket": function.argument("s3_bucket"), "S3Key": key}
    if function.argument("image_uri") is not None:
        return {"ImageUri": function.argument("image_uri")}
    return Undecided("where its code is cannot be told", function.at)


def _packed_by_program(function: Instance) -> Node | None:
    """What a module packs that runs a program to do so, as the public module for functions and its copies do."""
    blocks = function.module.blocks
    if ("variable", "source_path") not in blocks or not any(key[:2] == ("data", "external") for key in blocks):
        return None
    return function.module.variable("source_path", function.at)


_MAKERS = frozenset({"local_file", "local_sensitive_file", "null_resource", "shell_script", "terraform_data"})
"""Resources that write files, or run what does."""


def made_first(rewriting: Rewriting, function: Instance) -> bool:
    """Whether the files that a function's archive is made of may be made just before."""
    local = function.argument("filename")
    path = string(local)
    archive = local.archive if isinstance(local, Packed) else path and rewriting.archives.get(posixpath.normpath(path))
    if not archive:
        return False
    waits = archive.block.get("depends_on")
    if waits is not None and not _MAKERS.isdisjoint(words_of(waits)):
        return True
    folder = string(archive.argument("source_dir"))
    made = (string(each.argument("filename")) for each in rewriting.files)
    return folder is not None and any(
        posixpath.normpath(file or "").startswith(f"{posixpath.normpath(folder)}/") for file in made
    )


def _built(rewriting: Rewriting, function: Instance, built: Node) -> Literal:
    """What the public module for functions packs: a path, or a list of paths and objects with one.

    Of several, it is the one in which the handler's file lies.
    """
    if isinstance(built, Choice):
        return each_branch(built, lambda branch: build(_built(rewriting, function, branch), branch))
    entries = built.value if isinstance(built, SequenceNode) else [built]
    # What has no path brings only packages.
    sources = [entry for entry in entries if not is_object(entry) or field(entry, "path") is not None]
    paths = [field(entry, "path") if is_object(entry) else entry for entry in sources]
    if not paths or None in map(string, paths):
        only = paths[0] if len(paths) == 1 else None
        unknown: Literal = Undecided("what it packs cannot be told", built)
        return only if known_text(only) is not None else unknown
    handler = string(function.argument("handler"))
    stem = (handler or "").rpartition(".")[0].replace(".", "/")
    for entry, path in zip(sources, paths, strict=True):
        # What is put elsewhere in the archive has another name for handlers.
        moved = is_object(entry) and string(field(entry, "prefix_in_zip"))
        if handler is not None and not moved and _holds(rewriting, string(path) or "", stem):
            return path
    plain = len(paths) == 1 and (handler is None or not is_object(sources[0]))
    return paths[0] if plain else Undecided("what it packs is put together from several places", built)


def _holds(rewriting: Rewriting, path: str, stem: str) -> bool:
    """Whether a folder holds the file of a handler, or is that file."""
    unit = rewriting.unit
    where = unit.reported(path)
    if any(unit.reader.is_file(f"{where}/{stem}{suffix}") for suffix in _SUFFIXES):
        return True
    return where.endswith(_SUFFIXES) and posixpath.splitext(posixpath.basename(where))[0] == stem


def _upload(rewriting: Rewriting, key: Node) -> Instance | None:
    known = known_text(key)
    if known is None:
        return None
    if isinstance(known, Ref):
        return rewriting.by_address.get(known.id)
    return rewriting.uploads.get(known) if isinstance(known, str) else None


def _local(rewriting: Rewriting, path: Node) -> Literal:
    if isinstance(path, Choice):
        return each_branch(path, lambda branch: build(_local(rewriting, branch), branch))
    if isinstance(path, Packed):
        return packed(rewriting, path.archive)
    written = string(path)
    if written is not None:
        archive = rewriting.archives.get(posixpath.normpath(written))
        return packed(rewriting, archive) if archive is not None else path
    known = known_text(path)
    if known is not None:
        return path
    return {"S3Key": path}


def packed(rewriting: Rewriting, archive: Instance) -> Literal:
    """What an archive is made of."""
    for name in ("source_dir", "source_file"):
        path = archive.argument(name)
        if path is not None and not isinstance(path, Nothing):
            return (
                _local(rewriting, path) if known_text(path) is not None or isinstance(path, Choice) else {"S3Key": path}
            )
    sources = archive.argument("source")
    files = sources.value if isinstance(sources, SequenceNode) else []
    if not files and archive.argument("source_content") is not None:
        return _content(rewriting, archive.argument("source_content"), archive.argument("source_content_filename"))
    if len(files) == 1:
        return _content(rewriting, field(files[0], "content"), field(files[0], "filename"))
    paths = [content.path for item in files if isinstance(content := field(item, "content"), Contents)]
    folders = {posixpath.dirname(path) for path in paths}
    if len(folders) == 1 and len(paths) == len(files):
        return literal(posixpath.relpath(folders.pop() or ".", rewriting.unit.folder), files[0])
    return Undecided("its archive is put together from several places", archive.at)


def _content(rewriting: Rewriting, content: Node | None, name: Node | None) -> Literal:
    """A file of an archive whose content is given."""
    deployed = string(name) or ""
    if isinstance(content, Contents):
        if deployed and posixpath.basename(deployed) != posixpath.basename(content.path):
            return Undecided(f"`{content.path}` is called `{deployed}` in its archive", content)
        return literal(posixpath.relpath(content.path, rewriting.unit.folder), content)
    if content is not None and known_text(content) is not None and deployed.endswith(_SUFFIXES) and "/" not in deployed:
        return {"ZipFile": content, "FileName": deployed}
    at = content if content is not None else name
    assert at is not None or content is None
    return Undecided("its code is written in the archive", at) if at is not None else {"S3Key": "unknown"}
