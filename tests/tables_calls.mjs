// Asks what tables are compared by: calls in, one JSON answer out.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const { assets, calls } = JSON.parse(readFileSync(0, "utf8"));
vm.runInThisContext(readFileSync(`${assets}/table-values.js`, "utf8"));
const { tables } = globalThis.guidegraph;
process.stdout.write(JSON.stringify(calls.map(([name, ...given]) => tables[name](...given))));
