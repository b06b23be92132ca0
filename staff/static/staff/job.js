// Shows how far a job is. Without this script, one reloads the page.
"use strict";

const progress = document.getElementById("progress");
const stages = [...progress.querySelectorAll("[data-stage]")];
const log = document.getElementById("log");

document.getElementById("by-hand").hidden = true;

function show(job) {
  document.getElementById("bar").value = job.percent;
  document.getElementById("left").textContent = job.seconds_left;
  const here = stages.findIndex((stage) => stage.dataset.stage === job.stage);
  stages.forEach((stage, at) => {
    stage.className = at < here ? "done" : at === here ? "now" : "to_come";
    stage.toggleAttribute("aria-current", at === here);
    if (at === here) stage.setAttribute("aria-current", "step");
  });
  if (log.textContent !== job.log) log.textContent = job.log;
}

async function look() {
  try {
    const response = await fetch(progress.dataset.status, { headers: { Accept: "application/json" } });
    if (response.redirected || !response.ok) return location.reload();
    const job = await response.json();
    if (job.state !== "running") return location.reload();
    show(job);
  } catch {
    // the service may be starting again; the next look tells
  }
  setTimeout(look, 1500);
}

setTimeout(look, 1500);
