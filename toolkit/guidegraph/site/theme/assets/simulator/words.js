/**
 * Small things that every part of "Try a patient" needs: elements, times and amounts in words.
 *
 * Words are those of the command line (`guidegraph decide`). Text reaches the page as text only.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});

  /**
   * An element. Names that begin with `on` are listeners, true is an attribute without a value, null
   * and false are left out.
   * @param {string} tag @param {Object<string, *>} [given] @param {...(Node|string|null)} inside
   * @returns {HTMLElement}
   */
  function make(tag, given = {}, ...inside) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    node.append(...inside.filter((each) => each !== null && each !== ""));
    return node;
  }

  /** A link to a page of the site, or plain words where there is none. @returns {Node} */
  function link(words, page, given = {}) {
    const root = document.documentElement.dataset.root || ".";
    return page ? make("a", { ...given, href: `${root}/${page}` }, words) : make("span", given, words);
  }

  /** The page of the thing of this name. @param {string} name @returns {?string} */
  function pageOf(name) {
    const pages = guidegraph.described.pages || {};
    return Object.prototype.hasOwnProperty.call(pages, name) ? pages[name] : null;
  }

  // --- numbers and units -------------------------------------------------------------------------

  const UNIT_WORDS = { 1: "", a: "years", mo: "months", wk: "weeks", d: "days", "mm[Hg]": "mmHg" };

  /** A UCUM code as people write it. @param {?string} code @returns {string} */
  function unitLabel(code) {
    if (!code) return "";
    if (Object.prototype.hasOwnProperty.call(UNIT_WORDS, code)) return UNIT_WORDS[code];
    const raised = (text) => text.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    return code
      .replace(/\[iu\]/gi, "IU")
      .replace(/[{}]/g, "")
      .replace(/_/g, " ")
      .replace(/^10[*^](\d+)/, (_, power) => `× 10${raised(power)}`)
      .replace(/(m)([23])\b/, (_, letter, power) => letter + raised(power))
      .replace(/(?<![A-Za-z[])u(?=(?:g|L|mol|m|s|U|IU|kat)\b)/g, "µ");
  }

  /** An exact number for people: `1,000`. @param {string} text @returns {string} */
  function readable(text) {
    const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
    return text.replace(/(?<![.\d])\d+/g, grouped).replace("-", "−");
  }

  /** A number with its unit: `1,000 µg/L`. @returns {string} */
  function amount(text, unit) {
    const label = unitLabel(unit);
    const gap = !label || label === "%" || label.startsWith("/") ? "" : " ";
    const one = text === "1" && ["a", "mo", "wk", "d"].includes(unit);
    return readable(text) + gap + (one ? label.replace(/s$/, "") : label);
  }

  // --- times -------------------------------------------------------------------------------------

  /** @param {number} minutes @returns {string} `36 h`, `12 h 1 min` */
  function duration(minutes) {
    const hours = Math.floor(Math.abs(minutes) / 60);
    const rest = Math.abs(minutes) % 60;
    const parts = hours ? [`${readable(String(hours))} h`] : [];
    if (rest || !hours) parts.push(`${rest} min`);
    return parts.join(" ");
  }

  /** @param {number} minute @returns {string} `36 h after admission` */
  function moment(minute) {
    const anchor = guidegraph.described.guideline.anchorWords;
    if (minute === 0) return `at ${anchor}`;
    return `${duration(minute)} ${minute > 0 ? "after" : "before"} ${anchor}`;
  }

  /** A window, ends included; empty where it is open at both ends. @returns {string} */
  function stretch(low, high) {
    const anchor = guidegraph.described.guideline.anchorWords;
    low ??= null;
    high ??= null;
    if (low === null) return high === null ? "" : `until ${moment(high)}`;
    if (high === null) return low ? `from ${moment(low)}` : `from ${anchor}`;
    if (low === 0) return `from ${anchor} to ${duration(high)} after it`;
    if (high === 0) return `from ${duration(low)} before ${anchor} up to it`;
    if (low < 0 && high > 0) return `from ${duration(low)} before to ${moment(high)}`;
    return `from ${duration(low)} to ${moment(high)}`;
  }

  // --- data --------------------------------------------------------------------------------------

  /** The answer as a reader knows it: a code by its label. @returns {string} */
  function said(name, value, unit) {
    if (value === null || value === undefined) return "not known";
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (name === "now") return moment(Number(value));
    const { inputs, settings } = guidegraph.described;
    const about = [...inputs, ...settings].find((each) => each.name === name);
    const code = (about?.codes || []).find((each) => each.code === value);
    if (about?.kind === "code") return code ? code.label : String(value);
    return amount(String(value), unit);
  }

  /** What a condition looked at: `D-dimer (highest) …: 2,400 µg/L, 48 h after admission`. */
  function datum(each) {
    const name = each.label + (each.selector ? ` (${each.selector})` : "");
    const when = each.window ? stretch(each.window.from, each.window.to) : "";
    if (each.value === null) {
      const late = each.indeterminable ? ", and that time has passed" : "";
      return `${name}${when && ` ${when}`}: not known (${each.reason || "not stated"}${late})`;
    }
    const value = said(each.input || each.setting, each.value, each.unit);
    if ((each.minute ?? null) === null) return `${name}${when && ` ${when}`}: ${value}`;
    const stated = each.stated ? `, stated as ${each.stated}` : "";
    return `${name}: ${value}, ${moment(each.minute)}${stated}`;
  }

  /** @param {number} count @param {string} one @param {string} [several] @returns {string} */
  function plural(count, one, several = `${one}s`) {
    return `${count} ${count === 1 ? one : several}`;
  }

  simulator.words = { make, link, pageOf, unitLabel, readable, amount, duration, moment, stretch };
  Object.assign(simulator.words, { said, datum, plural });
})();
