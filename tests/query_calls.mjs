/* Asks in Node as the pages do: the same scripts, the same worker. In: one JSON value with `names`,
 * `texts`, `engine`, `program`, `worker`, `scripts` and `questions`. Out: a list of answers. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const told = JSON.parse(readFileSync(0, "utf8"));
globalThis.guidegraph = { names: told.names };
for (const each of told.scripts) vm.runInThisContext(readFileSync(each, "utf8"), each);
const { bind, faults, formOf, isOrdered, tokens, withParameters, GRAPH, NAMED, SAYS } =
  guidegraph.query;

let said = null;
globalThis.self = { postMessage: (answer) => { said = answer; } };
if (told.engine) {
  vm.runInThisContext(`${told.engine}\n${told.worker}`, "worker.js");
}
function send(message) {
  self.onmessage({ data: { id: 1, ...message } });
  return said;
}
if (told.engine) {
  const program = new WebAssembly.Module(Buffer.from(told.program, "base64"));
  const opened = send({ kind: "open", program, texts: told.texts, prefixes: told.names.prefixes });
  if (opened.kind !== "ready") throw new Error(JSON.stringify(opened));
}

function answer({ name, text, parameters, given, shown }) {
  const found = faults(text);
  const bound = bind(name, parameters, given);
  if (found.length || bound.faults.length) return { faults: [...found, ...bound.faults] };
  const words = tokens(text);
  const asked = {
    text,
    bound: withParameters(text, words, bound.values.map((each) => each.name)),
    values: bound.values,
    form: formOf(words),
    ordered: isOrdered(words),
    shown: shown ?? 100000,
    graph: GRAPH,
    says: SAYS,
    named: NAMED,
  };
  if (!told.engine) return asked;
  const answered = send({ kind: "ask", ...asked });
  return answered.kind === "answer" ? { ...answered, csv: send({ kind: "csv" }).text } : answered;
}
console.log(JSON.stringify(told.questions.map(answer)));
