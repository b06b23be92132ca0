// Training pages: counts examples, and takes what is marked on a page as a quote. Everything works without this script.
"use strict";

for (const shown of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(shown.dataset.count);
  const count = () => {
    const lines = field.value.split("\n").map((line) => line.trim().toLowerCase()).filter(Boolean);
    shown.textContent = String(new Set(lines).size);
  };
  field.addEventListener("input", count);
  count();
}

// The field that was used last gets the quote, where a page belongs to several.
let last = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea[name$=-quotes]")) last = event.target;
});

const marked = (page) => {
  const selection = document.getSelection();
  const inside = selection.rangeCount && page.contains(selection.getRangeAt(0).commonAncestorContainer);
  return inside ? selection.toString().replace(/\s+/g, " ").trim() : "";
};

for (const page of document.querySelectorAll("[data-page-for]")) {
  const quoted = page.querySelector("mark");
  if (quoted) page.scrollTop = quoted.offsetTop - page.offsetTop - 40;
  const button = page.parentElement.querySelector("[data-pick]");
  const target = () => document.getElementById(button.dataset.pick) || last || document.querySelector("textarea[name$=-quotes]");
  if (!target()) continue;
  button.parentElement.hidden = false;
  // A button takes the focus when pressed, and some browsers then forget the selection.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const quote = marked(page), field = target();
    if (!quote) return;
    const lines = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!lines.includes(quote)) field.value = [...lines, quote].join("\n");
    const stated = field.form.elements[field.name.replace(/quotes$/, "state")];
    if (stated && stated.value === "not_stated") stated.value = "stated";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
