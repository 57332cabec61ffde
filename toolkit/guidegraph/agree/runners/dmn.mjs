// Runs a DMN model: decisions in the order of their requirements, then its COLLECT tables.
// Nothing is known of the model but its XML. What a datum is called on the wire stands beside it.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { engines, serve } from "./serve.mjs";

const load = (name) => import(pathToFileURL(engines.resolve(name)).href);
const { DmnModdle } = await load("dmn-moddle");
const { evaluate, unaryTest } = await load("feelin");

async function start({ xml }) {
  kept.clear();
  const { rootElement, warnings } = await new DmnModdle().fromXML(xml, "dmn:Definitions");
  if (warnings.length) throw new Error(warnings.map((each) => each.message).join("\n"));
  const elements = rootElement.get("drgElement");
  const data = elements.filter((each) => each.$type === "dmn:InputData").map(datum);
  const steps = inOrder(elements.filter((each) => each.$type === "dmn:Decision")).map(step);
  return (patient) => told(steps, evaluated(steps, data, patient));
}

function datum(element) {
  const fact = element.$attrs["guidegraph:fact"];
  const setting = element.$attrs["guidegraph:setting"];
  const isSeries = element.variable.typeRef === "series_type";
  const pick = fact === undefined ? (given) => given.settings[setting] : (given) => given.facts[fact];
  return { name: element.variable.name, isSeries, pick };
}

function inOrder(decisions) {
  const byId = new Map(decisions.map((each) => [each.id, each]));
  const done = new Set();
  const visit = (decision) => {
    if (done.has(decision)) return;
    for (const each of decision.get("informationRequirement")) {
      if (each.requiredDecision) visit(byId.get(each.requiredDecision.href.slice(1)));
    }
    done.add(decision);
  };
  decisions.forEach(visit);
  return [...done];
}

function step(decision) {
  const name = decision.variable.name;
  const needs = decision
    .get("informationRequirement")
    .map((each) => (each.requiredDecision || each.requiredInput).href.slice(1));
  const logic = decision.decisionLogic;
  const isTable = logic.$type === "dmn:DecisionTable";
  const run = isTable ? table(logic, needs) : compiled(logic.text, needs);
  return { name, run, isTable, recommendation: decision.$attrs["guidegraph:recommendation"] };
}

// An expression is parsed once, as the body of a FEEL function of what the decision requires: so
// it sees nothing else.
function compiled(text, needs) {
  const { value, warnings } = evaluate(`function(${needs.join(", ")}) ${text}`);
  if (warnings.length) throw new Error(`${text}: ${warnings[0].message}`);
  return (known) => value.invoke(needs.map((each) => known[each]));
}

function table(logic, needs) {
  if (logic.hitPolicy !== "COLLECT") throw new Error(`unexpected hit policy ${logic.hitPolicy}`);
  const inputs = logic.get("input").map((each) => compiled(each.inputExpression.text, needs));
  const outputs = logic.get("output").map((each) => each.name);
  const rows = logic.get("rule").map((row) => ({
    // "-" asks nothing of its column.
    tests: row.get("inputEntry").map((each, at) => [each.text, at]).filter(([text]) => text !== "-"),
    answers: row.get("outputEntry").map((each) => compiled(each.text, needs)),
  }));
  return (known) => {
    const values = inputs.map((each) => each(known));
    const hits = rows.filter(({ tests }) => tests.every(([text, at]) => passes(text, values[at])));
    return hits.map(({ answers }) =>
      Object.fromEntries(answers.map((each, at) => [outputs[at], each(known)])),
    );
  };
}

// The test of a cell sees only the value of its column, so its answer is kept for the next time.
const kept = new Map();

function passes(test, value) {
  const key = `${JSON.stringify(value)} ${test}`;
  if (!kept.has(key)) kept.set(key, unaryTest(test, { "?": value }).value === true);
  return kept.get(key);
}

function evaluated(steps, data, { facts, settings }) {
  const given = { facts: facts || {}, settings: settings || {} };
  const known = {};
  for (const { name, isSeries, pick } of data) {
    const value = pick(given) ?? null;
    known[name] = isSeries && value ? value.map(([m, v]) => ({ minute: m, value: v })) : value;
  }
  for (const { name, run } of steps) known[name] = run(known);
  return known;
}

// The status of a recommendation is what a table says; its own decision must say the same.
function told(steps, known) {
  const hits = steps.filter((each) => each.isTable).flatMap((each) => known[each.name]);
  const statuses = {};
  for (const { recommendation, status } of hits) {
    if (recommendation in statuses) throw new Error(`${recommendation} stands in two tables`);
    statuses[recommendation] = status;
  }
  for (const { name, recommendation } of steps.filter((each) => each.recommendation)) {
    statuses[recommendation] ??= "notApplicable";
    if (statuses[recommendation] !== known[name]) {
      throw new Error(`${recommendation}: ${statuses[recommendation]} in the tables, ${known[name]}`);
    }
  }
  return statuses;
}

await serve(start);
