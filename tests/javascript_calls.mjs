// For test_export_javascript.py. Each line in is {"module": text, "calls": [[function, argument...]]};
// each line out gives what the module's functions answered, or {"refused": message}.
// {"$js": source} among the arguments stands for a value that JSON does not have.

import { createInterface } from "node:readline";

const revived = (_, value) =>
  value && typeof value === "object" && Object.hasOwn(value, "$js")
    ? new Function(`return ${value.$js}`)()
    : value;

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { module: text, calls } = JSON.parse(line, revived);
  const url = "data:text/javascript;charset=utf-8," + encodeURIComponent(text);
  const answers = [];
  try {
    const module = await import(url);
    for (const [name, ...given] of calls) {
      try {
        answers.push(typeof module[name] === "function" ? module[name](...given) : module[name]);
      } catch (stop) {
        if (!(stop instanceof RangeError)) throw stop;
        answers.push({ refused: stop.message });
      }
    }
    process.stdout.write(JSON.stringify(answers) + "\n");
  } catch (stop) {
    process.stdout.write(JSON.stringify({ broken: String(stop && stop.stack) }) + "\n");
  }
}
