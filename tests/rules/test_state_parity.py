"""Equal code in Python and in JavaScript gets the same verdict from the rules about what outlives an invocation."""

from __future__ import annotations

from textwrap import dedent

import pytest

from slslint import registry, testing

RULES = registry.load()

PAIRS = [
    (
        "client-in-handler",
        "a client in the handler",
        1,
        """
        import boto3
        def handler(event, context):
            s3 = boto3.client("s3")
            return s3.list_buckets()
        """,
        """
        import { S3Client, ListBucketsCommand } from "@aws-sdk/client-s3";
        export const handler = async (event) => {
          const s3 = new S3Client({});
          return s3.send(new ListBucketsCommand({}));
        };
        """,
    ),
    (
        "client-in-handler",
        "a connection that the handler closes itself",
        1,
        """
        import os, psycopg2
        def handler(event, context):
            connection = psycopg2.connect(host=os.environ["HOST"])
            try:
                return connection.cursor().execute("select 1")
            finally:
                connection.close()
        """,
        """
        import pg from "pg";
        export const handler = async (event) => {
          const connection = new pg.Client({ host: process.env.HOST });
          try {
            return await connection.query("select 1");
          } finally {
            await connection.end();
          }
        };
        """,
    ),
    (
        "client-in-handler",
        "region from the event",
        0,
        """
        import boto3
        def handler(event, context):
            return boto3.client("s3", region_name=event["region"]).list_buckets()
        """,
        """
        import { S3 } from "@aws-sdk/client-s3";
        export const handler = async (event) => new S3({ region: event.region }).listBuckets({});
        """,
    ),
    (
        "client-in-handler",
        "made when it is first needed",
        0,
        """
        import boto3
        client = None
        def handler(event, context):
            global client
            if client is None:
                client = boto3.client("s3")
            return client.list_buckets()
        """,
        """
        import { S3 } from "@aws-sdk/client-s3";
        let client;
        export const handler = async (event) => {
          client ??= new S3({});
          return client.listBuckets({});
        };
        """,
    ),
    (
        "client-in-handler",
        "kept if it is there",
        0,
        """
        import boto3
        client = None
        def handler(event, context):
            global client
            client = client or boto3.client("s3")
            return client.list_buckets()
        """,
        """
        const AWS = require("aws-sdk");
        let client;
        exports.handler = async (event) => {
          client = client || new AWS.S3();
          return client.listBuckets().promise();
        };
        """,
    ),
    (
        "client-in-handler",
        "a function that keeps its result",
        0,
        """
        import functools, boto3
        @functools.cache
        def client():
            return boto3.client("s3")
        def handler(event, context):
            return client().list_buckets()
        """,
        """
        const memoize = require("lodash/memoize");
        const { S3 } = require("@aws-sdk/client-s3");
        const client = memoize(() => new S3({}));
        exports.handler = async (event) => client().listBuckets({});
        """,
    ),
    (
        "client-in-handler",
        "an object that is made at start",
        0,
        """
        import boto3
        class Store:
            def __init__(self):
                self.client = boto3.client("s3")
        store = Store()
        def handler(event, context):
            return store.client.list_buckets()
        """,
        """
        import { S3 } from "@aws-sdk/client-s3";
        class Store {
          constructor() {
            this.client = new S3({});
          }
        }
        const store = new Store();
        export const handler = async (event) => store.client.listBuckets({});
        """,
    ),
    (
        "client-in-handler",
        "an object that is made on each invocation",
        1,
        """
        import boto3
        class Store:
            def __init__(self):
                self.client = boto3.client("s3")
        def handler(event, context):
            return Store().client.list_buckets()
        """,
        """
        import { S3 } from "@aws-sdk/client-s3";
        class Store {
          constructor() {
            this.client = new S3({});
          }
        }
        export const handler = async (event) => new Store().client.listBuckets({});
        """,
    ),
    (
        "in-memory-state",
        "a counter that is returned",
        1,
        """
        count = 0
        def handler(event, context):
            global count
            count += 1
            return {"body": str(count)}
        """,
        """
        let count = 0;
        exports.handler = async (event) => {
          count++;
          return { body: String(count) };
        };
        """,
    ),
    (
        "in-memory-state",
        "a counter that only the log sees",
        0,
        """
        count = 0
        def handler(event, context):
            global count
            count += 1
            print("invocation", count)
        """,
        """
        let count = 0;
        exports.handler = async (event) => {
          count += 1;
          console.log("invocation", count);
        };
        """,
    ),
    (
        "in-memory-state",
        "a list that grows",
        1,
        """
        seen = []
        def handler(event, context):
            for record in event["Records"]:
                seen.append(record["body"])
            return seen
        """,
        """
        const seen = [];
        exports.handler = async (event) => {
          event.Records.forEach((record) => seen.push(record.body));
          return seen;
        };
        """,
    ),
    (
        "in-memory-state",
        "a list that is emptied first",
        0,
        """
        seen = []
        def handler(event, context):
            seen.clear()
            for record in event["Records"]:
                seen.append(record["body"])
            return seen
        """,
        """
        const seen = [];
        exports.handler = async (event) => {
          seen.length = 0;
          for (const record of event.Records) seen.push(record.body);
          return seen;
        };
        """,
    ),
    (
        "in-memory-state",
        "a database in a dict",
        1,
        """
        users = {}
        def handler(event, context):
            users[event["id"]] = event["user"]
            return users.get(event["other"])
        """,
        """
        const users = new Map();
        exports.handler = async (event) => {
          users.set(event.id, event.user);
          return users.get(event.other);
        };
        """,
    ),
    (
        "in-memory-state",
        "a cache by key",
        0,
        """
        found = {}
        def handler(event, context):
            if event["id"] not in found:
                found[event["id"]] = look_up(event["id"])
            return found[event["id"]]
        def look_up(key):
            return key * 2
        """,
        """
        const found = {};
        exports.handler = async (event) => {
          if (!(event.id in found)) {
            found[event.id] = lookUp(event.id);
          }
          return found[event.id];
        };
        function lookUp(key) {
          return key * 2;
        }
        """,
    ),
    (
        "in-memory-state",
        "made from the event of the first caller",
        1,
        """
        tenant = None
        def handler(event, context):
            global tenant
            if tenant is None:
                tenant = event["tenant"]
            return tenant
        """,
        """
        let tenant;
        exports.handler = async (event) => {
          if (!tenant) tenant = event.tenant;
          return tenant;
        };
        """,
    ),
    (
        "in-memory-state",
        "set only sometimes",
        1,
        """
        user = None
        def handler(event, context):
            global user
            if "user" in event:
                user = event["user"]
            return greet()
        def greet():
            return f"hello {user}"
        """,
        """
        let user = null;
        exports.handler = async (event) => {
          if (event.user) {
            user = event.user;
          }
          return greet();
        };
        const greet = () => `hello ${user}`;
        """,
    ),
    (
        "in-memory-state",
        "set always",
        0,
        """
        user = None
        def handler(event, context):
            global user
            user = event["user"]
            return greet()
        def greet():
            return f"hello {user}"
        """,
        """
        let user = null;
        exports.handler = async (event) => {
          user = event.user;
          return greet();
        };
        const greet = () => `hello ${user}`;
        """,
    ),
    (
        "in-memory-state",
        "the environment",
        1,
        """
        import os
        def handler(event, context):
            os.environ["TENANT"] = event["tenant"]
        """,
        """
        exports.handler = async (event) => {
          process.env.TENANT = event.tenant;
        };
        """,
    ),
    (
        "in-memory-state",
        "an attribute of a class",
        1,
        """
        class Basket:
            items = []
        def handler(event, context):
            Basket.items.append(event["item"])
            return Basket.items
        """,
        """
        class Basket {
          static items = [];
        }
        export const handler = async (event) => {
          Basket.items.push(event.item);
          return Basket.items;
        };
        """,
    ),
    (
        "in-memory-state",
        "an object that is made at start",
        1,
        """
        class Basket:
            def __init__(self):
                self.items = []
            def add(self, item):
                self.items.append(item)
        basket = Basket()
        def handler(event, context):
            basket.add(event["item"])
        """,
        """
        class Basket {
          items = [];
          add(item) {
            this.items.push(item);
          }
        }
        const basket = new Basket();
        export const handler = async (event) => {
          basket.add(event.item);
        };
        """,
    ),
    (
        "in-memory-state",
        "the state of a circuit breaker",
        0,
        """
        import urllib.request
        class Circuits:
            def __init__(self):
                self.states = {}
                self.failures = {}
            def failed(self, service):
                self.failures[service] = self.failures.get(service, 0) + 1
                if self.failures[service] > 5:
                    self.states[service] = "open"
            def is_open(self, service):
                return self.states.get(service) == "open"
        breaker = Circuits()
        def handler(event, context):
            if breaker.is_open(event["service"]):
                return None
            try:
                return urllib.request.urlopen(event["service"], timeout=3).read()
            except OSError:
                breaker.failed(event["service"])
        """,
        """
        class Circuits {
          states = new Map();
          failures = new Map();
          failed(service) {
            this.failures.set(service, (this.failures.get(service) ?? 0) + 1);
            if (this.failures.get(service) > 5) this.states.set(service, "open");
          }
          isOpen(service) {
            return this.states.get(service) === "open";
          }
        }
        const breaker = new Circuits();
        export const handler = async (event) => {
          if (breaker.isOpen(event.service)) return null;
          try {
            return await fetch(event.service, { signal: AbortSignal.timeout(3000) });
          } catch {
            breaker.failed(event.service);
          }
        };
        """,
    ),
    (
        "in-memory-state",
        "the state of what callers own",
        1,
        """
        states = {}
        def handler(event, context):
            if event["paid"]:
                states[event["order"]] = "paid"
            return states.get(event["order"])
        """,
        """
        const states = new Map();
        export const handler = async (event) => {
          if (event.paid) states.set(event.order, "paid");
          return states.get(event.order);
        };
        """,
    ),
    (
        "in-memory-state",
        "a count that decides when a cache is filled",
        0,
        """
        from collections import defaultdict
        calls = defaultdict(int)
        cache = {}
        def handler(event, context):
            name = event["name"]
            calls[name] += 1
            found = cache.get(name) or name.title()
            if calls[name] > 3:
                cache[name] = found
            return found
        """,
        """
        const calls = { a: 0, b: 0 };
        const cache = {};
        export const handler = async (event) => {
          const name = event.name;
          calls[name] += 1;
          const found = cache[name] ?? name.trim();
          if (calls[name] > 3) cache[name] = found;
          return found;
        };
        """,
    ),
    (
        "in-memory-state",
        "a value that is told another way once it is set",
        0,
        """
        kind = None
        def handler(event, context):
            global kind
            kind = event["kind"]
            kind = "cover" if kind == "patient" else kind
            return show()
        def show():
            return kind
        """,
        """
        let kind;
        export const handler = async (event) => {
          kind = event.kind;
          kind = kind === "patient" ? "cover" : kind;
          return show();
        };
        const show = () => kind;
        """,
    ),
    (
        "in-memory-state",
        "a value that the first caller decides",
        1,
        """
        kind = None
        def handler(event, context):
            global kind
            kind = event["kind"] if kind is None else kind
            return kind
        """,
        """
        let kind;
        export const handler = async (event) => {
          kind = kind === undefined ? event.kind : kind;
          return kind;
        };
        """,
    ),
    (
        "in-memory-state",
        "a list that is handed to what empties it",
        0,
        """
        messages = []
        def handler(event, context):
            for record in event["Records"]:
                messages.append(record["body"])
            send(messages)
        def send(waiting):
            while waiting:
                print(waiting.pop())
        """,
        """
        const messages = [];
        export const handler = async (event) => {
          for (const record of event.Records) messages.push(record.body);
          send(messages);
        };
        function send(waiting) {
          while (waiting.length > 0) console.log(waiting.splice(0, 10));
        }
        """,
    ),
    (
        "in-memory-state",
        "a list that is handed to what reads it",
        1,
        """
        messages = []
        def handler(event, context):
            for record in event["Records"]:
                messages.append(record["body"])
            send(messages)
        def send(waiting):
            for each in waiting:
                print(each)
        """,
        """
        const messages = [];
        export const handler = async (event) => {
          for (const record of event.Records) messages.push(record.body);
          send(messages);
        };
        function send(waiting) {
          for (const each of waiting) console.log(each);
        }
        """,
    ),
    (
        "in-memory-state",
        "settings that are loaded when somebody asks for them first",
        0,
        """
        import boto3
        ssm = boto3.client("ssm")
        class Settings:
            def __init__(self):
                self.of = {}
            def has(self, client):
                return client in self.of
            def load(self, client):
                self.of[client] = ssm.get_parameter(Name=client)
        settings = Settings()
        def handler(event, context):
            if not settings.has(event["client"]):
                settings.load(event["client"])
            return settings.of[event["client"]]
        """,
        """
        import { SSM } from "@aws-sdk/client-ssm";
        const ssm = new SSM({});
        class Settings {
          of = new Map();
          has(client) {
            return this.of.has(client);
          }
          async load(client) {
            this.of.set(client, await ssm.getParameter({ Name: client }));
          }
        }
        const settings = new Settings();
        export const handler = async (event) => {
          const client = event.client;
          if (!settings.has(client)) await settings.load(client);
          return settings.of.get(client);
        };
        """,
    ),
    (
        "in-memory-state",
        "a table of accounts, whoever asks",
        1,
        """
        class Accounts:
            def __init__(self):
                self.of = {}
            def has(self, client):
                return client in self.of
            def store(self, client, account):
                self.of[client] = account
        accounts = Accounts()
        def handler(event, context):
            if event["action"] == "store":
                accounts.store(event["client"], event["account"])
            return accounts.has(event["client"])
        """,
        """
        class Accounts {
          of = new Map();
          has(client) {
            return this.of.has(client);
          }
          store(client, account) {
            this.of.set(client, account);
          }
        }
        const accounts = new Accounts();
        export const handler = async (event) => {
          if (event.action === "store") accounts.store(event.client, event.account);
          return accounts.has(event.client);
        };
        """,
    ),
    (
        "in-memory-state",
        "lists by name that are sent and begun anew in turn",
        0,
        """
        waiting = {"orders": [], "users": []}
        def handler(event, context):
            for record in event["Records"]:
                waiting["orders"].append(record["body"])
            for name, rows in waiting.items():
                if rows:
                    print(name, rows)
                    waiting[name] = []
        """,
        """
        const waiting = { orders: [], users: [] };
        export const handler = async (event) => {
          for (const record of event.Records) waiting.orders.push(record.body);
          for (const [name, rows] of Object.entries(waiting)) {
            if (rows.length) {
              console.log(name, rows);
              waiting[name] = [];
            }
          }
        };
        """,
    ),
    (
        "in-memory-state",
        "a list for each user, begun when the user comes first",
        1,
        """
        history = {}
        def handler(event, context):
            user = event["user"]
            if user not in history:
                history[user] = []
            history[user].append(event["text"])
            return history[user]
        """,
        """
        const history = {};
        export const handler = async (event) => {
          const user = event.user;
          if (!(user in history)) history[user] = [];
          history[user].push(event.text);
          return history[user];
        };
        """,
    ),
    (
        "in-memory-state",
        "attempts that are counted after asking how many there were",
        1,
        """
        class Attempts:
            def __init__(self):
                self.of = {}
            def too_many(self, user):
                return self.of.get(user, 0) >= 5
            def failed(self, user):
                self.of[user] = self.of.get(user, 0) + 1
        attempts = Attempts()
        def handler(event, context):
            if attempts.too_many(event["user"]):
                return 429
            attempts.failed(event["user"])
        """,
        """
        class Attempts {
          of = new Map();
          tooMany(user) {
            return (this.of.get(user) ?? 0) >= 5;
          }
          failed(user) {
            this.of.set(user, (this.of.get(user) ?? 0) + 1);
          }
        }
        const attempts = new Attempts();
        export const handler = async (event) => {
          if (attempts.tooMany(event.user)) return 429;
          attempts.failed(event.user);
        };
        """,
    ),
]


@pytest.mark.parametrize(
    ("rule", "what", "findings", "python", "javascript"), [pytest.param(*each, id=each[1]) for each in PAIRS]
)
def test_the_same_verdict(rule: str, what: str, findings: int, python: str, javascript: str) -> None:
    assert [len(found) for found in (_said(rule, "app.py", python), _said(rule, "app.js", javascript))] == [
        findings
    ] * 2


def _said(rule: str, path: str, text: str) -> list[str]:
    return testing.run(testing.Case(path, rule, {path: dedent(text)}, ()), RULES)
