/**
 * Numbers with units as people and laboratories write them, read exactly or not at all.
 */
globalThis.guidegraph ??= {};
guidegraph.amounts = (() => {
  "use strict";
  const { over, parse, times } = guidegraph.exact;
  const { didYouMean, shown, strip } = guidegraph.words;
  const { get, isScalar } = guidegraph.documents;
  const units = guidegraph.units;
  const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?$/;
  const LONGEST = 40;
  const CENSORED = ["<", ">", "≤", "≥", "=<", "=>"];
  const HOW = 'Write {"value": "840", "unit": "ug/L"}, with the unit the laboratory reported.';

  /** A mapping with only the `parts` a quantity may have; what else it is gets told, and is null. */
  function asQuantity(node, parts, unit, report) {
    if (node.kind === "mapping") {
      checkNames(node, parts, report);
      return node;
    }
    if (node.kind === "number" || node.kind === "string") {
      const start = [...node.text].slice(0, 20).join("");
      report.fault("unit", "E111", node, `\`${report.name}\` is ${shown(node.text)} without a unit.`, {
        why: "A number means nothing without its unit; none is assumed.",
        help: `Write {"value": "${start}", "unit": "${unit || "1"}"}, with the unit it was reported in.`,
      });
    } else {
      report.fault("type", "E110", node, `A value of \`${report.name}\` must be a number with its unit.`, {
        help: `Write {"value": "…", "unit": "${unit || "1"}"}, or null for the whole datum if it is not known.`,
      });
    }
    return null;
  }

  /** `value` and `unit` of a datum as an exact number of the canonical unit; null with a problem. */
  function readAmount(written, unit, report) {
    const number = readValue(written, report);
    const factor = readUnit(written, unit || "1", report);
    return number && factor ? times(number, factor) : null;
  }

  function readValue(written, report) {
    const node = get(written, "value");
    if (node === undefined || node.kind === "null") {
      report.fault("number", "E112", node ?? written, `A value of \`${report.name}\` has no number.`, {
        help: "Write the number, or null in place of the whole datum if it is not known.",
      });
      return null;
    }
    if (!isScalar(node) || node.kind === "boolean") {
      report.fault("number", "E112", node, `The value of \`${report.name}\` must be a number.`, { help: HOW });
      return null;
    }
    return readNumber(node, report);
  }

  /** A decimal number, written as a number or as a text. */
  function readNumber(node, report) {
    const text = strip(node.text);
    if (NUMBER.test(text) && text.length <= LONGEST) return parse(text);
    if (CENSORED.some((sign) => text.startsWith(sign))) {
      const message = `${shown(text)} is a limit, not a value, so \`${report.name}\` stays unknown.`;
      report.fault("censored", "E113", node, message, {
        why: "A result below or above what the assay can measure is no exact number.",
        help: "Keep it as null unless the laboratory can give the number.",
      });
    } else if (text.includes(",")) {
      report.fault("number", "E112", node, `The comma in ${shown(text)} can separate decimals or thousands.`, {
        why: bothWays(text),
        help: "Write a point before decimals and nothing between thousands.",
      });
    } else {
      report.fault("number", "E112", node, `${shown(text)} is not a decimal number.`, {
        help: 'Write digits with at most one point, such as "840" or "0.84".',
      });
    }
    return null;
  }

  /** The two numbers that a text with a comma may stand for. */
  function bothWays(text) {
    const [decimal, grouped] = [text.replaceAll(",", "."), text.replaceAll(",", "")];
    if (!NUMBER.test(decimal) || !NUMBER.test(grouped)) return "The meanings are far apart; none is guessed.";
    return `It may be ${shown(decimal)} or ${shown(grouped)}; neither is guessed.`;
  }

  function readUnit(written, canonical, report) {
    const node = get(written, "unit");
    if (node === undefined) {
      report.fault("unit", "E111", written, `A value of \`${report.name}\` has no unit.`, {
        why: "A number means nothing without its unit; none is assumed.",
        help: `Add the unit the value was reported in, such as \`${canonical}\`.`,
      });
      return null;
    }
    if (node.kind !== "string") {
      report.fault("unit", "E114", node, `The unit of \`${report.name}\` must be a text.`, {
        help: `Write it in quotes, such as "${canonical}".`,
      });
      return null;
    }
    try {
      return factor(node, canonical, report);
    } catch (fault) {
      if (fault.kind === undefined) throw fault;
      refused(fault, node, canonical, report);
      return null;
    }
  }

  /** How many canonical units the written unit is. */
  function factor(node, canonical, report) {
    const unit = units.meant(node.text, canonical);
    if (units.isRespelled(node.text, unit)) {
      const message = `The unit ${shown(node.text)} of \`${report.name}\` was understood as \`${unit.code}\`.`;
      report.note("E119", node, message, {
        why: "It is a usual spelling and not the code of the unit.",
        help: `Nothing, if that is meant; "${unit.code}" leaves no doubt.`,
      });
    }
    return over(unit.factor, units.meant(canonical, canonical).factor);
  }

  /** Tell why a unit cannot be used. */
  function refused({ kind, suggestions, basis }, node, canonical, report) {
    const [name, text] = [`\`${report.name}\``, shown(node.text)];
    const either = suggestions.map((each) => `\`${each}\``).join(" or ");
    if (kind === "several") {
      report.fault("unit", "E118", node, `The unit ${text} of ${name} can mean ${either}.`, {
        why: "Laboratories write it for both, and the two are far apart; neither is guessed.",
        help: "Write the one that the laboratory means.",
      });
    } else if (kind === "basis") {
      const bare = suggestions.length ? `"unit": "${suggestions[0]}", ` : "";
      report.fault("basis", "E116", node, `The unit ${text} of ${name} also names ${shown(basis)}.`, {
        why: "What a result is expressed in belongs to the assay. It is never converted, and kept apart from "
          + "the unit so that it cannot be overlooked.",
        help: `Write ${bare}"basis": "${basis}".`,
      });
    } else if (kind === "unknown") {
      report.fault("unit", "E114", node, `${text} is not a known unit, so ${name} cannot be converted.`, {
        help: either ? `Did you mean ${either}?` : `Write the UCUM code, as in \`${canonical}\`.`,
      });
    } else {
      const message = `${name} is given in ${text} but measured in \`${canonical}\`; these do not convert into `
        + "each other.";
      report.fault("unit", "E115", node, message, { help: "Check the unit in the laboratory report." });
    }
  }

  /** Tell every name that a datum of this kind does not have. */
  function checkNames(node, known, report) {
    for (const each of node.entries) {
      if (known.includes(each.key)) continue;
      report.fault("type", "E105", each, `A value of \`${report.name}\` has no part ${shown(each.key)}.`, {
        why: "It might change what the value means, so the value is not used.",
        help: didYouMean(each.key, known),
      });
    }
  }

  return { asQuantity, readAmount, checkNames };
})();
