// The conversation of every runner: one JSON value per line in, one per line out.
// An object starts the engine with a program, in place of the one before; a list is patients.

import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { join } from "node:path";

// Packages are found where `guidegraph agree --install-engines` has put them.
export const engines = createRequire(join(process.env.GUIDEGRAPH_ENGINES, "node_modules", "_.js"));

// `start(given)` gives a function from a patient to {recommendation: status} (or a promise of it).
export async function serve(start) {
  const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");
  let decide = null;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    try {
      const told = JSON.parse(line);
      if (!Array.isArray(told)) {
        decide = null;
        decide = await start(told);
        say({ ready: true });
      } else {
        const answers = [];
        for (const patient of told) answers.push(await decide(patient));
        say(answers);
      }
    } catch (stop) {
      say({ error: stop && stop.stack ? stop.stack : String(stop) });
    }
  }
}
