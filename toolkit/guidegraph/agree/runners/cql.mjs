// Runs CQL on cql-execution. It starts with {"logic": name of a library, "definition": name of the
// list of recommendations, "parameters": [{"from", "name", "parameter"}]} and either "libraries"
// (ELM) or "texts" (CQL, data first), which the reference translator turns into ELM. Asked "elm"
// instead of a patient, it answers with the libraries it runs; asked "warnings", with what the
// translator had to say about them. A patient may be a FHIR bundle.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { engines, serve } from "./serve.mjs";

const PATIENT = { getId: () => "patient", findRecords: () => [], findRecord: () => null };

const warnings = [];

class OnePatient {
  constructor() { this.patient = PATIENT; }
  currentPatient() { return this.patient; }
  nextPatient() { this.patient = undefined; }
}

async function translated(texts) {
  const { stdout, stderr } = process;
  stdout.write = (...all) => stderr.write(...all); // It greets; standard output is for answers.
  try {
    return await translate(texts);
  } finally {
    delete stdout.write;
  }
}

async function translate(texts) {
  const beside = (path) => new URL(path, pathToFileURL(engines.resolve("@cqframework/cql/cql")));
  const { SystemModelInfoProvider } = await import(beside("cql.mjs"));
  const cql = await import(beside("cql-to-elm.mjs"));
  const { UcumLhcUtils } = engines("@lhncbc/ucum-lhc");
  const units = UcumLhcUtils.getInstance();
  const none = () => { throw new Error("guidegraph's CQL converts no units"); };
  const check = (unit) => (units.validateUnitString(unit).status === "valid" ? null : `no unit: ${unit}`);
  const models = new cql.ModelManager();
  const model = engines.resolve("cql-exec-fhir").replace(/index\.js$/, "modelInfos/fhir-modelinfo-4.0.1.xml");
  const fhir = (name) => (name === "FHIR" ? cql.stringAsSource(readFileSync(model, "utf8")) : null);
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
  models.modelInfoLoader.registerModelInfoProvider(cql.createModelInfoProvider(fhir));
  const service = cql.createUcumService(none, check, none, none);
  const manager = new cql.LibraryManager(models, undefined, undefined, service);
  const named = new Map(texts.map((text) => [/^library (\w+)/m.exec(text)[1], text]));
  const find = (name) => (named.has(name) ? cql.stringAsSource(named.get(name)) : null);
  manager.librarySourceLoader.registerProvider(cql.createLibrarySourceProvider(find));
  return texts.map((text) => {
    const made = cql.CqlTranslator.fromText(text, manager);
    const faults = made.errors.asJsReadonlyArrayView();
    warnings.push(...made.warnings.asJsReadonlyArrayView().map((each) => each.message));
    if (faults.length > 0) throw new Error(faults.map((each) => each.message).join("\n"));
    return JSON.parse(made.toJson());
  });
}

// {"bundle": FHIR resources, "moments": {parameter: instant}, "values": {parameter: value}}
async function recorded(executor, DateTime, definition, { bundle, moments, values }) {
  const source = engines("cql-exec-fhir").PatientSource.FHIRv401();
  source.loadBundles([bundle]);
  const parsed = Object.entries(moments).map(([name, text]) => [name, DateTime.parse(text)]);
  executor.withParameters({ ...values, ...Object.fromEntries(parsed) });
  return statuses(await executor.exec_expression(definition, source), definition);
}

function statuses(found, definition) {
  const [answers] = Object.values(found.patientResults);
  return Object.fromEntries(answers[definition].map(({ id, status }) => [id, status]));
}

const samples = (series) => series.map(([minute, value]) => ({ minute, value }));

await serve(async ({ logic, definition, parameters, libraries, texts }) => {
  warnings.length = 0;
  const read = libraries ?? (await translated(texts));
  const { DateTime, Executor, Library, Repository } = engines("cql-execution");
  const now = DateTime.parse("2020-01-01T00:00:00.0+00:00"); // Of no use to the logic.
  const source = read.find((each) => each.library.identifier.id === logic);
  const executor = new Executor(new Library(source, new Repository(read)));
  return async (patient) => {
    if (patient === "elm") return read;
    if (patient === "warnings") return warnings;
    if (patient.bundle) return recorded(executor, DateTime, definition, patient);
    const given = {};
    for (const { from, name, parameter } of parameters) {
      const held = patient[from] ?? {};
      const value = Object.hasOwn(held, name) ? held[name] : undefined;
      if (value !== undefined) given[parameter] = Array.isArray(value) ? samples(value) : value;
      else if (from === "facts") given[parameter] = null; // Else the engine would give it a default.
    }
    executor.withParameters(given);
    const found = await executor.exec_expression(definition, new OnePatient(), now);
    return statuses(found, definition);
  };
});
