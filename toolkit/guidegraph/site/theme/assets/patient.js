/**
 * From a patient document, as people write it, to exact facts: never rounded, never guessed.
 *
 *     guidegraph.patient.read(document) -> Reading
 *
 * `document` has the form of a patient file, as an object or as JSON text (which also tells apart
 * numbers that an object cannot hold). What is said is what the command line says of the same file.
 *
 * @typedef {object} Reading
 * @property {?Object<string, *>} facts     wire form, for `guidegraph.model` (a number that no double
 *   holds is a bigint); null: no patient document
 * @property {?Object<string, *>} settings  wire form; null: at fault, so that nothing is decided
 * @property {Object<string, string>} unknown  why an input is unknown: missing, null, conflict, type,
 *   number, censored, unit, basis, code, time, future, implausible, resolution, expired
 * @property {Problem[]} problems  in the order of the document
 * @property {Object<string, Datum[]>} data  what the document said of each input, in order of time
 *
 * @typedef {object} Problem
 * @property {string} code      E1xx, as `guidegraph explain` knows it
 * @property {string} severity  error, warning or note
 * @property {string} message
 * @property {string} [why]
 * @property {string} [help]
 * @property {string} [input]   the input or setting it is about
 * @property {Array<string|number>} path  where in the document: ["facts", "d-dimer", 0, "unit"]
 *
 * @typedef {object} Datum
 * @property {string} text   as written
 * @property {*} value       canonical: exact text, yes or no, a code; null where it cannot be used
 * @property {?string} unit  as written
 * @property {?string} basis
 * @property {?number} minute
 * @property {?string} by
 */
globalThis.guidegraph ??= {};
guidegraph.patient = (() => {
  "use strict";
  const { plain, toWire } = guidegraph.exact;
  const { didYouMean, shown } = guidegraph.words;
  const { Problems, get, tree } = guidegraph.documents;
  const PARTS = ["now", "anchors", "facts", "settings"];
  const FORM = 'A patient file begins with {"now": …, "anchors": {…}, "facts": {…}}.';

  /** @param {object|string} document @returns {Reading} */
  function read(document) {
    const problems = new Problems();
    const nothing = { facts: null, settings: null, unknown: {}, data: {} };
    const { root, isSound } = tree(document, problems);
    if (root === null) return { ...nothing, problems: problems.inOrder() };
    const facts = root.kind === "mapping" ? get(root, "facts") : undefined;
    if (facts === undefined || facts.kind !== "mapping") {
      const isMapping = root.kind === "mapping";
      const message = `This is not a patient file${isMapping ? ": there are no `facts`" : ""}.`;
      problems.add("E010", facts ?? root, message, { help: FORM });
      return { ...nothing, problems: problems.inOrder() };
    }
    const { described } = guidegraph;
    checkParts(root, problems);
    const clock = new guidegraph.times.Clock(root, described.guideline.anchor, problems);
    const found = readFacts(facts, described.inputs, clock, problems);
    const settings = guidegraph.facts.readSettings(get(root, "settings"), described.settings, problems);
    return {
      ...told(found, clock, described.inputs),
      settings: settings && isSound ? onWire(settings, described.settings) : null,
      problems: problems.inOrder(),
    };
  }

  function checkParts(root, problems) {
    for (const each of root.entries) {
      if ([...PARTS, "$schema"].includes(each.key)) continue;
      problems.add("E101", each, `A patient file has no part ${shown(each.key)}; it is not used.`, {
        help: didYouMean(each.key, PARTS),
      });
    }
  }

  /** Every input of the guideline with what the document says about it. */
  function readFacts(facts, inputs, clock, problems) {
    const expected = inputs.filter((each) => each.name !== "now");
    const names = expected.map((each) => each.name);
    for (const entry of facts.entries) {
      if (names.includes(entry.key)) continue;
      problems.add("E102", entry, `The guideline does not know ${shown(entry.key)}; it is not used.`, {
        help: didYouMean(entry.key, names),
        input: entry.key,
      });
    }
    return expected.map((each) => {
      const fact = guidegraph.facts.readFact(each, get(facts, each.name), clock, problems);
      return [each.name, fact];
    });
  }

  function told(found, clock, inputs) {
    const values = found.map(([name, { value }]) => [name, value]);
    const unknown = found.filter(([, { reason }]) => reason).map(([name, { reason }]) => [name, reason]);
    if (clock.nowUnknown) unknown.unshift(["now", clock.nowUnknown]);
    const data = found.filter(([, fact]) => fact.data.length).map(([name, fact]) => [name, fact.data.map(shownDatum)]);
    return {
      facts: { now: clock.now, ...onWire(values, inputs) },
      unknown: Object.fromEntries(unknown),
      data: Object.fromEntries(data),
    };
  }

  function shownDatum({ place, value, ...datum }) {
    const isNumber = typeof value === "object" && value !== null;
    return { ...datum, value: isNumber ? plain(value) : value };
  }

  /** Exact values as whole counts of the last decimal place. */
  function onWire(values, declared) {
    const scales = new Map(declared.map((each) => [each.name, each.scale]));
    return Object.fromEntries(values.map(([name, value]) => [name, wire(value, scales.get(name))]));
  }

  function wire(value, scale) {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(([minute, each]) => [minute, wire(each, scale)]);
    const whole = toWire(value, scale);
    const isSafe = -Number.MAX_SAFE_INTEGER <= whole && whole <= Number.MAX_SAFE_INTEGER;
    return isSafe ? Number(whole) : whole;
  }

  return { read };
})();
