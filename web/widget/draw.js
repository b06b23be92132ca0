/** Makes an element; `on…` attributes are listeners. Text is only ever text: nothing here reads HTML. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function longDate(day) {
  return new Date(`${day}T12:00`).toLocaleDateString("da-DK", { day: "numeric", month: "long", year: "numeric" });
}

const LINK = /https:\/\/[^\s<>"”]*[^\s<>"”.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z0-9-]+\.dk\b/g;
const LINK_OR_NUMBER = new RegExp(`${LINK.source}|\\b(?:112|\\d{2,3}(?: \\d{2,3}){2,3})\\b`, "g");

/** Returns a line as text and links. Phone numbers become links only where a call may be urgent. */
function linked(line, numbers) {
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of line.matchAll(numbers ? LINK_OR_NUMBER : LINK)) {
    const href = found.startsWith("https:")
      ? found
      : found.includes("@")
        ? `mailto:${found}`
        : /^[\d ]+$/.test(found)
          ? `tel:${found.replace(/ /g, "")}`
          : `https://${found}`;
    parts.push(line.slice(from, index), el("a", { href, rel: "noreferrer" }, found));
    from = index + found.length;
  }
  return [...parts, line.slice(from)];
}

/** Returns a text as paragraphs, with its «• » lines as lists. */
function prose(text, numbers) {
  const blocks = [];
  for (const line of text.split("\n").filter((line) => line.trim())) {
    if (!line.startsWith("• ")) blocks.push(el("p", {}, ...linked(line, numbers)));
    else {
      if (blocks.at(-1)?.tagName !== "UL") blocks.push(el("ul"));
      blocks.at(-1).append(el("li", {}, ...linked(line.slice(2), numbers)));
    }
  }
  return blocks;
}

/** Returns what kind of reply this is: its answers' one status, `case`, or `mixed`. */
function kindOf(custom = {}) {
  if (custom.case) return "case";
  const statuses = new Set((custom.answers || []).map((answer) => answer.status));
  return statuses.size === 1 ? [...statuses][0] : "mixed";
}

/** Returns a reply's sources by document: its name, title, date, address, and the quotes without doubles. */
function sourcesOf(custom = {}, pools = {}) {
  const found = new Map();
  for (const source of (custom.answers || []).flatMap((answer) => answer.sources || [])) {
    const name = pools[source.document];
    if (!found.has(source.document)) found.set(source.document, { ...source, name, quotes: new Set() });
    found.get(source.document).quotes.add(source.quote);
  }
  return [...found.values()];
}

function sourceLine({ name, title, updated }, texts) {
  return fill(texts.source, { name: name || title, date: longDate(updated) });
}

/** Draws one message. Its buttons `say(title)` and `rate(answer, useful, reason)`. */
function drawMessage(message, { texts, pools, say, rate, old }) {
  const { who, text, buttons = [], custom = {} } = message;
  if (who === "visitor") return el("li", { class: "you" }, hidden(texts.you), ...prose(text));
  const answers = custom.answers || [];
  const kind = kindOf(custom);
  const urgent = answers.some((answer) => answer.topic === "concern");
  return el(
    "li",
    { class: `guide ${kind}`, lang: answers[0]?.lang },
    hidden(texts.guide),
    texts[kind] ? el("p", { class: "label" }, texts[kind]) : null,
    ...prose(text || "", urgent),
    custom.case ? drawCase(custom.case, texts) : null,
    ...sourcesOf(custom, pools).map((source) => drawSource(source, texts)),
    buttons.length ? drawButtons(buttons.map(({ title }) => title), say, old) : null,
    /^(stated|not_stated|mixed|handoff|out_of_scope|not_understood)$/.test(kind) && !custom.form && answers[0]?.id
      ? drawRating(answers[0].id, message.useful, texts, rate)
      : null,
  );
}

function hidden(text) {
  return el("span", { class: "hidden" }, `${text} `);
}

function drawCase({ number, contacts = [] }, texts) {
  return el(
    "div",
    { class: "number" },
    el("p", {}, fill(texts.caseNumber, { n: number })),
    contacts.length ? el("ul", {}, ...contacts.map((contact) => el("li", {}, ...linked(contact)))) : null,
  );
}

function drawSource(source, texts) {
  return el(
    "details",
    {},
    el("summary", {}, sourceLine(source, texts)),
    source.name ? el("p", {}, source.title) : null,
    ...[...source.quotes].map((quote) => el("blockquote", {}, `”${quote}”`)),
    /^https:/.test(source.url) ? el("p", {}, el("a", { href: source.url, rel: "noreferrer" }, texts.link)) : null,
  );
}

function disable(button) {
  button.setAttribute("aria-disabled", "true");
}

/**
 * Draws suggestions. What is used stays, disabled, so that nobody loses their place. `used` is a list where each may be
 * used once; otherwise it tells whether it is too late to choose one of them.
 */
function drawButtons(titles, say, used) {
  const row = el("div", { class: Array.isArray(used) ? "buttons" : "buttons once" });
  for (const title of titles) {
    const button = el("button", { type: "button" }, title);
    if (used === true || used?.includes?.(title)) disable(button);
    button.addEventListener("click", () => {
      if (button.ariaDisabled) return;
      disable(button);
      say(title);
    });
    row.append(button);
  }
  return row;
}

/** Draws «Var svaret nyttigt?». A «Nej» is stored at once; the reason that may follow is stored with it. */
function drawRating(answer, given, texts, rate) {
  const status = el("p", { role: "status" });
  const reason = el("input", { autocomplete: "off", maxlength: 500 });
  const form = el("form", { hidden: true, onsubmit: explain }, el("label", {}, texts.reason, reason), el("button", {}, texts.send));
  const buttons = [true, false].map((useful) => {
    const attributes = { type: "button", "aria-pressed": String(given === useful), onclick: () => choose(useful) };
    return el("button", attributes, useful ? texts.yes : texts.no);
  });
  const keep = async (useful, why) => {
    const kept = await rate(answer, useful, why);
    status.textContent = kept ? texts.thanks : texts.notKept;
    return kept;
  };
  async function choose(useful) {
    if (!(await keep(useful))) return;
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(useful === !index)));
    form.hidden = useful;
    status.scrollIntoView({ block: "nearest" });
  }
  async function explain(event) {
    event.preventDefault();
    if (!(await keep(false, maskCpr(reason.value.trim())))) return;
    form.hidden = true;
    buttons[1].focus();
  }
  // Beside the conversation, not part of it: it must not be read aloud with each answer.
  return el(
    "div",
    { class: "rating", role: "group", "aria-label": texts.useful, "aria-live": "off" },
    el("span", {}, texts.useful),
    ...buttons,
    form,
    status,
  );
}
