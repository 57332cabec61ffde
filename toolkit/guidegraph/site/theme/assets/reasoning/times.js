/**
 * Time in a patient document: every moment becomes a whole minute from the reference anchor.
 */
globalThis.guidegraph ??= {};
guidegraph.times = (() => {
  "use strict";
  const { didYouMean, shown } = guidegraph.words;
  const { Report, get, isNull, isScalar } = guidegraph.documents;
  const YEAR = 365 * 24 * 60;
  const FARTHEST = 130 * YEAR;
  const FARTHEST_NOW = 10 * YEAR;
  const INSTANT =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:(Z)|([+-])(\d\d):([0-5]\d))?$/;
  const MINUTES = /^(-?(?:0|[1-9]\d{0,9}))(?:\.0+)?$/;
  const AS_IN = "Write date, time and offset from UTC, as in 2020-04-01T09:10:00+02:00.";

  /** An ISO 8601 instant with offset as a count of whole minutes in UTC; null if it is not one. */
  function absoluteMinute(text) {
    const found = INSTANT.exec(text);
    if (!found || !(found[7] || found[8])) return null;
    const [year, month, day, hour, minute] = found.slice(1, 6).map(Number);
    const second = Number(found[6] ?? 0);
    const offset = found[8] ? Number(found[9]) * 60 + Number(found[10]) : 0;
    const isDate = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
    if (!isDate || hour > 23 || minute > 59 || second > 59 || offset >= 24 * 60) return null;
    return dayNumber(year, month, day) * 1440 + hour * 60 + minute - (found[8] === "-" ? -offset : offset);
  }

  const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const daysOf = (year, month) => (month === 2 && isLeap(year) ? 29 : DAYS[month - 1]);

  /** Days since the first day of the year 1. */
  function dayNumber(year, month, day) {
    const before = year - 1;
    let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
    for (let each = 1; each < month; each += 1) days += daysOf(year, each);
    return days + day - 1;
  }

  /** The anchor and `now` of one document, and how its moments become minutes. */
  class Clock {
    constructor(root, anchor, problems) {
      this.anchor = anchor;
      this.lacksAnchor = false;
      this.zero = this.#zero(get(root, "anchors"), problems);
      this.now = null;
      this.nowUnknown = null;
      this.#readNow(get(root, "now"), new Report("now", problems));
    }

    /** The minute of a datum; null where none is given or it cannot be used. */
    minute(written, report, isRequired) {
      const [at, minutes] = [get(written, "at"), get(written, "minutes")];
      const given = at ?? minutes;
      if (at && minutes) {
        report.fault("time", "E131", minutes, `A value of \`${report.name}\` has both \`at\` and \`minutes\`.`, {
          help: "Keep the one that was recorded.",
        });
        return null;
      }
      if (!given) {
        if (isRequired) {
          report.fault("time", "E131", written, `A value of \`${report.name}\` has no time.`, {
            why: "The guideline asks when a measurement was taken.",
            help: `Add "at" with date, time and offset, or "minutes" from ${this.anchor}.`,
          });
        }
        return null;
      }
      const counted = at ? this.#instant(at, report) : this.#count(given, report);
      const minute = this.#near(counted, FARTHEST, given, report);
      if (minute !== null && this.now !== null && minute > this.now) {
        report.fault("future", "E133", given, `A value of \`${report.name}\` was taken after \`now\`.`, {
          why: "What is decided now cannot rest on what is measured later.",
          help: "Correct the time, or move `now`.",
        });
        return null;
      }
      return minute;
    }

    /** The absolute minute of the reference anchor; null where the document does not give it. */
    #zero(node, problems) {
      if (node === undefined || isNull(node)) {
        this.lacksAnchor = true;
        return null;
      }
      if (node.kind !== "mapping") {
        problems.add("E110", node, "`anchors` must hold names with moments.", {
          help: `Write {"${this.anchor}": "2020-04-01T08:00:00Z"}.`,
        });
        return null;
      }
      for (const each of node.entries) {
        if (each.key === this.anchor) continue;
        problems.add("E104", each, `The guideline has no anchor ${shown(each.key)}; it is not used.`, {
          help: didYouMean(each.key, [this.anchor]),
        });
      }
      const value = get(node, this.anchor);
      if (value === undefined || isNull(value)) {
        this.lacksAnchor = true;
        return null;
      }
      return absolute(value, new Report(this.anchor, problems));
    }

    /** `now` as an instant, or as `{"minutes": 2880}`. */
    #readNow(node, report) {
      if (node === undefined || isNull(node)) {
        this.nowUnknown = node === undefined ? "missing" : "null";
        return;
      }
      const isCount = node.kind === "mapping" && node.entries.length === 1 && node.entries[0].key === "minutes";
      const minute = isCount ? this.#count(node.entries[0].value, report) : this.#instant(node, report);
      this.now = this.#near(minute, FARTHEST_NOW, node, report);
      this.nowUnknown = this.now === null ? "time" : null;
    }

    /** An instant as a minute from the anchor. */
    #instant(node, report) {
      const minute = absolute(node, report);
      if (minute === null) return null;
      if (this.zero !== null) return minute - this.zero;
      if (this.lacksAnchor) {
        this.lacksAnchor = false;
        report.fault("time", "E132", node, `The file gives dates but not the moment of \`${this.anchor}\`.`, {
          why: "All times are counted from it; without it no date can be placed.",
          help: `Add "anchors": {"${this.anchor}": "…"}, or give "minutes" instead of dates. This is said `
            + "once for the whole file.",
        });
      }
      report.reasons.add("time");
      return null;
    }

    #count(node, report) {
      const found = isScalar(node) && MINUTES.exec(node.text);
      if (found) return Number(found[1]) || 0;
      report.fault("time", "E130", node, `The minutes of \`${report.name}\` must be a whole number.`, {
        help: `Count whole minutes from ${this.anchor}; before it they are negative.`,
      });
      return null;
    }

    /** The minute, unless it is absurdly far away. */
    #near(minute, farthest, node, report) {
      if (minute === null || Math.abs(minute) <= farthest) return minute;
      const years = Math.floor(farthest / YEAR);
      const message = `The time of \`${report.name}\` is more than ${years} years from ${this.anchor}.`;
      report.fault("time", "E134", node, message, { help: "Check the year." });
      return null;
    }
  }

  function absolute(node, report) {
    const text = node.kind === "string" ? node.text : "";
    const minute = absoluteMinute(text);
    if (minute !== null) return minute;
    const found = INSTANT.exec(text);
    const name = `\`${report.name}\``;
    let message = `The time of ${name} must be a text with date and time.`;
    if (found && !(found[7] || found[8])) {
      message = `The time ${shown(text)} of ${name} does not say its offset from UTC.`;
    } else if (found) {
      message = `The date or time ${shown(text)} of ${name} does not exist.`;
    } else if (text) {
      message = `${shown(text)} is not a date with time, so ${name} has no time.`;
    }
    report.fault("time", "E130", node, message, { help: AS_IN });
    return null;
  }

  return { Clock, absoluteMinute };
})();
