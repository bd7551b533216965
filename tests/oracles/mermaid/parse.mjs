// Reads flowcharts, a JSON array of texts on stdin, and prints for each what is wrong with it, or null.
import { readFileSync } from "fs";
import { JSDOM } from "jsdom";

globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

const answers = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await mermaid.parse(text).then(() => null, (error) => error.message));
}
console.log(JSON.stringify(answers));
