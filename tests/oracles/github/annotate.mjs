// Writes each annotation of stdin, a JSON list of [kind, message, properties], as GitHub's actions do.
import { readFileSync } from "node:fs";
import * as core from "@actions/core";

for (const [kind, message, properties] of JSON.parse(readFileSync(0, "utf8"))) {
  core[kind](message, properties);
}
