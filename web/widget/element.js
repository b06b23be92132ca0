const HERE = new URL(document.currentScript.src).origin;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);
/** Where the chat fills the screen, it is modal: what is behind it cannot be seen. */
const SMALL = matchMedia("(max-width: 40em), (max-height: 32em)");
/** Seconds to wait before each new try when the server cannot be reached. */
const TRIES = [2, 4, 8, 16];
/** What the fields of the case form are, so that browsers can fill them in. */
const FIELDS = { name: ["text", "name"], organisation: ["text", "organization"], email: ["email", "email"] };

/**
 * The chat: <pulje-guide server="https://…" pool="…" title="…" texts='{"launcher": "…"}' mode="page">, all optional.
 * Methods: open(), close(). Events: pulje-guide:open, :close, :answer (what kinds of answers), :error, :delete.
 */
class PuljeGuide extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.build();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.tabs = new BroadcastChannel("pulje-guide");
    // A tab that was duplicated shares its conversation.
    this.tabs.onmessage = ({ data }) => this.opened && !this.busy && data === this.memory.kept.id && this.restore();
    SMALL.addEventListener("change", () => this.opened && !this.page && this.show(true), { signal });
    addEventListener("online", () => this.deliver(true), { signal });
    if (this.page || (this.memory.kept.open && !SMALL.matches)) this.open({ focus: false });
  }

  disconnectedCallback() {
    this.leaving.abort();
    this.tabs.close();
    clearTimeout(this.timer);
  }

  get pool() {
    return this.getAttribute("pool");
  }

  build() {
    this.texts = { ...TEXTS, ...JSON.parse(this.getAttribute("texts") || "{}") };
    const { texts } = this;
    const title = this.title || texts.title;
    this.removeAttribute("title"); // or the browser shows it as a tip all over the chat
    this.page = this.getAttribute("mode") === "page";
    this.server = new Server(this.getAttribute("server") || HERE);
    this.memory = new Memory("pulje-guide");
    this.messages = [];
    this.starting = {};

    this.list = el("ol", { role: "list" });
    this.log = el("div", { class: "log", role: "log", tabindex: 0, "aria-label": texts.log }, this.list);
    this.status = el("p", { class: "status", role: "status" });
    this.alert = el("div", { class: "alert", role: "alert" });
    this.cpr = el("div", { class: "alert cpr", role: "alert" });
    this.count = el("p", { class: "count", role: "status", id: "count" });
    this.label = el("label", { for: "long" }, texts.message);
    const typed = { oninput: () => this.typed(), onkeydown: (event) => this.key(event), "aria-describedby": "notice count" };
    this.long = el("textarea", { id: "long", rows: 2, ...typed });
    this.short = el("input", { id: "short", hidden: true, ...typed });
    this.field = this.long;
    this.form = el(
      "form",
      { class: "ask", novalidate: true },
      this.label,
      el("div", { class: "row" }, this.long, this.short, el("button", { class: "send" }, texts.send)),
      el("p", { class: "notice", id: "notice" }, texts.notice),
      this.count,
    );
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    const button = (name, act) => el("button", { type: "button", onclick: act }, texts[name]);
    this.removing = button("remove", () => this.sure(true));
    const tools = el(
      "div",
      { class: "tools" },
      button("human", () => this.say(texts.humanSays)),
      button("save", () => this.save()),
      this.removing,
      el("a", { href: `${this.server.url}/om-chatten`, target: this.page ? null : "_blank", rel: "noopener" }, texts.about),
    );
    this.confirm = el(
      "div",
      { class: "confirm", role: "group", "aria-labelledby": "sure", hidden: true },
      el("p", { id: "sure" }, texts.removeSure),
      el("div", { class: "row" }, button("removeYes", () => this.remove()), button("removeNo", () => this.sure(false))),
    );
    const close = this.page ? null : el("button", { type: "button", class: "close", onclick: () => this.close() }, texts.close);
    const head = el("header", {}, el("h2", { id: "title" }, title), el("span", { class: "badge" }, texts.robot), close);
    const parts = [head, this.log, this.status, this.alert, this.cpr, this.form, this.confirm, tools];
    this.panel = el(this.page ? "section" : "dialog", { id: "panel", class: "panel", "aria-labelledby": "title" }, ...parts);
    this.panel.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    this.panel.addEventListener("close", () => this.opened && !this.panel.open && this.close());
    const launch = { class: "launcher", type: "button", "aria-expanded": "false", "aria-controls": "panel" };
    this.launcher = el("button", { ...launch, onclick: () => (this.opened ? this.close() : this.open()) }, texts.launcher);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    root.append(this.page ? this.panel : el("section", { "aria-label": texts.launcher }, this.launcher, this.panel));
    root.addEventListener("keydown", (event) => this.escape(event));
    this.lang ||= "da";
  }

  /** Opens the chat. Only now is there a conversation, and only now is the server asked anything. */
  async open({ focus = true } = {}) {
    if (!this.opened) {
      this.opened = true;
      const known = this.memory.kept.id;
      this.memory.set({ open: true, queue: this.memory.kept.queue || [], id: this.memory.id });
      this.launcher.setAttribute("aria-expanded", "true");
      if (!this.page) this.show(focus);
      this.emit("open");
      if (!this.list.firstChild) {
        this.field.value = this.memory.kept.draft || "";
        this.draw([]);
        if (known) this.restore();
        else this.prepare();
      }
    }
    if (focus) this.field.focus();
  }

  close() {
    this.opened = false;
    this.memory.set({ open: false });
    this.launcher.setAttribute("aria-expanded", "false");
    if (this.panel.open) this.panel.close();
    this.launcher.focus();
    this.emit("close");
  }

  show(focus) {
    const held = this.shadowRoot.activeElement;
    if (this.panel.open) this.panel.close();
    if (SMALL.matches) this.panel.showModal();
    else if (focus) this.panel.show();
    else this.panel.setAttribute("open", ""); // show() would take the focus
    if (focus) held?.focus();
  }

  /** Fetches what the server knows before the first message, once. */
  async prepare() {
    if (this.starting.questions) return;
    this.starting = await this.server.start(this.pool).catch(() => ({}));
    const used = this.messages.filter(({ who }) => who === "visitor").map(({ text }) => text);
    const { questions = [] } = this.starting;
    if (!questions.length || !this.list.firstChild) return;
    const say = (title) => this.say(title);
    this.list.firstChild.append(el("p", {}, this.texts.starters), drawButtons(questions, say, { used, keep: true }));
  }

  /** Draws the conversation as the server has it, then what could not be sent yet. */
  async restore() {
    this.tell("loading");
    await this.prepare();
    try {
      this.draw(await this.server.history(this.memory.id));
    } catch {
      this.problem(this.texts.history, () => this.restore());
    }
    this.tell();
    this.memory.kept.queue.forEach((text) => this.add({ who: "visitor", text }));
    this.deliver(true);
  }

  draw(messages) {
    this.log.setAttribute("aria-live", "off"); // old messages are not news
    this.messages = [];
    const about = el("a", { href: `${this.server.url}/om-chatten`, target: this.page ? null : "_blank" }, this.texts.about);
    const greeting = this.texts.greeting.map((line) => el("p", {}, line));
    this.list.replaceChildren(el("li", { class: "guide" }, hidden(this.texts.guide), ...greeting, el("p", {}, about)));
    const { questions } = this.starting;
    if (questions) (this.starting.questions = null), this.prepare();
    messages.forEach((message, index) => this.add(message, index < messages.length - 1));
    setTimeout(() => this.log.removeAttribute("aria-live"), 500);
  }

  add(message, old) {
    this.messages.push(message);
    const act = {
      say: (title) => this.say(title),
      rate: (answer, useful, reason) => this.server.rate(this.memory.id, answer, useful, reason).catch(() => null),
    };
    const item = drawMessage(message, { texts: this.texts, pools: this.starting.pools, act, old });
    this.list.append(item);
    if (message.who === "guide") this.expect(message.custom?.form);
    const box = this.log.scrollHeight > this.log.clientHeight ? this.log : this.panel;
    // A long answer is read from its start.
    box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
  }

  /** Lets the field fit what the assistant asks for: the question, or a line of the case form. */
  expect(form) {
    const [type, autocomplete] = FIELDS[form?.ask] || [];
    const field = type ? this.short : this.long;
    if (type) Object.assign(field, { type, autocomplete, name: form.ask });
    const held = this.shadowRoot.activeElement === this.field;
    this.label.textContent = this.texts[form?.ask] || this.texts.message;
    this.label.htmlFor = field.id;
    for (const one of [this.long, this.short]) one.hidden = one !== field;
    if (field !== this.field) field.value = this.field.value;
    this.field = field;
    if (held) field.focus();
  }

  key(event) {
    // keyCode 229: an input method is still composing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  escape(event) {
    if (event.key !== "Escape" || event.isComposing || this.page || !this.opened) return;
    event.preventDefault();
    if (this.confirm.hidden) this.close();
    else this.sure(false);
  }

  typed() {
    const text = this.field.value;
    this.memory.set({ draft: maskCpr(text) });
    const warning = maskCpr(text) === text ? "" : this.texts.cpr;
    if (this.cpr.textContent !== warning) this.cpr.textContent = warning;
    clearTimeout(this.counting);
    this.counting = setTimeout(() => {
      const left = (this.starting.longest || 1000) - [...text].length;
      this.count.textContent = left > 100 ? "" : fill(left < 0 ? this.texts.over : this.texts.left, { n: Math.abs(left) });
    }, 600); // not at every key: it is read aloud
  }

  submit() {
    const text = this.field.value.trim();
    const over = [...text].length - (this.starting.longest || 1000);
    if (over > 0) return this.problem(fill(this.texts.over, { n: over }));
    if (!text) return this.field.focus();
    this.field.value = "";
    this.typed();
    this.say(text);
  }

  say(text) {
    text = maskCpr(text);
    for (const button of this.list.querySelectorAll(".once button")) button.setAttribute("aria-disabled", "true");
    this.memory.set({ queue: [...this.memory.kept.queue, text] });
    this.add({ who: "visitor", text });
    this.deliver(false);
  }

  /** Sends what is waiting, in order. After a failure it first looks whether the answer was only lost on its way. */
  async deliver(again) {
    const { kept } = this.memory;
    if (this.busy || !kept.queue?.length) return;
    const { id } = kept;
    this.busy = true;
    clearTimeout(this.timer);
    this.problem();
    const working = setTimeout(() => this.tell("working"), 3000);
    try {
      for (; kept.queue.length; again = false) {
        this.tell("typing");
        const [text] = kept.queue;
        const past = again ? await this.server.history(id) : [];
        const done = past.at(-1)?.who === "guide" && past.at(-2)?.text === text;
        const replies = done ? past.slice(-1) : await this.server.ask(id, text, this.pool);
        if (id !== kept.id) break; // deleted meanwhile
        this.memory.set({ queue: kept.queue.slice(1) });
        for (const reply of replies) this.add({ ...reply, who: "guide", at: new Date().toISOString() });
        const answers = replies.flatMap(({ custom }) => custom?.answers || []);
        this.emit("answer", answers.map(({ pool, topic, status }) => ({ pool, topic, status })));
        this.tries = 0;
      }
      this.tabs.postMessage(id);
    } catch (error) {
      this.failed(error);
    }
    clearTimeout(working);
    this.tell();
    this.busy = false;
  }

  failed({ kind, text }) {
    const { texts } = this;
    this.emit("error", { kind });
    const wait = kind === "lost" && TRIES[this.tries || 0];
    if (wait) {
      this.tries = (this.tries || 0) + 1;
      this.timer = setTimeout(() => this.deliver(true), wait * 1000);
    }
    const why = wait ? texts.lost : kind === "lost" ? texts.gone : kind === "slow" ? texts.slow : text;
    this.problem(why, () => this.deliver(true), wait ? "" : this.starting.contact);
    if (!this.starting.questions) this.prepare();
  }

  /** Shows a problem, or takes it away. With `again` there is a button for another try. */
  problem(text, again, contact) {
    const held = this.alert.contains(this.shadowRoot.activeElement);
    const act = () => (this.problem(), again());
    const button = again && el("button", { type: "button", onclick: act }, this.texts.again);
    const lines = [text, contact].filter(Boolean).map((line) => el("p", {}, ...linked(line)));
    this.alert.replaceChildren(...(text ? [...lines, button].filter(Boolean) : []));
    if (held) this.field.focus();
  }

  tell(name) {
    this.status.textContent = this.texts[name] || "";
    this.status.classList.toggle("typing", name === "typing");
  }

  sure(asked) {
    this.confirm.hidden = !asked;
    (asked ? this.confirm.querySelector("button") : this.removing).focus();
  }

  async remove() {
    this.sure(false);
    const { id } = this.memory.kept;
    try {
      await this.server.remove(id);
    } catch (error) {
      return this.problem(error.text || this.texts.notRemoved, () => this.remove(), this.starting.contact);
    }
    clearTimeout(this.timer);
    this.tabs.postMessage(id);
    this.memory.set({ id: null, queue: [], draft: "" });
    this.memory.set({ id: this.memory.id });
    this.problem();
    this.expect();
    this.draw([]);
    this.tell("removed");
    this.field.focus();
    this.emit("delete");
  }

  /** Gives the visitor the conversation as a text file. */
  save() {
    const { texts } = this;
    const lines = this.messages.flatMap(({ who, text, custom }) => [
      who === "visitor" ? texts.you : texts.guide,
      text,
      ...sourcesOf(custom, this.starting.pools).flatMap((source) => [
        sourceLine(source, texts),
        ...[...source.quotes].map((quote) => `  ”${quote}”`),
      ]),
      "",
    ]);
    const head = [texts.title, new Date().toLocaleString("da-DK"), ""];
    const href = URL.createObjectURL(new Blob([[...head, ...lines].join("\n")], { type: "text/plain;charset=utf-8" }));
    el("a", { href, download: `${texts.file}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`pulje-guide:${name}`, { bubbles: true, composed: true, detail }));
  }
}

customElements.get("pulje-guide") || customElements.define("pulje-guide", PuljeGuide);
