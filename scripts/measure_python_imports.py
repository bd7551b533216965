"""Measure what importing popular Python packages costs, and write `slslint/data/python_import_costs.json`.

    python scripts/measure_python_imports.py [--work FOLDER] [--runs 9] [--only pandas,numpy]

Each distribution is installed into a virtual environment of its own. Each module is then imported in new processes:
one to warm the disk cache, then `--runs` measured ones, in rounds over all modules so that a busy spell of the machine
does not fall on one module alone. A run's cost is the sum of the self times that `python -X importtime` reports for the
import statement (the interpreter's own start is left out), times the share of the CPU that the process got while it
ran. The table holds the median of the faster half of the runs, in milliseconds: other work on the machine only adds.

It takes an hour and some 10 GB. Everything is kept in `--work`, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

from import_costs import sample, typical, write

TABLE = Path(__file__).parent.parent / "slslint" / "data" / "python_import_costs.json"

PACKAGES: dict[str, tuple[str, ...]] = {
    "aioboto3": ("aioboto3",),
    "aiohttp": ("aiohttp",),
    "anthropic": ("anthropic",),
    "asyncpg": ("asyncpg",),
    "aws-durable-execution-sdk-python": ("aws_durable_execution_sdk_python",),
    "aws-lambda-powertools[all]": (
        "aws_lambda_powertools",
        "aws_lambda_powertools.event_handler",
        "aws_lambda_powertools.utilities.batch",
        "aws_lambda_powertools.utilities.data_classes",
        "aws_lambda_powertools.utilities.idempotency",
        "aws_lambda_powertools.utilities.parameters",
        "aws_lambda_powertools.utilities.parser",
        "aws_lambda_powertools.utilities.validation",
    ),
    "aws-xray-sdk": ("aws_xray_sdk", "aws_xray_sdk.core"),
    "awswrangler": ("awswrangler",),
    "azure-storage-blob": ("azure.storage.blob",),
    "beautifulsoup4": ("bs4",),
    "bedrock-agentcore": ("bedrock_agentcore",),
    "boto3": ("boto3", "botocore"),
    "click": ("click",),
    "confluent-kafka": ("confluent_kafka",),
    "cryptography": ("cryptography", "cryptography.fernet", "cryptography.x509"),
    "dash": ("dash",),
    "datadog": ("datadog",),
    "datadog-lambda": ("datadog_lambda",),
    "django": ("django", "django.db.models"),
    "duckdb": ("duckdb",),
    "elasticsearch": ("elasticsearch",),
    "fastapi": ("fastapi",),
    "firebase-admin": ("firebase_admin", "firebase_admin.firestore"),
    "flask": ("flask",),
    "geopandas": ("geopandas",),
    "google-api-python-client": ("googleapiclient.discovery",),
    "google-cloud-bigquery": ("google.cloud.bigquery",),
    "google-cloud-storage": ("google.cloud.storage",),
    "grpcio": ("grpc",),
    "gspread": ("gspread",),
    "httpx": ("httpx",),
    "huggingface-hub": ("huggingface_hub",),
    "jinja2": ("jinja2",),
    "jsonschema": ("jsonschema",),
    "kafka-python": ("kafka",),
    "langchain": ("langchain", "langchain.agents", "langchain.chat_models"),
    "langchain-aws": ("langchain_aws",),
    "langchain-community": ("langchain_community", "langchain_community.document_loaders"),
    "langchain-core": ("langchain_core", "langchain_core.messages", "langchain_core.prompts"),
    "langchain-openai": ("langchain_openai",),
    "lightgbm": ("lightgbm",),
    "llama-index-core": ("llama_index.core",),
    "lxml": ("lxml", "lxml.etree", "lxml.html"),
    "mangum": ("mangum",),
    "marshmallow": ("marshmallow",),
    "matplotlib": ("matplotlib", "matplotlib.pyplot"),
    "mcp": ("mcp", "mcp.server"),
    "mysql-connector-python": ("mysql.connector",),
    "networkx": ("networkx",),
    "newspaper4k": ("newspaper",),
    "nltk": ("nltk",),
    "numpy": ("numpy",),
    "onnxruntime": ("onnxruntime",),
    "openai": ("openai",),
    "opencv-python-headless": ("cv2",),
    "openpyxl": ("openpyxl",),
    "opensearch-py": ("opensearchpy",),
    "opentelemetry-sdk": ("opentelemetry.sdk.trace",),
    "paho-mqtt": ("paho.mqtt.client",),
    "pandas": ("pandas",),
    "paramiko": ("paramiko",),
    "pdfplumber": ("pdfplumber",),
    "pika": ("pika",),
    "pillow": ("PIL", "PIL.Image"),
    "plotly[express]": ("plotly", "plotly.express", "plotly.graph_objects"),
    "polars": ("polars",),
    "psycopg2-binary": ("psycopg2",),
    "psycopg[binary]": ("psycopg",),
    "pyarrow": ("pyarrow", "pyarrow.parquet"),
    "pydantic": ("pydantic",),
    "pyjwt[crypto]": ("jwt",),
    "pymongo": ("pymongo",),
    "pymupdf": ("fitz",),
    "pymysql": ("pymysql",),
    "pynacl": ("nacl", "nacl.signing"),
    "pynamodb": ("pynamodb.models",),
    "pypdf": ("pypdf",),
    "python-docx": ("docx",),
    "python-jose[cryptography]": ("jose", "jose.jwt"),
    "pyyaml": ("yaml",),
    "redis": ("redis",),
    "reportlab": ("reportlab", "reportlab.platypus"),
    "requests": ("requests", "urllib3"),
    "rich": ("rich",),
    "scikit-learn": ("sklearn", "sklearn.ensemble"),
    "scipy": ("scipy", "scipy.optimize", "scipy.stats"),
    "seaborn": ("seaborn",),
    "sendgrid": ("sendgrid",),
    "sentry-sdk": ("sentry_sdk", "sentry_sdk.integrations.aws_lambda"),
    "shapely": ("shapely",),
    "slack-bolt": ("slack_bolt",),
    "slack-sdk": ("slack_sdk",),
    "snowflake-connector-python": ("snowflake.connector",),
    "spacy": ("spacy",),
    "sqlalchemy": ("sqlalchemy", "sqlalchemy.orm"),
    "starlette": ("starlette", "starlette.applications"),
    "statsmodels": ("statsmodels", "statsmodels.api"),
    "strands-agents": ("strands",),
    "stripe": ("stripe",),
    "sympy": ("sympy",),
    "tensorflow-cpu": ("tensorflow",),
    "tiktoken": ("tiktoken",),
    "torch==2.13.0": ("torch",),
    "tqdm": ("tqdm",),
    "transformers": ("transformers", "transformers.pipelines"),
    "twilio": ("twilio", "twilio.rest"),
    "xgboost": ("xgboost",),
    "xlsxwriter": ("xlsxwriter",),
}
"""What pip installs, and the modules of it that are imported.

