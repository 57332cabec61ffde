/**
 * Times in the form: as hours from the reference anchor, or as dates. Documents hold whole minutes.
 *
 *     new guidegraph.simulator.Clock(anchor name) -> clock
 *     clock.take(document)   learn the anchor, and whether it is written in dates
 *     clock.place(datum)     the same datum with its time as this clock writes it
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make } = simulator.words;

  const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
  const HOURS = /^([-+−]?)(\d{1,7})(?:\.(\d{1,4})|:([0-5]\d))?$/;

  /** An instant as minutes since 1970, or null. @param {*} text @returns {?number} */
  function instant(text) {
    if (typeof text !== "string" || !INSTANT.test(text)) return null;
    const found = Date.parse(text);
    return Number.isNaN(found) ? null : Math.floor(found / 60000);
  }

  /** `+02:00` as minutes. @param {string} offset @returns {number} */
  function offsetMinutes(offset) {
    if (offset === "Z") return 0;
    const [hours, minutes] = offset.slice(1).split(":").map(Number);
    return (offset[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
  }

  /** Hours as people write them (`36`, `1.5`, `36:30`, `-2`) as minutes, or null. */
  function minutesOf(text) {
    const found = HOURS.exec(text.trim());
    if (!found) return null;
    const part = found[4] ? Number(found[4]) : Number(`0.${found[3] || 0}`) * 60;
    const rest = Math.round(part);
    if (Math.abs(part - rest) > 1e-6) return null;
    const minutes = Number(found[2]) * 60 + rest;
    return minutes === 0 ? 0 : (found[1] === "-" || found[1] === "−" ? -1 : 1) * minutes;
  }

  /** Minutes as hours: `36`, `1.5`, `36:20`. @param {number} minutes @returns {string} */
  function hoursOf(minutes) {
    const size = Math.abs(minutes);
    const rest = size % 60;
    const end = rest === 0 ? "" : rest === 30 ? ".5" : `:${String(rest).padStart(2, "0")}`;
    return (minutes < 0 ? "-" : "") + Math.floor(size / 60) + end;
  }

  class Clock {
    /** @param {string} anchor */
    constructor(anchor) {
      this.anchor = anchor;
      this.dates = false;
      this.offset = "Z";
      /** @type {?number} minutes since 1970 */
      this.zero = null;
    }

    /** Learn from a document what its times are counted from. @param {object} document */
    take(document) {
      const text = document.anchors?.[this.anchor];
      this.zero = instant(text);
      this.offset = this.zero === null ? "Z" : INSTANT.exec(text)[1];
    }

    /** A moment of a document as minutes from the anchor, or null. @param {*} told */
    minute(told) {
      if (told && typeof told === "object" && /^-?\d{1,10}$/.test(String(told.minutes))) {
        return Number(told.minutes);
      }
      const found = instant(typeof told === "string" ? told : told?.at);
      return found === null || this.zero === null ? null : found - this.zero;
    }

    /** Minutes from the anchor as a date of a document. @param {number} minute */
    date(minute) {
      const local = new Date((this.zero + minute + offsetMinutes(this.offset)) * 60000);
      return Number.isNaN(local.getTime()) ? null : local.toISOString().slice(0, 16) + this.offset;
    }

    /** The datum with its time in the form of this clock, as far as that can be told. */
    place(datum) {
      const minute = datum && typeof datum === "object" ? this.minute(datum) : null;
      if (minute === null || Array.isArray(datum)) return datum;
      const { at, minutes, ...rest } = datum;
      if (at !== undefined && minutes !== undefined) return datum;
      if (!this.dates) return { ...rest, minutes: minute };
      const date = this.zero === null ? null : this.date(minute);
      return date === null ? datum : { ...rest, at: date };
    }

    /**
     * A control for a moment; `get` gives `{minutes}`, `{at}` or nothing.
     * @param {string} name  what the moment is, for those who only hear it
     * @param {string} shown the words beside the control
     * @param {() => void} changed
     */
    control(name, shown, changed) {
      const kind = this.dates
        ? { type: "datetime-local" }
        : { type: "text", inputmode: "text", size: 7, placeholder: "36 or 36:30" };
      const input = make("input", { ...kind, class: "time", autocomplete: "off", oninput: changed });
      input.setAttribute("aria-label", `${name}, ${shown}`);
      const node = make("label", { class: "part" }, make("span", { class: "part-name" }, shown), input);
      return { node, input, get: () => this.#read(input), set: (told) => this.#write(input, told) };
    }

    /** The words beside a control for a moment. @param {string} verb */
    shown(verb = "") {
      const { anchorWords } = guidegraph.described.guideline;
      const words = this.dates ? `${verb} on`.trim() : `${verb} hours after ${anchorWords}`.trim();
      return words[0].toUpperCase() + words.slice(1);
    }

    #read(input) {
      const text = input.value.trim();
      if (!text) return input.validity.badInput ? { at: "incomplete" } : {};
      if (this.dates) return { at: text.slice(0, 16) + this.offset };
      const minutes = minutesOf(text);
      return { minutes: minutes === null ? text : minutes };
    }

    #write(input, told) {
      const placed = this.place(typeof told === "string" ? { at: told } : told || {});
      input.value = "";
      if (this.dates) {
        const found = instant(placed.at);
        if (found !== null) {
          const local = new Date((found + offsetMinutes(this.offset)) * 60000);
          input.value = local.toISOString().slice(0, 16);
        }
        return found !== null || (placed.at === undefined && placed.minutes === undefined);
      }
      const { minutes } = placed;
      const isWhole = Number.isInteger(minutes);
      input.value = isWhole ? hoursOf(minutes) : String(minutes ?? "");
      const isOther = !isWhole && minutesOf(input.value) !== null; // as hours it would mean something else
      return placed.at === undefined && !isOther;
    }
  }

  simulator.Clock = Clock;
  simulator.times = { instant, minutesOf, hoursOf };
})();
