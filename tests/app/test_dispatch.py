"""A choice on the event is the same choice in every language."""

import pytest
from sources import code_of

from slslint.app.routing.dispatch import dispatches
from slslint.app.routing.routes import declared_routes

PYTHON = """
import re
def users(event): return {"statusCode": 200, "body": event["body"]}
def orders(event): return {"statusCode": 200, "body": event["body"]}
"""

JAVASCRIPT = """
async function users(event) { return { statusCode: 200, body: event.body }; }
const orders = async (event) => ({ statusCode: 200, body: event.body });
"""

USERS_AND_ORDERS = [(("path",), ["/users", "/orders"])]


def choices(text: str, path: str) -> list[tuple[tuple[str | None, ...], list[str]]]:
    return [(each.field, [arm.value for arm in each.arms]) for each in dispatches(code_of(text, entry=path))]


@pytest.mark.parametrize(
    ("python", "javascript", "found"),
    [
        (
            'def handler(event, context):\n  if event["path"] == "/users": return users(event)\n'
            '  if event["path"] == "/orders": return orders(event)',
            "export const handler = async (event) => {\n  if (event.path === '/users') return users(event);\n"
            "  if (event.path === '/orders') return orders(event);\n};",
            USERS_AND_ORDERS,
        ),
        (
            'def handler(event, context):\n  match event["rawPath"]:\n    case "/users": return users(event)\n'
            '    case "/orders" | "/sales": return orders(event)',
            "export async function handler({ rawPath, ...event }) {\n  switch (rawPath) {\n"
            "    case '/users': return users(event);\n    case '/orders':\n    case '/sales':\n"
            "      return orders(event);\n  }\n}",
            [(("path",), ["/users", "/orders", "/sales"])],
        ),
        (
            'def handler(event, context):\n  path = event["path"].lower()\n'
            '  if path.startswith("/users"): return users(event)\n'
            '  if re.match(r"^/orders/\\d+$", path): return orders(event)',
            "export const handler = async (event) => {\n  const path = event.path.toLowerCase();\n"
            "  if (path.startsWith('/users')) return users(event);\n"
            "  if (/^\\/orders\\/\\d+$/.test(path)) return orders(event);\n};",
            [(("path",), ["/users", "/orders/"])],
        ),
        (
            'def handler(event, context):\n  found = re.match("/users/(.*)", event["path"])\n'
            "  if found: return users(event)\n"
            '  if event["path"] != "/orders": return None\n  return orders(event)',
            "export const handler = async (event) => {\n  const found = event.path.match(/\\/users\\/(.*)/);\n"
            "  if (found) return users(event);\n"
            "  if (event.path !== '/orders') return null;\n  return orders(event);\n};",
            [(("path",), ["/users/", "/orders"])],
        ),
        (
            'def handler(event, context):\n  parts = event["path"].strip("/").split("/")\n'
            '  if parts[0] == "users": return users(event)\n'
            '  if parts[0] in ("orders", "sales"): return orders(event)',
            "export const handler = async (event) => {\n  const [, first] = event.path.split('/');\n"
            "  if (first === 'users') return users(event);\n"
            "  if (['orders', 'sales'].includes(first)) return orders(event);\n};",
            [(("path",), ["users", "orders", "sales"])],
        ),
        (
            'TABLE = {"GET /users": users, "PUT /orders": orders}\n'
            "def handler(event, context):\n  return TABLE[f\"{event['httpMethod']} {event['resource']}\"](event)",
            "const table = { 'GET /users': users, 'PUT /orders': orders };\n"
            "export const handler = async (event) => table[`${event.httpMethod} ${event.resource}`](event);",
            [(("path",), ["GET /users", "PUT /orders"])],
        ),
        (
            'TABLE = {"GET": {"/users": users}, "PUT": {"/orders": orders}}\n'
            'def handler(event, context):\n  return TABLE[event["httpMethod"]][event["path"]](event)',
            "const table = { GET: { '/users': users }, PUT: { '/orders': orders } };\n"
            "export const handler = async (event) => table[event.httpMethod][event.path]?.(event);",
            [(("path",), ["/users", "/orders"]), (("httpMethod",), ["GET", "PUT"])],
        ),
        (
            'TABLE = {}\nTABLE["list"] = users\nTABLE["save"] = orders\n'
            'def handler(event, context):\n  return TABLE[event["action"]](event)',
            "const table = new Map([['list', users], ['save', orders]]);\n"
            "export const handler = async (event) => table.get(event.action)(event);",
            [(("action",), ["list", "save"])],
        ),
        (
            'ROUTES = [{"path": "/users", "serve": users}, {"path": "/orders", "serve": orders}]\n'
            'def handler(event, context):\n  for route in ROUTES:\n    if route["path"] == event["path"]:\n'
            '      return route["serve"](event)',
            "const routes = [{ path: '/users', serve: users }, { path: '/orders', serve: orders }];\n"
            "export const handler = async (event) =>\n"
            "  routes.find(({ path }) => path === event.path)?.serve(event);",
            USERS_AND_ORDERS,
        ),
        (
            'LABELS = {"/users": "Users", "/orders": "Orders"}\n'
            'def handler(event, context):\n  return LABELS[event["path"]]',
            "const labels = { '/users': 'Users', '/orders': 'Orders' };\n"
            "export const handler = async (event) => labels[event.path];",
            [],
        ),
        (
            "def handler(event, context):\n  table = None\n"
            '  if event["path"] == "/users": table = "users"\n'
            '  elif event["path"] == "/orders": table = "orders"\n  return users(table)',
            "export const handler = async (event) => {\n  let table;\n"
            "  if (event.path === '/users') table = 'users';\n"
            "  else if (event.path === '/orders') table = 'orders';\n  return users(table);\n};",
            [],
        ),
    ],
)
def test_one_choice_in_every_language(
    python: str, javascript: str, found: list[tuple[tuple[str | None, ...], list[str]]]
) -> None:
    assert {path: sorted(choices(text, path)) for path, text in (
        ("app.py", PYTHON + python), ("app.js", JAVASCRIPT + javascript), ("app.ts", JAVASCRIPT + javascript),
    )} == dict.fromkeys(("app.py", "app.js", "app.ts"), sorted(found))  # fmt: skip


