/**
 * A patient and what was decided as a case for `cases.yaml`, and the guideline's cases as patients.
 *
 *     guidegraph.simulator.cases.write({id, name, document, decision}) -> YAML
 *     guidegraph.simulator.cases.patient(base, example) -> document
 *
 * A case says everything: what is not known is null, and settings and readings are those it was decided
 * with, so that it means the same beneath any defaults and when those of the guideline have changed.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});

  const LISTED = ["applies", "provisional", "undetermined", "defeated"];
  const WIDTH = 96;

  /** A text, number, answer or null. JSON texts are YAML texts. @param {*} value @returns {string} */
  function scalar(value) {
    return value === undefined ? "null" : JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped);
  }

  function escaped(sign) {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }

  /** A value in one line. @param {*} value @returns {string} */
  function flow(value) {
    if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
    if (value === null || typeof value !== "object") return scalar(value);
    return `{${Object.entries(value).map(([name, each]) => `${key(name)}: ${flow(each)}`).join(", ")}}`;
  }

  /** A name, in quotes where it might mean something else. */
  function key(name) {
    const isPlain = /^[A-Za-z_][\w.-]*$/.test(name) && !/^(y|yes|n|no|on|off|true|false|null)$/i.test(name);
    return isPlain ? name : scalar(name);
  }

  /** Names with values, one a line. */
  function* mapping(title, values, indent) {
    const lead = " ".repeat(indent);
    const entries = Object.entries(values);
    if (!entries.length) {
      yield `${lead}${title}: {}`;
      return;
    }
    yield `${lead}${title}:`;
    for (const [name, value] of entries) {
      if (Array.isArray(value) && value.length) {
        yield `${lead}  ${key(name)}:`;
        for (const each of value) yield `${lead}    - ${flow(each)}`;
      } else yield `${lead}  ${key(name)}: ${flow(value)}`;
    }
  }

  /** A list of names, wrapped. */
  function* listed(title, names, indent) {
    const lead = " ".repeat(indent);
    let line = `${lead}${title}: [`;
    for (const [place, name] of names.entries()) {
      const next = flow(name) + (place < names.length - 1 ? "," : "]");
      if (line.length + next.length + 1 > WIDTH) {
        yield line.trimEnd();
        line = " ".repeat(indent + title.length + 3);
      }
      line += next + (place < names.length - 1 ? " " : "");
    }
    yield line;
  }

  /**
   * @param {{id: string, name: string, document: object, decision: object}} made
   * @returns {string} a file that can stand alone; its case can be put under those of `cases.yaml`
   */
  function write({ id, name, document, decision }) {
    const { inputs, guideline } = guidegraph.described;
    const told = document.facts ?? {};
    const unknown = Object.fromEntries(inputs.map((each) => [each.name, null]));
    const anchors = { [guideline.anchor]: null, ...document.anchors };
    const others = Object.entries(guidegraph.described.otherReadings ?? {});
    const lines = [
      `# Saved from “Try a patient”, version ${scalar(guideline.version)}. Put the case under \`cases:\``,
      "# of cases.yaml once somebody who knows has agreed with what is expected here.",
      "cases:",
      `  - id: ${scalar(id)}`,
      `    name: ${scalar(name)}`,
      "    patient:",
      `      now: ${flow(document.now ?? null)}`,
      `      anchors: ${flow(anchors)}`,
      ...mapping("facts", { ...unknown, ...told }, 6),
      ...chosen(document.settings),
      ...(others.length ? mapping("readings", Object.fromEntries(others), 4) : []),
      "    expect:",
      ...expected(decision),
    ];
    return `${lines.join("\n")}\n`;
  }

  /** The settings in force, also where the default of the guideline was taken. */
  function* chosen(told) {
    const { isMapping } = simulator.parts;
    if (told !== undefined && told !== null && !isMapping(told)) {
      yield `      settings: ${flow(told)}`;
      return;
    }
    const given = guidegraph.described.settings.filter((each) => each.default !== undefined);
    const values = Object.fromEntries(given.map((each) => [each.name, standard(each)]));
    if (given.length || told) yield* mapping("settings", { ...values, ...told }, 6);
  }

  const standard = (each) =>
    each.kind === "quantity" ? { value: each.default, unit: each.unit ?? "1" } : each.default;

  /** What was decided, as what is expected. */
  function* expected(decision) {
    const told = decision.messages.filter((each) => each.severity !== "note");
    const codes = [...new Set(told.map((each) => each.code))].sort();
    if (decision.decided !== false) {
      for (const status of LISTED) {
        const found = decision.recommendations.filter((each) => each.status === status);
        if (found.length) yield* listed(status, found.map((each) => each.id), 6);
      }
      yield `      notCovered: ${decision.notCovered}`;
      const pairs = decision.conflicts.map((each) => [...each.recommendations].sort());
      if (pairs.length) yield* listed("conflicts", pairs, 6);
    }
    if (codes.length) yield* listed("messages", codes, 6);
    else if (decision.decided === false) yield "      messages: []";
  }

  /** A case of the guideline: what it has other than the patient beneath. @returns {object} */
  function patient(base, example) {
    const other = example.patient ?? {};
    const told = { facts: {} };
    for (const part of ["anchors", "facts", "settings"]) {
      const values = Object.entries({ ...base[part], ...other[part] });
      const known = values.filter(([, value]) => value !== null);
      if (known.length || part === "facts") told[part] = Object.fromEntries(known);
    }
    const now = "now" in other ? other.now : base.now;
    return now === null || now === undefined ? told : { now, ...told };
  }

  simulator.cases = { write, patient };
})();
