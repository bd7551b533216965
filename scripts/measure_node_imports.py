"""Measure what importing popular npm packages costs, and write `slslint/data/node_import_costs.json`.

    python scripts/measure_node_imports.py [--work FOLDER] [--runs 9] [--only lodash,aws-sdk]

Each package is installed into a folder of its own, without running its install scripts. Each module is then loaded in
new processes: one to warm the disk cache, then `--runs` measured ones, in rounds over all modules so that a busy spell
of the machine does not fall on one module alone. Loading is `require`, or `import()` where a package has nothing to
require. A run's cost is the time it takes, or the CPU time of the process meanwhile if that is less; the start of Node
itself and the module `http`, which the runtime of Lambda loads anyway, are left out. The table holds the median of the
faster half of the runs, in milliseconds: other work on the machine only adds. `pure` marks packages
that say of themselves that loading them has no side effects.

It takes half an hour and some 3 GB. Everything is kept in `--work`, so that an interrupted run goes on where it
stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from import_costs import sample, typical, write

TABLE = Path(__file__).parent.parent / "slslint" / "data" / "node_import_costs.json"

PACKAGES: dict[str, tuple[str, ...]] = {
    "@anthropic-ai/sdk": ("@anthropic-ai/sdk",),
    "@apollo/server": ("@apollo/server",),
    "@aws-lambda-powertools/logger": ("@aws-lambda-powertools/logger",),
    "@aws-lambda-powertools/metrics": ("@aws-lambda-powertools/metrics",),
    "@aws-lambda-powertools/tracer": ("@aws-lambda-powertools/tracer",),
    "@aws-sdk/client-bedrock-runtime": ("@aws-sdk/client-bedrock-runtime",),
    "@aws-sdk/client-cognito-identity-provider": ("@aws-sdk/client-cognito-identity-provider",),
    "@aws-sdk/client-dynamodb": ("@aws-sdk/client-dynamodb",),
    "@aws-sdk/client-eventbridge": ("@aws-sdk/client-eventbridge",),
    "@aws-sdk/client-lambda": ("@aws-sdk/client-lambda",),
    "@aws-sdk/client-s3": ("@aws-sdk/client-s3",),
    "@aws-sdk/client-secrets-manager": ("@aws-sdk/client-secrets-manager",),
    "@aws-sdk/client-sfn": ("@aws-sdk/client-sfn",),
    "@aws-sdk/client-sns": ("@aws-sdk/client-sns",),
    "@aws-sdk/client-sqs": ("@aws-sdk/client-sqs",),
    "@aws-sdk/client-ssm": ("@aws-sdk/client-ssm",),
    "@aws-sdk/lib-dynamodb": ("@aws-sdk/lib-dynamodb",),
    "@aws-sdk/lib-storage": ("@aws-sdk/lib-storage",),
    "@aws-sdk/s3-request-presigner": ("@aws-sdk/s3-request-presigner",),
    "@google-cloud/firestore": ("@google-cloud/firestore",),
    "@google-cloud/storage": ("@google-cloud/storage",),
    "@langchain/aws": ("@langchain/aws",),
    "@langchain/core": ("@langchain/core/messages", "@langchain/core/prompts"),
    "@langchain/openai": ("@langchain/openai",),
    "@middy/core": ("@middy/core",),
    "@modelcontextprotocol/sdk": ("@modelcontextprotocol/sdk/server/mcp.js",),
    "@nestjs/core": ("@nestjs/core", "@nestjs/common"),
    "@octokit/rest": ("@octokit/rest",),
    "@opensearch-project/opensearch": ("@opensearch-project/opensearch",),
    "@sendgrid/mail": ("@sendgrid/mail",),
    "@sentry/aws-serverless": ("@sentry/aws-serverless",),
    "@sentry/node": ("@sentry/node",),
    "@sentry/serverless": ("@sentry/serverless",),
    "@slack/bolt": ("@slack/bolt",),
    "@slack/web-api": ("@slack/web-api",),
    "@sparticuz/chromium": ("@sparticuz/chromium",),
    "@supabase/supabase-js": ("@supabase/supabase-js",),
    "@tensorflow/tfjs": ("@tensorflow/tfjs",),
    "ajv": ("ajv",),
    "apollo-server-lambda": ("apollo-server-lambda",),
    "archiver": ("archiver",),
    "ask-sdk": ("ask-sdk",),
    "ask-sdk-core": ("ask-sdk-core",),
    "aws-amplify": ("aws-amplify",),
    "aws-sdk": (
        "aws-sdk",
        "aws-sdk/clients/apigatewaymanagementapi",
        "aws-sdk/clients/cognitoidentityserviceprovider",
        "aws-sdk/clients/dynamodb",
        "aws-sdk/clients/eventbridge",
        "aws-sdk/clients/lambda",
        "aws-sdk/clients/rekognition",
        "aws-sdk/clients/s3",
        "aws-sdk/clients/secretsmanager",
        "aws-sdk/clients/ses",
        "aws-sdk/clients/sns",
        "aws-sdk/clients/sqs",
        "aws-sdk/clients/ssm",
        "aws-sdk/clients/stepfunctions",
        "aws-sdk/global",
    ),
    "aws-xray-sdk": ("aws-xray-sdk",),
    "aws-xray-sdk-core": ("aws-xray-sdk-core",),
    "axios": ("axios",),
    "bluebird": ("bluebird",),
    "cheerio": ("cheerio",),
    "csv-parse": ("csv-parse", "csv-parse/sync"),
    "datadog-lambda-js": ("datadog-lambda-js",),
    "date-fns": ("date-fns",),
    "dayjs": ("dayjs",),
    "discord.js": ("discord.js",),
    "dynamoose": ("dynamoose",),
    "esbuild": ("esbuild",),
    "ethers": ("ethers",),
    "exceljs": ("exceljs",),
    "express": ("express",),
    "fastify": ("fastify",),
    "firebase-admin": (
        "firebase-admin",
        "firebase-admin/app",
        "firebase-admin/auth",
        "firebase-admin/firestore",
        "firebase-admin/messaging",
    ),
    "googleapis": ("googleapis",),
    "google-auth-library": ("google-auth-library",),
    "got": ("got",),
    "graphql": ("graphql",),
    "handlebars": ("handlebars",),
    "hono": ("hono", "hono/aws-lambda"),
    "ioredis": ("ioredis",),
    "jimp": ("jimp",),
    "joi": ("joi",),
    "jose": ("jose",),
    "js-yaml": ("js-yaml",),
    "jsdom": ("jsdom",),
    "jsonwebtoken": ("jsonwebtoken",),
    "jszip": ("jszip",),
    "jwks-rsa": ("jwks-rsa",),
    "kafkajs": ("kafkajs",),
    "knex": ("knex",),
    "koa": ("koa",),
    "langchain": ("langchain",),
    "lodash": ("lodash",),
    "luxon": ("luxon",),
    "mathjs": ("mathjs",),
    "moment": ("moment",),
    "moment-timezone": ("moment-timezone",),
    "mongodb": ("mongodb",),
    "mongoose": ("mongoose",),
    "mysql": ("mysql",),
    "mysql2": ("mysql2", "mysql2/promise"),
    "natural": ("natural",),
    "node-fetch": ("node-fetch",),
    "nodemailer": ("nodemailer",),
    "openai": ("openai",),
    "pdf-lib": ("pdf-lib",),
    "pdfkit": ("pdfkit",),
    "pdfmake": ("pdfmake",),
    "pg": ("pg",),
    "pino": ("pino",),
    "playwright-core": ("playwright-core",),
    "puppeteer-core": ("puppeteer-core",),
    "ramda": ("ramda",),
    "react-dom": ("react-dom/server",),
    "redis": ("redis",),
    "request": ("request",),
    "rxjs": ("rxjs",),
    "sequelize": ("sequelize",),
    "serverless-http": ("serverless-http",),
    "sharp": ("sharp",),
    "snowflake-sdk": ("snowflake-sdk",),
    "stripe": ("stripe",),
    "superagent": ("superagent",),
    "telegraf": ("telegraf",),
    "three": ("three",),
    "twilio": ("twilio",),
    "typeorm": ("typeorm",),
    "undici": ("undici",),
    "uuid": ("uuid",),
    "web3": ("web3",),
    "winston": ("winston",),
    "xlsx": ("xlsx",),
    "xml2js": ("xml2js",),
    "yup": ("yup",),
    "zod": ("zod",),
}
"""What npm installs, and the modules of it that are loaded."""

BESIDE = {
    "@aws-sdk/lib-dynamodb": ("@aws-sdk/client-dynamodb",),
    "@aws-sdk/lib-storage": ("@aws-sdk/client-s3",),
    "@langchain/aws": ("@langchain/core",),
    "@langchain/openai": ("@langchain/core",),
    "@nestjs/core": ("@nestjs/common", "@nestjs/platform-express", "reflect-metadata", "rxjs"),
    "apollo-server-lambda": ("graphql",),
    "datadog-lambda-js": ("dd-trace",),
    "langchain": ("@langchain/core",),
    "react-dom": ("react",),
    "typeorm": ("reflect-metadata",),
}
"""What a package wants beside itself."""

LOAD = """
const [name, how] = process.argv.slice(1);
require("http");
const cpu = process.cpuUsage(), started = performance.now();
const done = () => {
  const taken = performance.now() - started, used = process.cpuUsage(cpu);
  console.log("\\n" + Math.min(taken, (used.user + used.system) / 1000));
  process.exit(0);
};
if (how === "import") import(name).then(done);
else require(name), done();
"""

TELL = "export function load(url, context, next) { process._rawDebug(url); return next(url, context); }"
"""A hook that prints the address of each ES module that is loaded."""

ABOUT = """
import { createRequire } from "module";
import { fileURLToPath } from "url";
const require = createRequire(import.meta.url);
const [name, ...known] = process.argv.slice(2);
const attempt = (resolve) => { try { return [resolve()]; } catch { return []; } };
const files = (other) => [
  ...attempt(() => require.resolve(other)),
  ...attempt(() => fileURLToPath(import.meta.resolve(other))),
];
let how = "require";
try { require(name); } catch { how = "import"; await import(name); }
const entries = Object.fromEntries(known.map((other) => [other, files(other)]));
const required = Object.values(entries).flat().filter((file) => file in require.cache);
console.log("\\n" + JSON.stringify([how, required, entries]));
process.exit(0);
"""


def node(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Node in a folder. Raises CalledProcessError when it fails, TimeoutExpired when it hangs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NODE")}
    environment["AWS_REGION"] = "us-east-1"
    command = ["node", "--no-warnings", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=120)


def install(work: Path, package: str) -> Path | None:
    """The folder that the package is installed in; None when it cannot be installed."""
    folder = work / "packages" / re.sub(r"[^a-z0-9]+", "-", package)
    done, failed = folder / "installed", folder / "failed"
    if failed.exists():
        return None
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}")
        wanted = [package, *BESIDE.get(package, ())]
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *wanted]
        outcome = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if outcome.returncode:
            failed.write_text(outcome.stderr)
            print(f"{package}: not installed: {outcome.stderr.strip().splitlines()[-1:]}", flush=True)
            return None
        done.touch()
    return folder


def about(folder: Path, module: str, known: list[str]) -> tuple[str, list[str]]:
    """How the module is loaded, "require" or "import", and which other modules of the table come with it."""
    script = folder / "about.mjs"
    script.write_text(ABOUT)
    hook = f"data:text/javascript,{TELL}"
    outcome = node(folder, "--experimental-loader", hook, script.name, module, *known)
    how, required, entries = json.loads(outcome.stdout.splitlines()[-1])
    loaded = {*required, *(line.removeprefix("file://") for line in outcome.stderr.splitlines())}
    return how, sorted(other for other in known if other != module and not loaded.isdisjoint(entries[other]))


def main() -> None:
    """Install, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "slslint-node-import-costs")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--only", default="", help="packages, separated by commas")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    packages = {name: modules for name, modules in PACKAGES.items() if not only or name in only}
    known = [module for modules in PACKAGES.values() for module in modules]

    options.work.mkdir(parents=True, exist_ok=True)
    ready: dict[str, tuple[Path, dict[str, Any], str, list[str]]] = {}
    for package, modules in packages.items():
        folder = install(options.work, package)
        if folder is None:
            continue
        manifest = json.loads((folder / "node_modules" / package / "package.json").read_text())
        for module in modules:
            try:
                ready[module] = (folder, manifest, *about(folder, module, known))
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                print(f"{module}: not loaded: {str(error.stderr).strip()[-300:]}", flush=True)
        print(f"{package}: installed", flush=True)

    def cost(module: str) -> float:
        folder, _manifest, how, _brings = ready[module]
        return float(node(folder, "-e", LOAD, "--", module, how).stdout.splitlines()[-1])

    table = {}
    for module, taken in sample(ready, options.runs, options.work / "samples.json", cost).items():
        _folder, manifest, _how, brings = ready[module]
        table[module] = {"ms": typical(taken), "version": manifest["version"], "brings": brings}
        if manifest.get("sideEffects") is False:
            table[module]["pure"] = True
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip("v\n")
    write(TABLE, table, options.runs, {"node": version})


if __name__ == "__main__":
    main()
