/**
 * One fact or setting of a patient document: an exact value, or the reason why there is none.
 *
 * Values here are fractions in canonical units, booleans, codes, lists of [minute, fraction] or null.
 */
globalThis.guidegraph ??= {};
guidegraph.facts = (() => {
  "use strict";
  const { compare, parse, plain, toWire } = guidegraph.exact;
  const { didYouMean, duration, shown, span, strip } = guidegraph.words;
  const { Report, get, isNull, isScalar } = guidegraph.documents;
  const { asQuantity, checkNames, readAmount } = guidegraph.amounts;
  const OF_MEASUREMENT = ["value", "unit", "basis", "at", "minutes", "by"];
  const OF_ANSWER = ["value", "at", "minutes", "by"];
  const YES = ["yes", "y", "true", "1", "ja", "on"];
  const NO = ["no", "n", "false", "0", "nee", "off"];
  const bound = (text) => (text === undefined ? null : parse(text));

  /** The fact that `node` states about an input: {value, reason, data}. */
  function readFact(expected, node, clock, problems) {
    if (node === undefined) return { value: null, reason: "missing", data: [] };
    if (isNull(node)) return { value: null, reason: "null", data: [] };
    const report = new Report(expected.name, problems);
    let value;
    let data;
    if (expected.kind === "series") {
      data = series(expected, node, clock, report);
      value = merged(data, report);
    } else {
      const datum = single(expected, node, clock, report);
      data = datum ? [datum] : [];
      value = datum ? datum.value : null;
    }
    const { reason } = report;
    return { value: reason === null ? value : null, reason, data };
  }

  /** Every measurement of a list, in the order of time. */
  function series(expected, node, clock, report) {
    if (node.kind !== "sequence") {
      const message = `\`${report.name}\` is a series of measurements and must be a list.`;
      report.fault("type", "E110", node, message, {
        why: "Each measurement needs its time.",
        help: 'Write [{"at": "…", "value": "…", "unit": "…"}]; [] means that none was taken.',
      });
      return [];
    }
    const data = [];
    for (const item of node.items) {
      const written = asQuantity(item, OF_MEASUREMENT, expected.unit, report);
      if (written) data.push(measurement(expected, written, clock, report));
    }
    return data.sort((a, b) => (a.minute ?? 0) - (b.minute ?? 0) || a.place.at - b.place.at);
  }

  /** One value for each minute; two different ones make the whole series unknown. */
  function merged(data, report) {
    const values = new Map();
    for (const each of data) {
      if (each.minute === null || each.value === null) continue;
      const held = values.get(each.minute) ?? each.value;
      values.set(each.minute, held);
      if (compare(held, each.value) === 0) continue;
      const message = `\`${report.name}\` has two different values for the same minute, so the whole series `
        + "stays unknown.";
      report.fault("conflict", "E123", each.place, message, {
        why: "Which of them is right decides what applies; none is picked.",
        help: "Correct the time or the value of one of them.",
      });
    }
    return [...values].sort(([a], [b]) => a - b);
  }

  /** A quantity, an answer or a code, with or without its time. */
  function single(expected, node, clock, report) {
    let datum;
    if (expected.kind === "quantity") {
      const written = asQuantity(node, OF_MEASUREMENT, expected.unit, report);
      datum = written ? measurement(expected, written, clock, report) : null;
    } else {
      datum = answer(expected, node, clock, report);
    }
    return datum && hasExpired(expected, datum, clock, report) ? { ...datum, value: null } : datum;
  }

  /** One measurement in the canonical unit; what cannot be used is told. */
  function measurement(expected, written, clock, report) {
    const part = report.part();
    const value = readAmount(written, expected.unit, part);
    checkBasis(expected, written, part);
    if (value !== null) checkValue(expected, value, written, part);
    const minute = clock.minute(written, part, expected.kind === "series");
    const by = words(written, "by", part);
    report.include(part);
    return {
      text: text(written, "value") ?? "", place: written, value, unit: text(written, "unit"),
      basis: text(written, "basis"), minute, by,
    };
  }

  /** The stated basis is the one that the guideline's numbers are expressed in. */
  function checkBasis(expected, written, report) {
    const [stated, basis] = [get(written, "basis"), words(written, "basis", report)];
    const wanted = expected.basis ?? null;
    if (wanted === null || basis === wanted || report.reasons.has("basis")) return;
    const instead = basis ? `not in ${shown(basis)}.` : "which is not stated.";
    const message = `\`${report.name}\` must be expressed in ${wanted}, ${instead}`;
    report.fault("basis", "E122", stated ?? written, message, {
      why: "Results on another basis are other numbers for the same blood; they are never converted.",
      help: basis
        ? `Ask the laboratory for the result in ${wanted}.`
        : `If the laboratory reports ${wanted}, write "basis": "${wanted}".`,
    });
  }

  /** The value is plausible and no finer than declared. */
  function checkValue(expected, value, written, report) {
    const node = get(written, "value") ?? written;
    const [low, high] = [bound(expected.low), bound(expected.high)];
    const isLow = low !== null && compare(value, low) < 0;
    if (isLow || (high !== null && compare(value, high) > 0)) {
      const message = `\`${report.name}\` is implausibly ${isLow ? "low" : "high"}, so it stays unknown.`;
      report.fault("implausible", "E120", node, message, {
        why: `In \`${expected.unit ?? "None"}\` it is ${plain(value)}; plausible is ${span(low, high)}.`,
        help: "Check the number and its unit.",
      });
    }
    if (toWire(value, expected.scale) === null) {
      const message = `\`${report.name}\` is finer than the guideline can compare, so it stays unknown.`;
      report.fault("resolution", "E121", node, message, {
        why: `In \`${expected.unit ?? "None"}\` it is ${plain(value)}; ${expected.scale} decimal places are `
          + "declared, and nothing is rounded.",
        help: "Give the value as the laboratory reported it, in the unit it reported.",
      });
    }
  }

  /** Yes, no or a code; plain, or with its time and author. */
  function answer(expected, node, clock, report) {
    let [minute, by, scalar] = [null, null, node];
    if (node.kind === "mapping") {
      checkNames(node, OF_ANSWER, report);
      minute = clock.minute(node, report, false);
      by = words(node, "by", report);
      scalar = get(node, "value") ?? node;
    }
    if (isNull(scalar)) {
      report.reasons.add("null");
      return null;
    }
    const value = expected.kind === "boolean" ? truth(scalar, report) : code(expected, scalar, report);
    return { text: scalar.text ?? "", place: node, value, unit: null, basis: null, minute, by };
  }

  function truth(node, report) {
    let message = `\`${report.name}\` is answered by true or false.`;
    let help = "Write true, false, or null if it is not known.";
    if (isScalar(node)) {
      if (node.kind === "boolean") return node.text === "true";
      const word = strip(node.text).toLowerCase();
      const meant = YES.includes(word) ? "true" : NO.includes(word) ? "false" : null;
      if (meant) help = `Did you mean ${meant}, without quotes?`;
      message = `\`${report.name}\` is answered by true or false, not by ${shown(node.text)}.`;
    }
    report.fault("type", "E110", node, message, { help });
    return null;
  }

  function code(expected, node, report) {
    const codes = codesOf(expected);
    if (node.kind !== "string") {
      const message = `\`${report.name}\` must be one of the texts of the guideline.`;
      const choices = codes.map((each) => `"${each}"`).join(", ");
      const help = `Write one of ${choices}, or null if it is not known.`;
      report.fault("type", "E110", node, message, { help });
      return null;
    }
    if (codes.includes(node.text)) return node.text;
    const message = `${shown(node.text)} is not a value of \`${report.name}\`.`;
    report.fault("code", "E117", node, message, { help: didYouMean(node.text, codes) });
    return null;
  }

  const codesOf = (declared) => (declared.codes ?? []).map((each) => each.code);

  /** Whether an answer with a time is older than it may be, or may be so. */
  function hasExpired(expected, datum, clock, report) {
    if (expected.validFor === undefined || datum.minute === null || datum.value === null) return false;
    const age = clock.now === null ? null : clock.now - datum.minute;
    if (age !== null && age <= expected.validFor) return false;
    const name = `\`${report.name}\``;
    const message = age === null
      ? `Whether ${name} has expired cannot be known without \`now\`.`
      : `${name} has expired, so it is asked again.`;
    const stands = `The guideline lets it stand for ${duration(expected.validFor)}`;
    report.fault("expired", "E124", datum.place, message, {
      why: age === null ? `${stands}.` : `${stands}; it is ${duration(age)} old.`,
      help: age === null ? "Add `now`." : "Assess it again, and give the new time.",
    });
    return true;
  }

  function text(node, key) {
    const found = get(node, key);
    return isScalar(found) && !isNull(found) ? found.text : null;
  }

  /** A part of a datum that must be a text; null is as good as absent. */
  function words(node, key, report) {
    const found = get(node, key);
    if (found === undefined || found.kind === "string" || found.kind === "null") return text(node, key);
    const message = `The part \`${key}\` of \`${report.name}\` must be a text.`;
    report.fault(key === "basis" ? "basis" : "type", "E110", found, message, { help: "Write it in quotes." });
    return null;
  }

  // --- settings ---

  /** A value for every setting by name, or null if one of them is at fault. */
  function readSettings(node, declared, problems) {
    const before = problems.errors;
    const written = new Map();
    if (node !== undefined && node.kind === "mapping") {
      for (const each of node.entries) written.set(each.key, each);
    } else if (node !== undefined && !isNull(node)) {
      problems.add("E110", node, "`settings` must hold names with values.", {
        help: 'Write {"name": {"value": "…", "unit": "…"}}.',
      });
    }
    const names = declared.map((each) => each.name);
    for (const [name, entry] of written) {
      if (names.includes(name)) continue;
      const message = `The guideline has no setting ${shown(name)}, so nothing is decided.`;
      problems.add("E103", entry, message, {
        why: "If the name is misspelt, a default would silently take the place of a choice.",
        help: didYouMean(name, names, "The guideline has no settings."),
      });
    }
    const values = declared.map((each) => {
      const report = new Report(each.name, problems);
      return [each.name, setting(each, written.get(each.name), node, report)];
    });
    return problems.errors > before ? null : values;
  }

  /** The value of one setting; null only with a problem. */
  function setting(declared, entry, settings, report) {
    const standard = declared.default;
    const isQuantity = declared.kind === "quantity";
    if (!entry && standard !== undefined) return isQuantity ? parse(standard) : standard;
    if (!entry || isNull(entry.value)) {
      const message = `The setting \`${declared.name}\` has no value, so nothing is decided.`;
      report.fault("missing", "E141", entry ? entry.value : settings ?? null, message, {
        why: "A setting is the policy of the site, so it cannot be unknown."
          + (entry ? "" : " The guideline gives no default."),
        help: standard === undefined
          ? "Write the value the site has chosen."
          : "Leave it out to take the default.",
      });
      return null;
    }
    if (isQuantity) return chosenQuantity(declared, entry.value, report);
    const codes = codesOf(declared);
    const chosen = entry.value.text ?? "";
    if (codes.includes(chosen)) return chosen;
    const message = `${shown(chosen)} is not permitted for the setting \`${declared.name}\`, so nothing is decided.`;
    report.fault("code", "E140", entry.value, message, { help: didYouMean(chosen, codes) });
    return null;
  }

  function chosenQuantity(declared, node, report) {
    const written = asQuantity(node, ["value", "unit"], declared.unit, report);
    const value = written && readAmount(written, declared.unit, report);
    if (!value) return null;
    const [low, high] = [bound(declared.low), bound(declared.high)];
    const below = low !== null && compare(value, low) < (declared.lowInclusive ? 0 : 1);
    const above = high !== null && compare(value, high) > (declared.highInclusive ? 0 : -1);
    const found = `In \`${declared.unit ?? "None"}\` it is ${plain(value)}`;
    const name = `The setting \`${declared.name}\``;
    if (below || above) {
      const permitted = span(low, high, declared.lowInclusive, declared.highInclusive);
      const message = `${name} is outside what the guideline permits, so nothing is decided.`;
      report.fault("implausible", "E140", node, message, {
        why: `${found}; permitted is ${permitted}.`,
        help: "Choose a permitted value, or leave the setting out to take the default.",
      });
    } else if (toWire(value, declared.scale) === null) {
      const message = `${name} is finer than the guideline can compare, so nothing is decided.`;
      report.fault("resolution", "E140", node, message, {
        why: `${found}; ${declared.scale} decimal places are declared, and nothing is rounded.`,
        help: "Choose a value with fewer decimal places.",
      });
    }
    return value;
  }

  return { readFact, readSettings };
})();
