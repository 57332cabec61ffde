// For test_site_reasoning.py: the scripts of "Try a patient" as a page has them, in one world for each
// guideline. Each line in is {"model": text} or {"calls": [[path, argument...]]}; each line out gives
// what the functions answered, or {"thrown": message}. argv: the scripts but the model, in order.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createContext, Script } from "node:vm";

const scripts = process.argv.slice(2).map((file) => new Script(readFileSync(file, "utf8"), { filename: file }));
const plain = (_, value) => (typeof value === "bigint" ? { big: String(value) } : value);
let world;

function answer([path, ...given]) {
  try {
    const called = path.split(".").reduce((held, name) => held[name], world.guidegraph);
    return called(...given);
  } catch (stop) {
    return { thrown: String(stop.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { model, calls } = JSON.parse(line);
  if (model !== undefined) {
    world = createContext({});
    new Script(model, { filename: "model.js" }).runInContext(world);
    for (const each of scripts) each.runInContext(world);
    process.stdout.write("true\n");
  } else {
    process.stdout.write(JSON.stringify(calls.map(answer), plain) + "\n");
  }
}
