// The part of bench_targets.py that runs in Node: JSON in, {contender: [microseconds, ...]} out.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import assert from "node:assert";

const given = JSON.parse(readFileSync(0, "utf8"));
const { patients, expected, rounds, longEnough } = given;
const packages = join(given.engines, "node_modules");
const engines = createRequire(join(packages, "_.js"));
const has = (name) => given.peers.includes(name);

const agree = (answers) => assert.deepStrictEqual(answers, expected);

async function ours() {
  const url = "data:text/javascript;charset=utf-8," + encodeURIComponent(given.module);
  const { decide, decideUnchecked, checkFacts } = await import(url);
  const applies = (statuses) =>
    Object.fromEntries(Object.entries(statuses).map(([name, is]) => [name, is === "applies"]));
  agree(patients.map((facts) => applies(decide(facts))));
  const checked = patients.map(checkFacts);
  return {
    "javascript decideUnchecked": () => checked.map((facts) => decideUnchecked(facts)),
    "javascript decide": () => patients.map((facts) => decide(facts)),
  };
}

function jsonLogic() {
  const { apply } = engines("json-logic-js");
  const rules = Object.entries(given.jsonLogic);
  const decide = (facts) => Object.fromEntries(rules.map(([name, is]) => [name, apply(is, facts)]));
  agree(patients.map(decide));
  // Only the four expressions are timed, not the object made of their answers.
  return { "json-logic-js": () => patients.map((facts) => rules.map(([, is]) => apply(is, facts))) };
}

async function cqlExecution() {
  const { Library, Repository, Executor } = engines("cql-execution");
  const elm = await translated();
  const executor = new Executor(new Library(elm, new Repository([])), null);
  const one = () => {
    let isDone = false;
    const patient = { getId: () => "1", findRecords: () => [], findRecord: () => null };
    return {
      currentPatient: () => (isDone ? undefined : patient),
      nextPatient: () => void (isDone = true),
    };
  };
  const run = (facts) => executor.withParameters(facts).exec(one());
  const answers = [];
  for (const facts of patients) {
    const found = (await run(facts)).unfilteredResults;
    answers.push(Object.fromEntries(Object.keys(expected[0]).map((name) => [name, found[name]])));
  }
  agree(answers);
  return {
    "cql-execution": async () => {
      for (const facts of patients) await run(facts);
    },
  };
}

async function translated() {
  const base = pathToFileURL(join(packages, "@cqframework", "cql")).href;
  const tools = await import(`${base}/cql-to-elm.mjs`);
  const { SystemModelInfoProvider } = await import(`${base}/cql.mjs`);
  const models = new tools.ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
  const translator = tools.CqlTranslator.fromText(given.cql, new tools.LibraryManager(models));
  const faults = translator.exceptions.asJsReadonlyArrayView().map((each) => each.message);
  assert.deepStrictEqual(faults, []);
  return JSON.parse(translator.toJson());
}

async function milliseconds(run, times) {
  const start = performance.now();
  for (let n = 0; n < times; n += 1) await run();
  return performance.now() - start;
}

const contenders = {
  ...(await ours()),
  ...(has("json-logic-js") ? jsonLogic() : {}),
  ...(has("cql-execution") && has("@cqframework/cql") ? await cqlExecution() : {}),
};
const taken = {};
const times = {};
for (const [name, run] of Object.entries(contenders)) {
  await milliseconds(run, 200); // warm
  times[name] = 1 + Math.floor((longEnough * 10) / Math.max(await milliseconds(run, 10), 0.01));
  taken[name] = [];
}
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(contenders)) {
    const spent = await milliseconds(run, times[name]);
    taken[name].push((spent * 1000) / times[name] / patients.length);
  }
}
process.stdout.write(JSON.stringify(taken));
