// Warns five minutes before the console session ends, and says so when it has ended. The server alone knows how long it
// holds (other tabs keep it alive too), so it is asked before anything is shown; asking keeps nothing alive.
// Without this script the next request leads to sign-in.
const dialog = document.querySelector("#session-dialog");
const WARNING = 300;
const LONGEST_TIMER = 2 ** 31 - 1;
let ends = 0;
let timer;
let closed = false; // somebody has read the warning
let said = -1;

const left = () => Math.max(0, Math.ceil((ends - Date.now()) / 1000));
const part = (selector) => dialog.querySelector(selector);

async function ask(method = "GET") {
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrftoken"];
  const headers = method === "POST" ? { "x-csrftoken": token } : {};
  try {
    const answer = await fetch(dialog.dataset.url, { method, headers, cache: "no-store" });
    if (answer.status === 204) return 0;
    return answer.ok ? (await answer.json()).seconds : left();
  } catch {
    return left(); // the network is away; the clock goes on
  }
}

async function check(method = "GET") {
  clearTimeout(timer);
  const seconds = await ask(method);
  ends = Date.now() + seconds * 1000;
  if (seconds > WARNING) {
    closed = false;
    if (dialog.open) dialog.close();
    said = -1;
    timer = setTimeout(check, Math.min((seconds - WARNING) * 1000, LONGEST_TIMER));
  } else if (seconds > 0) {
    show(false);
    tick();
  } else {
    closed = false;
    show(true);
  }
}

function show(over) {
  const title = part("#session-title");
  title.dataset.soon ??= title.textContent;
  title.textContent = over ? title.dataset.over : title.dataset.soon;
  part("p[data-soon]").hidden = over;
  part("p[data-over]").hidden = !over;
  if (over) {
    part("[data-stay]")?.remove();
    part("[data-announce]").textContent = title.textContent;
  }
  if (!dialog.open && !closed) {
    // Two modal dialogs may lie on each other: the one below keeps what is typed in it.
    dialog.showModal();
    part("[data-again]").focus();
  }
}

function tick() {
  const seconds = left();
  const minutes = Math.floor(seconds / 60);
  const text = seconds < 60 ? `${seconds} seconds` : `${minutes} min ${seconds % 60} s`;
  part("[data-left]").textContent = text;
  if (minutes !== said) {
    said = minutes;
    part("[data-announce]").textContent = seconds < 60 ? "Less than a minute left" : `${minutes + 1} minutes left at most`;
  }
  timer = setTimeout(seconds > 0 ? tick : check, 1000);
}

if (dialog) {
  const begin = Number(dialog.dataset.seconds);
  ends = Date.now() + begin * 1000;
  timer = setTimeout(check, Math.max(0, Math.min((begin - WARNING) * 1000, LONGEST_TIMER)));
  part("[data-keep]").addEventListener("click", () => dialog.close());
  part("[data-stay]")?.addEventListener("click", () => check("POST"));
  dialog.addEventListener("close", () => { closed = true; });
  // A machine that slept, or a tab where somebody signed in again meanwhile.
  const back = () => { if (document.visibilityState === "visible" && left() <= WARNING) check(); };
  document.addEventListener("visibilitychange", back);
  window.addEventListener("focus", back);
}