torch is pinned to a version whose build without CUDA pip was offered: the default one brings gigabytes.
"""

ABOUT = """
import importlib, importlib.metadata, json, sys
distribution, name, *known = sys.argv[1:]
importlib.import_module(name)
brings = sorted(set(known) & set(sys.modules) - {name})
print(json.dumps([importlib.metadata.version(distribution), brings]))
"""

LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|( +)(\S+)")


def environment(work: Path, requirement: str) -> Path | None:
    """The interpreter of a virtual environment that holds the requirement; None when it cannot be installed."""
    home = work / "venvs" / re.sub(r"[^a-z0-9]+", "-", requirement)
    python = home / "bin" / "python"
    done, failed = home / "installed", home / "failed"
    if failed.exists():
        return None
    if not done.exists():
        venv.create(home, clear=True, symlinks=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "-q",
            "--prefer-binary",
            requirement,
        ]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode:
            home.mkdir(parents=True, exist_ok=True)
            failed.write_text(outcome.stderr)
            print(f"{requirement}: not installed: {outcome.stderr.strip().splitlines()[-1:]}", flush=True)
            return None
        done.touch()
    return python


def cost(python: Path, module: str) -> float:
    """Milliseconds that one cold import takes. Raises CalledProcessError when it fails."""
    command = [str(python), "-I", "-X", "importtime", "-c", f"import {module}"]
    started, before = time.perf_counter(), os.times()
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    elapsed, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    microseconds, starting = 0, True
    for match in LINE.finditer(outcome.stderr):
        if not starting:
            microseconds += int(match[1])
        elif match[3] == "site" and len(match[2]) == 1:
            starting = False
    return microseconds / 1000 * min(1.0, cpu / elapsed)


def about(python: Path, requirement: str, module: str, known: list[str]) -> tuple[str, list[str]]:
    """The version of the distribution, and which other modules of the table the import brings along."""
    distribution = re.split(r"[\[=]", requirement)[0]
    command = [str(python), "-I", "-c", ABOUT, distribution, module, *known]
    version, brings = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    )
    return version, brings


def main() -> None:
    """Install, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "slslint-import-costs")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--only", default="", help="distributions, separated by commas")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    packages = {name: modules for name, modules in PACKAGES.items() if not only or name in only}
    known = [module for modules in PACKAGES.values() for module in modules]

    options.work.mkdir(parents=True, exist_ok=True)
    ready: dict[str, tuple[Path, str]] = {}
    for requirement, modules in packages.items():
        python = environment(options.work, requirement)
        if python is not None:
            ready.update((module, (python, requirement)) for module in modules)
            print(f"{requirement}: installed", flush=True)

    samples = sample(ready, options.runs, options.work / "samples.json", lambda module: cost(ready[module][0], module))
    table = {}
    for module, taken in samples.items():
        version, brings = about(*ready[module], module, known)
        table[module] = {"ms": typical(taken), "version": version, "brings": brings}
    write(TABLE, table, options.runs, {"python": platform.python_version()})


if __name__ == "__main__":
    main()
