// Reviewing by keyboard. Everything works without this script, with the same buttons.
"use strict";

const STORED = "puljeguiden-keys";
const help = document.getElementById("shortcuts");
const use = document.getElementById("use-keys");
const said = document.getElementById("said");
const turns = [...document.querySelectorAll(".turn")];

help.hidden = false;
use.checked = localStorage.getItem(STORED) !== "off";
use.addEventListener("change", () => localStorage.setItem(STORED, use.checked ? "on" : "off"));

let current = turns.findIndex((turn) => `#${turn.id}` === location.hash);
if (current >= 0) turns[current].focus();

const say = (text) => { said.textContent = text; };

function go(to) {
  if (to < 0 || to >= turns.length) return;
  current = to;
  turns[to].focus();
  turns[to].scrollIntoView({ block: "start" });
  say(`${turns[to].querySelector("h2").firstChild.textContent.trim()} / ${turns.length}`);
}

function judge(key) {
  const turn = turns[Math.max(current, 0)];
  const topic = turn.querySelector("select[name=topic]");
  if (key === "3" && !topic.value) topic.focus();
  else turn.querySelector(`[data-key="${key}"]`).click();
}

// Where somebody clicks or tabs to is where they are.
document.addEventListener("focusin", (event) => {
  const at = turns.indexOf(event.target.closest(".turn"));
  if (at >= 0) current = at;
});

document.addEventListener("keydown", (event) => {
  if (!use.checked || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "j") go(current + 1);
  else if (event.key === "k") go(current - 1);
  else if ("1234".includes(event.key) && turns.length) judge(event.key);
  else if ("rnp".includes(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
});
