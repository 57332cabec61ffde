/** Why a recommendation stands as it does: nested lines, each with its answer, and what they rest on. */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make, link, pageOf, amount, datum } = simulator.words;

  const ANSWERS = new Map([
    [true, ["✓", "holds", "yes"]],
    [false, ["✕", "does not hold", "no"]],
    [null, ["?", "not known", "open"]],
  ]);
  const UNTOLD = ["not stated", "the file says so"];

  /** A list of reasons. @param {object[]} reasons @returns {HTMLElement} */
  function list(reasons) {
    return make("ul", { class: "reasons" }, ...reasons.map(line));
  }

  /** One reason and those under it. */
  function line(reason) {
    const [mark, words, style] = ANSWERS.get(reason.value ?? null);
    const name = reason.criterion ?? reason.recommendation;
    const of = reason.form && reason.children ? ` (${reason.form}${reached(reason)})` : "";
    const points = reason.points ? `${simulator.words.plural(reason.points, "point")}: ` : "";
    return make(
      "li",
      { class: `reason ${style}` },
      make("span", { class: "mark", "aria-hidden": "true" }, mark),
      make("span", { class: "for-ears" }, `${words}: `),
      points,
      "assumption" in reason || reason.assumed ? "assumed: " : "",
      link(reason.label, name && pageOf(name)),
      of,
      ...details(reason),
      reason.children?.length ? list(reason.children) : null,
    );
  }

  function reached(reason) {
    const { score } = reason;
    return score ? `; ${score.reached} reached, ${score.possible} possible` : "";
  }

  /** The reading, data, limits and sources of a reason. */
  function details(reason) {
    const lines = [];
    if (reason.reading) {
      const { label, point } = reason.reading;
      lines.push(["read as: ", link(label, pageOf(point))]);
    }
    const settings = (reason.thresholds || []).map((each) => each.setting);
    for (const each of reason.data || []) {
      const plain = typeof each.value === "boolean" || UNTOLD.includes(each.reason);
      const more = each.selector || each.by || each.minute || each.label !== reason.label;
      if (!settings.includes(each.setting ?? "") && (more || !plain)) lines.push([datum(each)]);
    }
    for (const each of reason.thresholds || []) lines.push(limit(each));
    const told = lines.map((each) => make("div", { class: "detail" }, ...each));
    const grounds = evidence(reason.passages, reason.claims);
    return grounds ? [...told, grounds] : told;
  }

  /** A limit as it was executed and as it is printed. */
  function limit(each) {
    const value = each.value === undefined ? "not known" : amount(each.value, each.unit);
    const printed = each.printed ? `, printed “${each.printed}”` : ", not printed";
    const site = each.setting ? ", a choice of the site" : "";
    return ["limit: ", link(value, pageOf(each.id)), printed + site + (each.isLocal ? ", local" : "")];
  }

  /** Where it is printed, and the claims that bear on it. @returns {?HTMLElement} */
  function evidence(passages, claims) {
    const where = (passages || []).map((each) =>
      make("li", {}, link(`${each.document}, ${each.locator || each.id}`, pageOf(each.id))),
    );
    const judged = (claims || []).map((each) =>
      make("li", {}, `${each.relation}: `, link(each.statement, pageOf(each.id))),
    );
    if (!where.length && !judged.length) return null;
    const count = simulator.words.plural(where.length + judged.length, "source");
    const summary = make("summary", {}, judged.length ? `Evidence (${where.length + judged.length})` : count);
    return make("details", { class: "grounds" }, summary, make("ul", {}, ...where, ...judged));
  }

  simulator.reasons = { list, evidence };
})();
