/*
 * How old the guideline is today: whether its review is past due, and how many years ago its
 * evidence was published. A page cannot know the day on which it is read; the reader's clock does.
 */
(() => {
  "use strict";

  const guidegraph = (globalThis.guidegraph ??= {});

  /**
   * The day of a clock as it is written in a guideline.
   * @param {Date} now
   * @returns {string} years, months and days
   */
  const day = (now) => {
    const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
    const year = String(now.getFullYear()).padStart(4, "0");
    return `${year}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  /**
   * What is said of a guideline at some moment.
   * @param {string} due the day by which it is to be reviewed, or nothing
   * @param {string} years the years of its evidence, with spaces between, or nothing
   * @param {Date} now
   * @returns {{pastDue: string, evidence: string}} sentences; empty where there is nothing to say
   */
  const told = (due, years, now) => {
    const found = years.split(" ").filter((each) => /^\d{4}$/.test(each));
    const last = found.length ? Number(found[found.length - 1]) : NaN;
    const age = now.getFullYear() - last;
    const span = found.length > 1 ? `${found[0]} to ${last}` : String(last);
    let evidence = "";
    if (age > 0) {
      evidence = `This evidence is from ${span}, ${age} ${age === 1 ? "year" : "years"} before today.`;
    } else if (age === 0) {
      evidence = `This evidence is from ${span}, this year.`;
    }
    const isPast = /^\d{4}-\d{2}-\d{2}$/.test(due) && day(now) > due;
    return { pastDue: isPast ? `Review past due since ${due}.` : "", evidence };
  };

  /**
   * A sentence with a sign before it, for those who cannot tell colours apart.
   * @param {string} words
   * @returns {HTMLElement}
   */
  const flagged = (words) => {
    const badge = document.createElement("strong");
    badge.className = "badge error";
    const mark = document.createElement("span");
    mark.className = "mark";
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = "✕";
    badge.append(mark, ` ${words}`);
    return badge;
  };

  guidegraph.age = { told };
  if (typeof document === "undefined") return;
  const place = document.querySelector(".banner .age");
  if (!(place instanceof HTMLElement)) return;
  const { due = "", years = "" } = place.dataset;
  const { pastDue, evidence } = told(due, years, new Date());
  if (pastDue) place.prepend(flagged(pastDue), " ");
  if (evidence) {
    const added = document.createElement("strong");
    added.textContent = evidence;
    place.append(" ", added);
  }
})();
