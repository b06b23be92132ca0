const HERE = new URL(document.currentScript.src).origin;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);
/** Where the chat fills the screen, it is modal: what is behind it cannot be seen. */
const SMALL = matchMedia("(max-width: 40em), (max-height: 32em)");
/** Seconds to wait before each new try when the server cannot be reached. */
const TRIES = [2, 4, 8, 16, 30, 30, 30];
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
    this.tabs = new BroadcastChannel(KEY);
    // A tab that was duplicated shares its conversation.
    this.tabs.onmessage = ({ data }) => this.opened && !this.busy && data === this.memory.kept.id && this.restore();
    SMALL.addEventListener("change", () => this.opened && !this.page && this.show(true), { signal });
    addEventListener("online", () => this.deliver(true), { signal });
    // Back from another page of the site, where the conversation may have gone on.
    addEventListener("pageshow", ({ persisted }) => persisted && this.recall(), { signal });
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
    const texts = (this.texts = { ...TEXTS, ...JSON.parse(this.getAttribute("texts") || "{}") });
    const title = this.title || texts.title;
    this.removeAttribute("title"); // or the browser shows it as a tip all over the chat
    this.lang ||= "da";
    this.page = this.getAttribute("mode") === "page";
    this.server = new Server(this.getAttribute("server") || HERE);
    this.memory = new Memory();
    this.messages = [];
    this.starting = {};
    const button = (name, act, more) => el("button", { type: "button", onclick: act, ...more }, texts[name]);
    const alert = () => el("div", { class: "alert", role: "alert" });
    const typed = { oninput: () => this.typed(), onkeydown: (event) => this.key(event), "aria-describedby": "notice count" };

    this.list = el("ol", { role: "list" });
    this.log = el("div", { class: "log", role: "log", tabindex: 0, "aria-label": texts.log }, this.list);
    this.status = el("p", { class: "status", role: "status" });
    this.alert = alert();
    this.cpr = alert();
    this.cpr.classList.add("cpr");
    this.count = el("p", { id: "count", role: "status" });
    this.label = el("label", { for: "long" }, texts.message);
    this.long = el("textarea", { id: "long", rows: 2, ...typed });
    this.short = el("input", { id: "short", hidden: true, ...typed });
    this.field = this.long;
    this.removing = button("remove", () => this.sure(true));
    this.sureness = el(
      "div",
      { class: "sure", role: "group", "aria-labelledby": "sure", hidden: true },
      el("p", { id: "sure" }, texts.removeSure),
      el("div", { class: "row" }, button("removeYes", () => this.forget()), button("removeNo", () => this.sure(false))),
    );
    this.panel = el(
      this.page ? "section" : "dialog",
      { id: "panel", class: "panel", "aria-labelledby": "title robot" },
      el(
        "header",
        {},
        el("h2", { id: "title" }, title),
        el("span", { id: "robot", class: "badge" }, texts.robot),
        this.page ? null : button("close", () => this.close(), { class: "close" }),
      ),
      this.log,
      this.status,
      this.alert,
      this.cpr,
      el(
        "form",
        { class: "ask", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.submit()) },
        this.label,
        el("div", { class: "row" }, this.long, this.short, el("button", { class: "send" }, texts.send)),
        el("p", { id: "notice" }, texts.notice),
        this.count,
      ),
      this.sureness,
      el(
        "div",
        { class: "tools" },
        button("human", () => this.say(texts.humanSays)),
        button("save", () => this.save()),
        this.removing,
        this.about(),
      ),
    );
    this.panel.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    this.panel.addEventListener("close", () => this.opened && !this.panel.open && this.close());
    const launch = { class: "launcher", "aria-expanded": "false", "aria-controls": "panel" };
    this.launcher = button("launcher", () => (this.opened ? this.close() : this.open()), launch);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    root.append(this.page ? this.panel : el("section", { "aria-label": texts.launcher }, this.launcher, this.panel));
    root.addEventListener("keydown", (event) => this.escape(event));
  }

  about() {
    const target = this.page ? null : "_blank";
    return el("a", { href: `${this.server.url}/om-chatten`, target }, this.texts.about);
  }

  /** Opens the chat. Only now is there a conversation, and only now is the server asked anything. */
  open({ focus = true } = {}) {
    if (!this.opened) {
      this.opened = true;
      const { id, queue = [], draft = "" } = this.memory.kept;
      this.memory.set({ queue, id: this.memory.id, ...(!this.page && { open: true }) });
      this.launcher.setAttribute("aria-expanded", "true");
      if (!this.page) this.show(focus);
      if (!this.list.firstChild) {
        this.field.value = draft;
        this.draw([]);
        if (id) this.restore();
        else this.prepare();
      }
      this.emit("open");
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
  prepare() {
    const keep = (start) => ((this.starting = start), this.offer());
    return (this.prepared ||= this.server.start(this.pool).then(keep, () => (this.prepared = null)));
  }

  offer() {
    const used = this.messages.map(({ text }) => text);
    const { questions } = this.starting;
    const say = (title) => this.say(title);
    if (!questions) return;
    this.list.firstChild.append(el("p", {}, this.texts.starters), drawButtons(questions, say, used));
    if (this.shadowRoot.activeElement === this.field) this.field.scrollIntoView({ block: "nearest" });
  }

  recall() {
    this.memory = new Memory();
    if (this.opened) this.restore();
  }

  /** Draws the conversation as the server has it, then what could not be sent yet. */
  async restore() {
    this.tell("loading");
    await this.prepare();
    try {
      const past = await this.server.history(this.memory.id);
      const { queue } = this.memory.kept;
      if (this.received(past, queue[0])) this.memory.set({ queue: queue.slice(1) });
      this.draw(past);
      this.memory.kept.queue.forEach((text) => this.add({ who: "visitor", text }));
      this.tell();
      this.deliver(true);
    } catch {
      this.tell();
      this.problem(this.texts.history, () => this.restore(), this.starting.contact);
    }
  }

  draw(messages) {
    this.log.setAttribute("aria-live", "off"); // old messages are not news
    this.log.scrollTop = 0;
    this.messages = [];
    const greeting = this.texts.greeting.map((line) => el("p", {}, line));
    greeting.at(-1).append(" ", this.about());
    this.list.replaceChildren(el("li", { class: "guide" }, hidden(this.texts.guide), ...greeting));
    messages.forEach((message, index) => this.add(message, index < messages.length - 1));
    this.offer();
    setTimeout(() => this.log.removeAttribute("aria-live"), 500);
  }

  add(message, old) {
    this.messages.push(message);
    const say = (title) => this.say(title);
    const rate = (...rating) => this.server.rate(this.memory.id, ...rating).catch(() => null);
    const item = drawMessage(message, { texts: this.texts, pools: this.starting.pools, say, rate, old });
    this.list.append(item);
    if (message.who === "guide") this.expect(message.custom?.form);
    // A long answer is read from its start.
    const box = this.log.scrollHeight > this.log.clientHeight ? this.log : this.panel;
    box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
  }

  /** Lets the field fit what the assistant asks for: the question, or a line of the case form. */
  expect(form) {
    const [type, autocomplete] = FIELDS[form?.ask] || [];
    const field = type ? this.short : this.long;
    if (type) Object.assign(field, { type, autocomplete, name: form.ask });
    this.label.textContent = this.texts[form?.ask] || this.texts.message;
    if (field === this.field) return;
    const held = this.shadowRoot.activeElement === this.field;
    field.value = this.field.value;
    this.field.hidden = true;
    field.hidden = false;
    this.label.htmlFor = field.id;
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
    if (this.sureness.hidden) this.close();
    else this.sure(false);
  }

  /** Returns how many characters may still be written. */
  left() {
    return (this.starting.longest || 1000) - [...maskCpr(this.field.value.trim())].length;
  }

  typed() {
    const text = this.field.value;
    const masked = maskCpr(text);
    this.memory.set({ draft: masked });
    const warning = masked === text ? "" : this.texts.cpr;
    if (this.cpr.textContent !== warning) this.cpr.textContent = warning;
    clearTimeout(this.counting);
    this.counting = setTimeout(() => {
      const left = this.left();
      const { over, left: few } = this.texts;
      this.count.textContent = left > 100 ? "" : fill(left < 0 ? over : few, { n: Math.abs(left) });
    }, 600); // not at every key: it is read aloud
  }

  submit() {
    const text = this.field.value.trim();
    if (this.left() < 0) return this.problem(fill(this.texts.over, { n: -this.left() }));
    if (!text) return this.field.focus();
    this.field.value = "";
    this.typed();
    this.say(text);
  }

  say(text) {
    text = maskCpr(text);
    this.list.querySelectorAll(".once button").forEach(disable);
    this.memory.set({ queue: [...this.memory.kept.queue, text] });
    this.add({ who: "visitor", text });
    this.deliver(this.memory.kept.queue.length > 1);
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
        const replies = this.received(past, text) ? past.slice(-1) : await this.server.ask(id, text, this.pool);
        if (id !== kept.id) break; // deleted meanwhile
        this.memory.set({ queue: kept.queue.slice(1) });
        replies.forEach((reply) => this.add({ ...reply, who: "guide" }));
        const kinds = replies.flatMap(({ custom }) => custom?.answers || []);
        this.emit("answer", kinds.map(({ pool, topic, status }) => ({ pool, topic, status })));
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

  /** Returns whether a waiting question stands answered at a conversation's end, and is not the same one asked before. */
  received(past, question) {
    const asked = (messages) => messages.filter(({ who, text }) => who === "visitor" && text === question).length;
    const waiting = this.memory.kept.queue.filter((text) => text === question).length;
    const isNew = asked(past) > asked(this.messages) - waiting;
    return isNew && past.at(-1)?.who === "guide" && past.at(-2)?.text === question;
  }

  failed({ kind, text }) {
    const { texts } = this;
    const wait = kind === "lost" && TRIES[this.tries || 0];
    if (wait) {
      this.tries = (this.tries || 0) + 1;
      this.timer = setTimeout(() => this.deliver(true), wait * 1000);
    }
    const why = wait ? texts.lost : kind === "lost" ? texts.gone : kind === "slow" ? texts.slow : text;
    const person = !wait || this.memory.kept.queue.includes(texts.humanSays);
    this.problem(why, () => this.deliver(true), person && this.starting.contact);
    if (!(this.tries > 1)) this.log.scrollTop = this.log.scrollHeight; // what was not sent stays in view
    this.emit("error", { kind });
    this.prepare();
  }

  /** Shows a problem, or takes it away. With `again` there is a button for another try. */
  problem(text, again, contact) {
    const held = this.alert.contains(this.shadowRoot.activeElement);
    const act = () => (this.problem(), again());
    const button = again ? el("button", { type: "button", onclick: act }, this.texts.again) : "";
    this.alert.replaceChildren(...(text ? [...prose(text), ...prose(contact || ""), button] : []));
    if (held) this.field.focus();
  }

  tell(name) {
    this.status.textContent = this.texts[name] || "";
  }

  sure(asked) {
    this.sureness.hidden = !asked;
    (asked ? this.sureness.querySelector("button") : this.removing).focus();
  }

  /** Deletes the conversation, here and on the server. The next message begins a new one. */
  async forget() {
    this.sure(false);
    const { id, queue } = this.memory.kept;
    this.memory.set({ queue: [] }); // nothing may follow, or the conversation begins anew under its old id
    try {
      await this.server.remove(id);
    } catch ({ text }) {
      this.memory.set({ queue });
      return this.problem(text || this.texts.notRemoved, () => this.forget(), this.starting.contact);
    }
    clearTimeout(this.timer);
    this.memory.set({ id: null, queue: [], draft: "" });
    this.memory.id;
    this.tabs.postMessage(id);
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
    const lines = [texts.title, new Date().toLocaleString("da-DK")];
    for (const { who, text, custom } of this.messages) {
      lines.push("", who === "visitor" ? texts.you : texts.guide, text);
      for (const source of sourcesOf(custom, this.starting.pools))
        lines.push(sourceLine(source, texts), ...[...source.quotes].map((quote) => `  ”${quote}”`));
    }
    const href = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain;charset=utf-8" }));
    el("a", { href, download: texts.file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 9999);
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`pulje-guide:${name}`, { bubbles: true, composed: true, detail }));
  }
}

customElements.get("pulje-guide") || customElements.define("pulje-guide", PuljeGuide);
