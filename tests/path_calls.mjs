// Reads questions line by line and answers each: the way through a pathway as path.js tells it.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

createRequire(import.meta.url)(process.argv[2]);
const { walk, chains } = globalThis.guidegraph.path;

for await (const line of createInterface({ input: process.stdin })) {
  const { pathway, answers } = JSON.parse(line);
  const told = answers.map((each) => {
    const walked = walk(pathway, each);
    return { walked, chains: chains(pathway, walked) };
  });
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