SERVED = ["/users", "/users/:id", "/orders"]


@pytest.mark.parametrize(
    ("framework", "text", "paths"),
    [
        (
            "Express",
            "import express, { Router } from 'express';\nimport serverless from 'serverless-http';\n"
            "const users = Router();\nusers.get('', users1).get('/:id', user1);\nconst app = express();\n"
            "app.use(express.json());\napp.use('/users', users);\napp.get('/orders', orders1);\n"
            "export const handler = async (event, context) => serverless(app)(event, context);",
            SERVED,
        ),
        (
            "Hono",
            "import { Hono } from 'hono';\nimport { handle } from 'hono/aws-lambda';\n"
            "const users = new Hono().get('', users1).get('/:id', user1);\nconst app = new Hono();\n"
            "app.route('/users', users);\napp.get('/orders', orders1);\n"
            "export const handler = async (event, context) => handle(app)(event, context);",
            SERVED,
        ),
        (
            "Fastify",
            "import fastify from 'fastify';\nimport proxy from '@fastify/aws-lambda';\nconst app = fastify();\n"
            "app.register(async (users) => { users.get('', users1); users.get('/:id', user1); },\n"
            "  { prefix: '/users' });\n"
            "app.route({ method: 'GET', url: '/orders', handler: orders1 });\n"
            "export const handler = async (event, context) => proxy(app)(event, context);",
            SERVED,
        ),
        (
            "Koa",
            "import Koa from 'koa';\nimport Router from '@koa/router';\nimport serverless from 'serverless-http';\n"
            "const users = new Router({ prefix: '/users' });\nusers.get('', users1).get('/:id', user1);\n"
            "const all = new Router();\nall.use('', users.routes());\nall.get('/orders', orders1);\n"
            "const app = new Koa();\napp.use(all.routes());\n"
            "export const handler = serverless(app);",
            SERVED,
        ),
        (
            "NestJS",
            "import { Controller, Get, Module } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\n"
            "@Controller('users')\nclass Users {\n  @Get()\n  all() {}\n  @Get(':id')\n  one() {}\n}\n"
            "@Controller({ path: '/orders' })\nclass Orders {\n  @Get()\n  all() {}\n}\n"
            "@Module({ controllers: [Users, Orders] })\nclass App {}\n"
            "export const handler = async (event) => { const app = await NestFactory.create(App); return app; };",
            SERVED,
        ),
        (
            "Middy",
            "import middy from '@middy/core';\nimport router from '@middy/http-router';\n"
            "const routes = [{ path: '/users', handler: users1 }, { path: '/users/:id', handler: user1 },\n"
            "  { path: '/orders', handler: orders1 }];\n"
            "export const handler = middy().handler(router(routes));",
            SERVED,
        ),
        (
            "Powertools",
            "import { AppSyncGraphQLResolver } from '@aws-lambda-powertools/event-handler/appsync-graphql';\n"
            "const app = new AppSyncGraphQLResolver();\napp.onQuery('getUser', user1);\n"
            "app.resolver(orders1, { fieldName: 'orders' });\n"
            "export const handler = async (event, context) => app.resolve(event, context);",
            ["getUser", "orders"],
        ),
    ],
)
def test_routes_of_the_frameworks_of_node(framework: str, text: str, paths: list[str]) -> None:
    handler = "handler" if "async (event" in text else ""
    found = list(declared_routes(code_of(text, handler, "app.ts")))
    assert ({each.framework for each in found}, sorted(each.path for each in found)) == ({framework}, sorted(paths))
