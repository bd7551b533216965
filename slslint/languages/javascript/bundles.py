"""Whether a file is what a bundler or a minifier made: nobody mends it there, and nobody is told to."""

from __future__ import annotations

from slslint.source import Problem, SourceFile, start_of

_MARKS = {
    "webpack": (b"__webpack_modules__", b"webpackBootstrap", b"__webpack_require__.", b"__webpack_exports__"),
    "ncc": (b"__nccwpck_require__",),
    "esbuild": (
        b"var __commonJS = (", b"var __toESM = (", b"var __export = (target, all)", b"var __toCommonJS = (",
        b"var __defProp=Object.defineProperty", b"var __require = /* @__PURE__ */ (",
    ),
    "Rollup": (b"function getDefaultExportFromCjs", b"var commonjsGlobal = typeof globalThis"),
    "Parcel": (b"$parcel$", b"parcelRequire"),
    "Browserify": (b"MODULE_NOT_FOUND\",", b"'MODULE_NOT_FOUND',"),
}  # fmt: skip
"""What the preambles of bundlers hold, and what nobody writes."""

_SMALLEST = 2000
"""Bytes. Shorter files are read: they cost nothing, and hold no bundle."""

_LONG_LINES = 250
"""Bytes of an average line from which on nobody has written the code like that."""

_PACKED = 1000
"""Minified code has more than one function in so many bytes; a line of data in a file that somebody wrote has none."""


def bundled(file: SourceFile) -> Problem | None:
    """Why the file is not read as source, if it is not."""
    data = file.data
    name = file.path.rpartition("/")[2]
    # Code in a template has no other source.
    if len(data) < _SMALLEST or file.places is not None:
        return None
    maker = next((maker for maker, marks in _MARKS.items() if any(mark in data for mark in marks)), "")
    if maker:
        return _problem(file, f"{maker} has put this file together")
    if ".min." in name or _is_minified(data):
        return _problem(file, "this file is minified")
    return None


def _problem(file: SourceFile, said: str) -> Problem:
    return Problem("bundled", start_of(file.path), f"{said}; slslint reads the source that it was made from")


def _is_minified(data: bytes) -> bool:
    # The source map that compilers append is one long line.
    code = data.partition(b"\n//# sourceMappingURL=")[0]
    lines = code.count(b"\n") + 1
    if len(code) < lines * _LONG_LINES:
        return False
    return (code.count(b"){") + code.count(b"=>")) * _PACKED > len(code)
