/**
 * Large drawings: seen nearer and from afar, moved by keys and by hand, their boxes and the words
 * beside them pointing to each other.
 *
 *     guidegraph.drawing.all              every drawing of the page that zooms
 *     guidegraph.drawing.show(place)      brings the box of a place into view in its drawing
 *     guidegraph.drawing.turn(place)      makes it the step that the button "Step" shows
 *
 * Nothing is taken from the page: the wheel scrolls the page unless Ctrl is held, keys act only
 * while the focus is in the drawing, and at its edge arrow keys scroll the page again.
 */
"use strict";
(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const STEP = 1.25;
  const LEAST = 0.2;
  const MOST = 4;
  /** Below these scales the words are too small to begin with: on a desk, on a phone. */
  const READABLE = 0.8;
  const READABLE_ON_PHONE = 0.95;
  /** On a desk a drawing is rather seen from side to side than at a readable size, down to this. */
  const SEEN_WHOLE = 0.5;
  const PHONE = 560;
  const PAN = 80;
  const MARGIN = 24;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /**
   * @param {string} tag
   * @param {Object<string, string>} [attributes]
   * @param {...(string|Node)} inside
   * @returns {HTMLElement}
   */
  const element = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };

  let counted = 0;
  const between = (low, value, high) => Math.min(Math.max(value, low), high);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** One drawing in its frame. */
  class Drawing {
    /** @param {HTMLElement} figure */
    constructor(figure) {
      this.figure = figure;
      this.frame = figure.querySelector(".scroll");
      this.svg = figure.querySelector("svg");
      const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
      this.size = { width, height };
      this.scale = 1;
      this.isWhole = false;
      this.isStep = false;
      this.boxes = [...this.svg.querySelectorAll("a.box, a.row")];
      this.current = this.first();
      figure.classList.add("live");
      this.isBegun = false;
      this.isUntouched = false;
      this.width = 0;
      this.toolbar();
      this.begin();
      this.listen();
    }

    /** @returns {?Element} where reading begins: the start, else the first box */
    first() {
      return this.svg.querySelector("a.box.start") ?? this.boxes[0] ?? null;
    }

    /**
     * The view before anybody has chosen one. On a desk nothing is cut off at the sides, unless the
     * words would be lost; on a phone they are readable from the start, where reading begins.
     */
    begin() {
      if (!this.frame.clientWidth) return;
      this.isBegun = true;
      if (innerWidth >= PHONE && this.across() < READABLE) {
        this.figure.closest(".beside")?.classList.add("stacked");
      }
      this.zoom(this.beginning(), null, false);
      // What is higher than the frame brings a bar that takes some of the width.
      if (this.frame.scrollWidth > this.frame.clientWidth) this.zoom(this.beginning(), null, false);
      this.isUntouched = true;
      this.width = this.frame.clientWidth;
      this.told(true);
      const target = this.boxes.find((each) => each.id && `#${each.id}` === location.hash);
      this.centre(target ?? this.first(), !target);
    }

    /** @returns {number} the scale to begin with */
    beginning() {
      const whole = Math.min(this.fitting(), 1);
      if (this.frame.clientWidth < PHONE) return Math.max(whole, READABLE_ON_PHONE);
      if (whole >= READABLE) return whole;
      const across = this.across();
      return across < SEEN_WHOLE ? READABLE : Math.min(across, READABLE);
    }

    /** @returns {number} the scale at which the drawing is as wide as its frame */
    across() {
      const style = getComputedStyle(this.frame);
      const side = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
      return (this.frame.clientWidth - side) / this.size.width;
    }

    /** @returns {number} the scale at which the whole drawing is seen */
    fitting() {
      const style = getComputedStyle(this.frame);
      const ends = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
      const most = parseFloat(style.maxHeight) || innerHeight * 0.9;
      return Math.min(this.across(), (most - ends - 20) / this.size.height);
    }

    /**
     * @param {number} scale
     * @param {?{x: number, y: number}} at  the point of the window that stays where it is
     * @param {boolean} isTold
     */
    zoom(scale, at = null, isTold = true) {
      const frame = this.frame.getBoundingClientRect();
      const before = this.svg.getBoundingClientRect();
      const point = at ?? { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
      const part = {
        x: between(0, (point.x - before.left) / (before.width || 1), 1),
        y: between(0, (point.y - before.top) / (before.height || 1), 1),
      };
      this.scale = between(LEAST, scale, MOST);
      this.svg.style.setProperty("--drawn", `${this.size.width * this.scale}px`);
      const after = this.svg.getBoundingClientRect();
      this.frame.scrollLeft += after.left + part.x * after.width - point.x;
      this.frame.scrollTop += after.top + part.y * after.height - point.y;
      this.isWhole = false;
      this.isStep = false;
      this.isUntouched = false;
      this.told(isTold);
    }

    /**
     * Every box and arrow at once.
     *
     * @param {boolean} isTold
     */
    whole(isTold = true) {
      this.zoom(Math.min(this.fitting(), 1), null, false);
      this.isWhole = true;
      this.told(isTold);
    }

    /** One step at reading size; which one follows the focus. */
    step() {
      this.zoom(Math.max(1, this.scale), null, false);
      this.isStep = true;
      this.centre(this.current);
      this.told(true);
    }

    /** The drawing from edge to edge of the window, without the chapters beside it; or not. */
    spread() {
      const page = this.figure.closest(".frame");
      if (!page) return;
      const isWide = page.classList.toggle("spread");
      this.buttons.width.setAttribute("aria-pressed", String(isWide));
      this.whole();
      this.buttons.width.scrollIntoView({ block: "nearest" });
    }

    /** @returns {boolean} */
    get isSpread() {
      return this.figure.closest(".frame")?.classList.contains("spread") ?? false;
    }

    /** @param {boolean} isTold */
    told(isTold) {
      const words = `Zoom ${Math.round(this.scale * 100)} %`;
      if (isTold || !this.level.textContent) this.level.textContent = words;
      this.buttons.whole.setAttribute("aria-pressed", String(this.isWhole));
      this.buttons.step?.setAttribute("aria-pressed", String(this.isStep));
      this.buttons.out.setAttribute("aria-disabled", String(this.scale <= LEAST));
      this.buttons.in.setAttribute("aria-disabled", String(this.scale >= MOST));
    }

    /**
     * A box in the middle of the frame, or (`isTop`) at its upper edge.
     *
     * @param {?Element} box
     * @param {boolean} isTop
     */
    centre(box, isTop = false) {
      if (!box) return;
      const frame = this.frame.getBoundingClientRect();
      const at = box.getBoundingClientRect();
      this.frame.scrollLeft += at.left + at.width / 2 - frame.left - frame.width / 2;
      const edge = isTop ? frame.top + MARGIN : frame.top + frame.height / 2 - at.height / 2;
      this.frame.scrollTop += at.top - edge;
    }

    /**
     * No further than needed to see a box whole.
     *
     * @param {Element} box
     */
    reveal(box) {
      const frame = this.frame.getBoundingClientRect();
      const at = box.getBoundingClientRect();
      const past = (low, high, start, end) =>
        low < start + MARGIN ? low - start - MARGIN : Math.max(0, Math.min(high - end + MARGIN, low - start - MARGIN));
      this.frame.scrollLeft += past(at.left, at.right, frame.left, frame.left + this.frame.clientWidth);
      this.frame.scrollTop += past(at.top, at.bottom, frame.top, frame.top + this.frame.clientHeight);
    }

    // --- what is seen and pressed ---------------------------------------------------------------

    toolbar() {
      const button = (name, words, act, label) => {
        const made = element("button", { type: "button", "data-act": name }, words);
        if (label) made.setAttribute("aria-label", label);
        made.addEventListener("click", act);
        return made;
      };
      this.buttons = {
        out: button("out", "\u2212", () => this.zoom(this.scale / STEP), "Zoom out"),
        in: button("in", "+", () => this.zoom(this.scale * STEP), "Zoom in"),
        whole: button("whole", "Whole", () => this.whole()),
      };
      if (this.boxes.length) this.buttons.step = button("step", "Step", () => this.step());
      this.buttons.width = button("width", "Full width", () => this.spread());
      this.buttons.width.setAttribute("aria-pressed", "false");
      this.level = element("output", { "aria-live": "polite" });
      const key = (name) => element("kbd", {}, name);
      const keys = element(
        "span", { class: "keys" }, "Keys in the drawing: ", key("+"), " ", key("\u2212"), " zoom, ",
        key("0"), " whole, arrows move, ", key("Tab"), " next step, ", key("Esc"), " leaves",
      );
      keys.id = `keys-${(counted += 1)}`;
      this.frame.setAttribute("aria-describedby", keys.id);
      const { out, in: nearer, whole, step, width } = this.buttons;
      const held = [out, this.level, nearer, whole, ...(step ? [step] : []), width, keys];
      this.figure.prepend(element("div", { class: "tools", role: "group", "aria-label": "View of the drawing" }, ...held));
    }

    listen() {
      this.figure.addEventListener("keydown", (event) => this.pressed(event));
      this.frame.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
      this.frame.addEventListener("focusin", (event) => {
        const box = event.target.closest?.("a.box, a.row");
        if (!box) return;
        this.current = box;
        if (this.isStep) this.centre(box);
        else this.reveal(box);
      });
      this.drag();
      this.pinch();
      // A drawing may be folded away at first; it then has no width.
      new ResizeObserver(() => {
        if (!this.frame.clientWidth) return;
        const isTurned = this.isUntouched && this.width !== this.frame.clientWidth;
        if (!this.isBegun || isTurned) this.begin();
        else if (this.isWhole) this.whole(false);
      }).observe(this.frame);
    }

    /** @param {KeyboardEvent} event */
    pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isInside = this.frame.contains(event.target);
      const arrow = isInside && ARROWS[event.key];
      if (event.key === "+" || event.key === "=") this.zoom(this.scale * STEP, this.focused());
      else if (event.key === "-" || event.key === "\u2212") this.zoom(this.scale / STEP, this.focused());
      else if (event.key === "0") this.whole();
      else if (event.key === "Escape") this.leave();
      else if (!arrow || !this.pan(...arrow)) return;
      event.preventDefault();
    }

    /** @returns {?{x: number, y: number}} the middle of the box that has the focus */
    focused() {
      if (!this.boxes.includes(document.activeElement)) return null;
      const at = document.activeElement.getBoundingClientRect();
      return { x: at.left + at.width / 2, y: at.top + at.height / 2 };
    }

    /**
     * @param {number} x
     * @param {number} y
     * @returns {boolean} whether there was room to move
     */
    pan(x, y) {
      const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = this.frame;
      const [at, room] = x ? [scrollLeft, scrollWidth - clientWidth] : [scrollTop, scrollHeight - clientHeight];
      const towards = x || y;
      const lowest = x && getComputedStyle(this.frame).direction === "rtl" ? -room : 0;
      if (towards < 0 ? at <= lowest + 1 : at >= lowest + room - 1) return false;
      this.frame.scrollBy({ left: x * PAN, top: y * PAN, behavior: calm() ? "auto" : "smooth" });
      return true;
    }

    /** Back from the full width, else out of the drawing to what follows it. */
    leave() {
      if (this.isSpread) {
        this.spread();
        return;
      }
      const next = this.figure.parentElement.querySelector(".told h3") ?? this.figure.querySelector("figcaption");
      next.setAttribute("tabindex", "-1");
      next.focus();
    }

    /** @param {WheelEvent} event */
    wheeled(event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const by = between(-60, event.deltaY, 60);
      this.zoom(this.scale * Math.exp(-by / 150), { x: event.clientX, y: event.clientY });
    }

    /** Moved by hand with a mouse or a pen; a finger scrolls by itself. */
    drag() {
      let from = null;
      let isMoved = false;
      this.frame.addEventListener("dragstart", (event) => event.preventDefault());
      this.frame.addEventListener("pointerdown", (event) => {
        if (event.pointerType === "touch" || event.button !== 0) return;
        const { scrollLeft, scrollTop } = this.frame;
        from = { id: event.pointerId, x: event.clientX, y: event.clientY, scrollLeft, scrollTop };
        isMoved = false;
      });
      this.frame.addEventListener("pointermove", (event) => {
        if (!from || event.pointerId !== from.id) return;
        const [x, y] = [event.clientX - from.x, event.clientY - from.y];
        if (!isMoved && Math.hypot(x, y) < 5) return;
        if (!isMoved) this.frame.setPointerCapture(from.id);
        isMoved = true;
        this.frame.classList.add("dragged");
        this.frame.scrollLeft = from.scrollLeft - x;
        this.frame.scrollTop = from.scrollTop - y;
      });
      const end = () => {
        from = null;
        this.frame.classList.remove("dragged");
      };
      this.frame.addEventListener("pointerup", end);
      this.frame.addEventListener("pointercancel", end);
      const click = (event) => {
        if (isMoved) event.preventDefault();
        isMoved = false;
      };
      this.frame.addEventListener("click", click, true);
    }

    /** Two fingers. */
    pinch() {
      let begun = null;
      const apart = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      this.frame.addEventListener("touchstart", (event) => {
        begun = event.touches.length === 2 ? { apart: apart(event.touches), scale: this.scale } : null;
      }, { passive: true });
      this.frame.addEventListener("touchmove", (event) => {
        if (!begun || event.touches.length !== 2) return;
        event.preventDefault();
        const [one, other] = event.touches;
        const middle = { x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
        this.zoom(begun.scale * apart(event.touches) / (begun.apart || 1), middle);
      }, { passive: false });
      this.frame.addEventListener("touchend", () => { begun = null; });
    }
  }

  // --- a box and its words point to each other -------------------------------------------------

  /** @type {Map<string, Element[]>} */
  const drawnAt = new Map();
  for (const each of document.querySelectorAll("figure.drawing [data-place]")) {
    const place = each.getAttribute("data-place");
    drawnAt.set(place, [...(drawnAt.get(place) ?? []), each]);
  }

  /**
   * @param {EventTarget} target
   * @returns {?string} the place that something on the page is about
   */
  const placeOf = (target) => {
    if (!(target instanceof Element)) return null;
    const drawn = target.closest("[data-place]");
    if (drawn) return drawn.getAttribute("data-place");
    for (let item = target.closest("li[id]"); item; item = item.parentElement.closest("li[id]")) {
      if (drawnAt.has(item.id)) return item.id;
    }
    return null;
  };

  let marked = [];
  /** @param {?string} place */
  const mark = (place) => {
    for (const each of marked) each.classList.remove("marked");
    const item = place && document.getElementById(place);
    marked = place ? [...(drawnAt.get(place) ?? []), ...(item ? [item] : [])] : [];
    for (const each of marked) each.classList.add("marked");
  };

  /**
   * The words of a box are brought into view where they scroll by themselves, never the page.
   *
   * @param {string} place
   */
  const revealWords = (place) => {
    const item = document.getElementById(place);
    const column = item?.closest(".told");
    if (!column || column.scrollHeight <= column.clientHeight) return;
    const [at, room] = [item.getBoundingClientRect(), column.getBoundingClientRect()];
    if (at.top < room.top || at.top + 40 > room.bottom) column.scrollTop += at.top - room.top - room.height / 3;
  };

  const all = [...document.querySelectorAll("figure.drawing.zooms")]
    .filter((each) => each.querySelector(".scroll > svg[viewBox]"))
    .map((each) => new Drawing(each));

  /**
   * The box of a place becomes the step that "Step" shows.
   *
   * @param {string} place
   * @returns {Array<{drawing: Drawing, box: Element}>}
   */
  const turn = (place) => {
    const found = (drawnAt.get(place) ?? []).map((box) => ({ box, drawing: all.find((each) => each.boxes.includes(box)) }));
    const held = found.filter((each) => each.drawing);
    for (const { drawing, box } of held) drawing.current = box;
    return held;
  };

  /** @param {string} place */
  const show = (place) => {
    for (const { drawing, box } of turn(place)) drawing.reveal(box);
  };

  if (drawnAt.size) {
    document.addEventListener("pointerover", (event) => mark(placeOf(event.target)));
    document.addEventListener("focusin", (event) => {
      const place = placeOf(event.target);
      mark(place);
      if (!place) return;
      if (event.target.closest("svg")) revealWords(place);
      else show(place);
    });
  }

  guidegraph.drawing = { all, show, turn };
})();
