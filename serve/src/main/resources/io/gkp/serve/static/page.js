"use strict";

/** What the API says when it refuses, as one sentence. */
async function refusal(answer) {
  try {
    const problem = await answer.json();
    return [problem.detail, problem.remedy, `[${problem.code}]`].filter(Boolean).join(" ");
  } catch {
    return `HTTP ${answer.status}`;
  }
}

async function send(method, path, body, headers = {}) {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json", "X-GKP-Request": "1", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(await refusal(answer));
  }
  return answer.status === 204 ? null : answer.json();
}

function say(form, text) {
  const error = form.querySelector(".error");
  error.textContent = text;
  error.hidden = !text;
}

/** Carries out what a form is for, and says what went wrong beside its button. */
function onSubmit(form, action) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    say(form, "");
    if (button) button.disabled = true;
    try {
      await action(form, button);
    } catch (error) {
      say(form, error.message);
    } finally {
      if (button && button.name !== "do") button.disabled = false;
    }
  });
}

async function signIn(token) {
  await send("POST", "/api/session", { token });
}

/** The address that the server prints holds a token where no server gets to see it. */
async function signInByAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.getElementById("sign-in");
  try {
    await signIn(token);
    location.reload();
  } catch (error) {
    if (form) say(form, error.message);
  }
}

function number(value) {
  return value === null || value === undefined ? "an unknown number of" : value.toLocaleString("en");
}

function seconds(value) {
  return value === null || value === undefined ? "" : `, about ${value} s by the last snapshot's rate`;
}

/** First what it would do; then, with a reason and the table's name, it is done. */
function request(form) {
  const kind = form.dataset.request;
  const table = form.dataset.table;
  const plan = form.querySelector(".plan");
  const confirm = form.elements.confirm;
  const order = () => ({ kind, table, ...(kind === "backfill" ? { where: form.elements.where.value } : {}) });
  const ready = () => {
    form.elements.do.disabled = confirm.value !== table || !form.elements.reason.value.trim();
  };
  for (const field of [form.elements.reason, confirm]) {
    field.required = false;
    field.addEventListener("input", ready);
  }
  onSubmit(form, async (_, button) => {
    if (!button || button.name === "look") {
      const answer = await send("POST", "/api/requests", { ...order(), dry_run: true });
      const figures = kind === "reset" ? answer.tables[0] : answer.plan;
      form.querySelector(".figures-text").textContent =
        `It reads ${number(figures.estimated_rows)} rows` +
        (figures.bytes === undefined ? "" : ` (${number(figures.bytes)} bytes in Postgres)`) +
        seconds(figures.seconds) + ".";
      plan.hidden = false;
      form.elements.reason.focus();
      return;
    }
    await send("POST", "/api/requests", { ...order(), dry_run: false, reason: form.elements.reason.value });
    location.assign("/");
  });
}

/** Shows what a run says of itself, as it says it. */
function follow(section) {
  const run = section.dataset.run;
  const phase = document.getElementById("live-phase");
  const rows = document.getElementById("live-tables");
  const log = document.getElementById("live-log");
  const tables = new Map();
  const table = (name) => {
    if (!tables.has(name)) {
      const row = rows.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      const cells = [0, 1, 2].map(() => {
        const cell = row.insertCell();
        cell.className = "n";
        cell.textContent = "0";
        return cell;
      });
      tables.set(name, { cells, rows: 0, bytes: 0 });
    }
    return tables.get(name);
  };
  const say = (at, text) => {
    const item = document.createElement("li");
    item.textContent = `${at.slice(11, 19)} ${text}`;
    log.append(item);
    log.scrollTop = log.scrollHeight;
  };
  const told = {
    phase: (e) => { phase.textContent = `${e.phase} …`; say(e.at, e.phase); },
    reading: (e) => { say(e.at, `reads ${e.table}${e.estimated_rows >= 0 ? `, about ${number(e.estimated_rows)} rows` : ""}`); },
    read: (e) => { table(e.table).cells[0].textContent = number(e.rows); },
    read_all: (e) => { table(e.table).cells[0].textContent = number(e.rows); say(e.at, `${e.table} is read: ${number(e.rows)} rows`); },
    streaming: (e) => { say(e.at, `streams from ${e.from_lsn} to the fence at ${e.fence_lsn}`); },
    streamed: (e) => {
      for (const [name, changes] of Object.entries(e.changes)) table(name).cells[0].textContent = number(changes);
      phase.textContent = `stream … at ${e.lsn}`;
    },
    loaded: (e) => {
      const one = table(e.table);
      one.rows += e.rows;
      one.bytes += e.bytes;
      one.cells[1].textContent = number(one.rows);
      one.cells[2].textContent = number(one.bytes);
    },
    committed: (e) => { say(e.at, `batch ${e.batch} committed: ${number(e.rows)} rows, up to ${e.lsn}`); },
  };
  const source = new EventSource(`/api/runs/${run}/events`);
  source.addEventListener("progress", (event) => {
    const e = JSON.parse(event.data);
    if (told[e.event]) told[e.event](e);
  });
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
}

/** Shows what is new without losing one's place; not while somebody writes. */
function refresh(main) {
  const every = Number(main.dataset.refresh) * 1000;
  if (!every) return;
  setInterval(async () => {
    const isWriting = document.activeElement && main.contains(document.activeElement) && document.activeElement.matches("input");
    const isWritten = [...main.querySelectorAll("input:not([type=checkbox])")].some((input) => input.value);
    if (document.hidden || isWriting || isWritten) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceChildren(...page.getElementById("main").childNodes);
    bind(main);
  }, every);
}

function bind(root) {
  const form = root.querySelector("#sign-in");
  if (form) {
    onSubmit(form, async () => {
      await signIn(form.elements.token.value);
      location.reload();
    });
  }
  root.querySelectorAll("[data-start-run]").forEach((start) =>
    onSubmit(start, async () => {
      const run = await send("POST", "/api/exports/bigquery/run", {
        reason: start.elements.reason.value || null,
        refresh_models: start.elements.refresh_models.checked || null,
      }, { "Idempotency-Key": crypto.randomUUID ? crypto.randomUUID() : String(Math.random()) });
      location.assign(run.page_url);
    }));
  root.querySelectorAll("[data-stop-run]").forEach((stop) =>
    onSubmit(stop, async () => {
      await send("DELETE", `/api/runs/${stop.dataset.stopRun}`);
    }));
  root.querySelectorAll("[data-request]").forEach(request);
  root.querySelectorAll("[data-copy]").forEach((button) =>
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = "Copied";
    }));
  root.querySelectorAll("[data-run]").forEach(follow);
}

const main = document.getElementById("main");
bind(main);
refresh(main);
signInByAddress();
