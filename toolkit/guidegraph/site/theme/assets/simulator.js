/**
 * "Try a patient": the form on one side, what the guideline says on the other.
 *
 * Nothing is sent and nothing is stored. A link holds the patient after `#`, and only when asked for.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make } = simulator.words;

  const PAUSE = 120;
  const MANY = 200;

  class Page {
    /** @param {HTMLElement} root @param {{first: string[], base: object, examples: object[]}} data */
    constructor(root, data) {
      this.data = data;
      this.form = new simulator.Form(data.first, () => this.changed());
      this.answer = new simulator.Answer({
        focus: (name) => this.form.focus(name),
        explain: (id) => guidegraph.reason.explain(this.reading, id),
        fragment: () => guidegraph.fragment.write(this.form.read()),
      });
      this.told = make("p", { class: "note", role: "status" });
      this.refused = make("div", { class: "kept-box", hidden: true });
      this.kept = this.keep();
      const side = make("div", { class: "patient-side" }, this.begin(), this.refused, this.form.node, this.kept);
      root.replaceChildren(side, this.answer.node);
      root.classList.add("ready");
      globalThis.addEventListener("hashchange", () => this.follow());
      globalThis.addEventListener("beforeprint", () => this.answer.unfold());
      if (!this.follow()) this.decide();
    }

    /** The patient of the address, if there is one. @returns {boolean} */
    follow() {
      if (!location.hash.startsWith("#patient=")) return false;
      const found = guidegraph.fragment.readAny(location.hash);
      this.told.textContent = found ? "" : "The link holds no patient that can be read.";
      if (found && guidegraph.fragment.isTooLong(found)) this.refuse(found);
      else if (found) this.show(found);
      return Boolean(found);
    }

    /** Show another patient; with many results, the form first. @param {object} document */
    show(document) {
      this.part([this.form.node, this.kept, this.answer.node]);
      this.form.load(document);
      if (guidegraph.fragment.results(document) < MANY) {
        this.decide();
        return;
      }
      this.answer.wait();
      this.changed();
    }

    /** A patient that is too long for a page can be taken away. @param {object} document */
    refuse(document) {
      clearTimeout(this.waiting);
      this.waiting = null;
      const { RESULTS, NAMES, LONGEST, results } = guidegraph.fragment;
      const count = (value) => simulator.words.readable(String(value));
      const told = `The patient in this link is too long for this page (${count(results(document))} results), so nothing is `
        + `decided here. A page takes up to ${count(RESULTS)} results, ${count(NAMES)} names and a link of `
        + `${count(LONGEST)} characters. Nothing is lost: `
        + "save the patient as a file, and decide on a command line with ";
      const file = this.file(document);
      const command = make("code", {}, "guidegraph decide patient.json");
      this.refused.replaceChildren(make("p", { class: "note", role: "status" }, told, command, "."), file);
      this.part([this.refused]);
    }

    /** Show only these parts of the page. */
    part(shown) {
      for (const each of [this.refused, this.form.node, this.kept, this.answer.node]) each.hidden = !shown.includes(each);
    }

    /** A button that hands over a patient. */
    file(document) {
      const text = `${JSON.stringify(document, null, 2)}\n`;
      const save = () => download("patient.json", text, "application/json");
      return make("button", { type: "button", onclick: save }, "Save the patient as a file");
    }

    /** Decide once typing has paused for a moment. */
    changed() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.decide(), PAUSE);
    }

    decide() {
      clearTimeout(this.waiting);
      this.waiting = null;
      this.reading = guidegraph.patient.read(this.form.read());
      this.decision = guidegraph.reason.decide(this.reading);
      this.form.show(this.decision.messages);
      this.answer.show(this.decision);
      this.shared.hidden = true;
      this.saved.hidden = true;
    }

    // --- where to begin ----------------------------------------------------------------------------

    begin() {
      const clear = make("button", { type: "button", class: "quiet-button" }, "Clear all");
      clear.addEventListener("click", () => {
        this.told.textContent = "Nothing is known about the patient now.";
        this.show({ facts: {} });
      });
      const box = make("div", { class: "begin" });
      if (this.data.examples.length) {
        const menu = this.menu();
        const load = make("button", { type: "button" }, "Show it");
        load.addEventListener("click", () => this.begun(this.data.examples[Number(menu.value)]));
        const name = make("label", { class: "example" }, make("span", { class: "part-name" }, "Start from an example"), menu);
        box.append(name, load);
      }
      box.append(clear, this.told);
      return box;
    }

    /** The guideline's own cases, by what they show. */
    menu() {
      const groups = guidegraph.described.recommendations.map((each) => [each.id, each.label]);
      const menu = make("select", { id: "example" });
      for (const [id, label] of [...groups, [undefined, "Nothing applies yet, or at all"]]) {
        const group = make("optgroup", { label });
        this.data.examples.forEach((each, place) => {
          if (each.shows === id) group.append(make("option", { value: place }, each.name));
        });
        if (group.childElementCount) menu.append(group);
      }
      return menu;
    }

    begun(example) {
      this.show(simulator.cases.patient(this.data.base, example));
      this.told.textContent = `Example: ${example.name}.`;
      this.example = example;
    }

    // --- what can be taken away --------------------------------------------------------------------

    keep() {
      const share = make("button", { type: "button" }, "Share as a link");
      const save = make("button", { type: "button" }, "Save as a test case");
      this.shared = make("div", { class: "kept-box", hidden: true });
      this.saved = make("div", { class: "kept-box", hidden: true });
      share.addEventListener("click", () => this.share());
      save.addEventListener("click", () => this.save());
      return make("div", { class: "keep" }, make("div", { class: "buttons" }, share, save), this.shared, this.saved);
    }

    share() {
      const document = this.form.read();
      if (guidegraph.fragment.isTooLong(document)) {
        const told = "This patient is too long for a link. A file holds everything in the form:";
        this.shared.replaceChildren(make("p", { class: "note" }, told), this.file(document));
        this.shared.hidden = false;
        return;
      }
      const fragment = guidegraph.fragment.write(document);
      const address = location.href.replace(/#.*/s, "") + fragment;
      history.replaceState(null, "", fragment);
      const field = make("input", { type: "text", readonly: true, class: "address-field", "aria-label": "Link to this patient" });
      field.value = address;
      const told = "The link holds everything in the form: use it for made-up patients only.";
      this.offer(this.shared, told, field, "Copy the link");
    }

    save() {
      if (this.waiting) this.decide();
      const { name, id } = this.named();
      const text = simulator.cases.write({ id, name, document: this.form.read(), decision: this.decision });
      const field = make("textarea", { readonly: true, rows: 12, class: "case-field", "aria-label": "Test case" });
      field.value = text;
      const file = make("button", { type: "button" }, "Download");
      file.addEventListener("click", () => download(`${id}.yaml`, text, "application/yaml"));
      const told = "What the guideline says now stands under “expect”: check it before you keep it.";
      this.offer(this.saved, told, field, "Copy the case", file);
    }

    /** A name for the case, from the example it began with. */
    named() {
      const begun = this.example;
      const id = begun ? `${begun.id}-changed` : "tried-patient";
      return { id, name: begun ? `As “${begun.name}”, changed` : "A patient who was tried" };
    }

    /** Text that can be copied by a button, or else by hand. */
    offer(box, told, field, words, ...others) {
      const copy = make("button", { type: "button" }, words);
      const done = make("span", { class: "soft", role: "status" });
      copy.addEventListener("click", async () => {
        field.select();
        const copied = await copyText(field.value);
        done.textContent = copied ? " Copied." : " Selected: copy it with the keyboard.";
      });
      const buttons = make("div", { class: "buttons" }, copy, ...others, done);
      box.replaceChildren(make("p", { class: "note" }, told), field, buttons);
      box.hidden = false;
      field.focus();
      field.select();
    }
  }

  /** @param {string} text @returns {Promise<boolean>} whether it could be copied */
  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return document.execCommand("copy");
    }
  }

  /** Hand over a file, without asking anybody. @param {string} name @param {string} text @param {string} type */
  function download(name, text, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = make("a", { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  const root = document.getElementById("simulator");
  const held = document.getElementById("simulator-data");
  if (root && held && guidegraph.described) {
    guidegraph.simulator.page = new Page(root, JSON.parse(held.textContent));
  }
})();
