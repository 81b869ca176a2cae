// Everything the console does in the browser. Pages work without it; handlers sit on `document`, so that
// fragments swapped in later need no setup. Names of htmx's events occur in this file only.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const announce = (text) => { const region = $("#announce"); if (region) region.textContent = text; };

// -- one click handler for everything that is marked with a data attribute
const actions = {
  "[data-dismiss]": (element) => element.closest(".flash, .alert").remove(),
  "[data-close-panel]": (element) => closePanel(element.closest("#help, #split")),
  "[data-copy-text]": (element) => copy(element, element.dataset.copyText),
  "[data-copy]": (element) => copy(element, textOf($(element.dataset.copy))),
  "[data-copy-near]": (element) => copy(element, textOf($(element.dataset.copyNear, element.parentElement.parentElement))),
  "[data-nav-toggle]": (element, event) => toggleNavigation(element, event),
  "[data-line]": (element, event) => goToLine(element, event),
  "[aria-disabled=true]": (element, event) => event.preventDefault(),
};
document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(actions)) {
    const element = event.target.closest(selector);
    if (element) act(element, event);
  }
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

function textOf(element) {
  if ("value" in element) return element.value;
  return element.tagName === "DL" ? element.innerText : element.textContent;
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return announce("Copying was not possible. Select the text and copy it.");
  }
  button.classList.add("copied");
  announce("Copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
}

function toggleNavigation(button, event) {
  event.preventDefault();
  const root = document.documentElement;
  fetch(button.form.action, { method: "POST", body: new FormData(button.form, button), redirect: "manual" });
  root.dataset.nav = button.value;
  const toggle = $(".round-toggle");
  toggle.value = button.value === "open" ? "closed" : "open";
  toggle.setAttribute("aria-expanded", String(toggle.value === "closed"));
  toggle.focus();
}

function closePanel(panel) {
  panel.replaceChildren();
  panel.opener?.focus();
}

// -- menus, Escape and arrow keys
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape") {
    if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if ($("#split")?.firstElementChild && !$("#modal[open]")) closePanel($("#split"));
  }
  if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const items = $$("summary, .menu-item:not(:disabled)", menu);
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  }
});
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.open && menu.matches?.("details.menu")) {
    for (const other of $$("details.menu[open]")) if (other !== menu) other.open = false;
  }
}, true);

// -- tables: select all, counter, buttons that need a selection, rows of details
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-select-all]")) {
    for (const row of $$("[data-select]", box.closest(".table-target"))) row.checked = box.checked;
  }
  if (box.matches("[data-select], [data-select-all]")) refreshSelection();
  if (box.matches("[data-show-password]")) {
    for (const field of $$(box.dataset.showPassword)) field.type = box.checked ? "text" : "password";
  }
});

function refreshSelection() {
  const chosen = {};
  for (const table of $$(".table-target:has([data-select])")) {
    const boxes = $$("[data-select]", table);
    const shown = boxes.filter((box) => box.checked).length;
    const count = shown + $$("[data-carried]", table).length;
    const all = $("[data-select-all]", table);
    if (all) { all.checked = shown === boxes.length; all.indeterminate = shown > 0 && shown < boxes.length; }
    const counter = $(`#${table.id}-counter`);
    if (counter) counter.textContent = count ? `(${count}/${counter.dataset.total})` : `(${counter.dataset.total})`;
    chosen[boxes[0].getAttribute("form")] = count;
  }
  for (const button of $$("[data-needs]")) {
    const count = chosen[button.getAttribute("form")] || 0;
    button.disabled = button.dataset.needs === "one" ? count !== 1 : count === 0;
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-expand][aria-expanded=true]");
  if (!opener) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // or htmx would fetch the row a second time
  const row = opener.closest("tr").nextElementSibling;
  if (row?.matches(".detail-row")) row.remove();
  opener.setAttribute("aria-expanded", "false");
}, true);

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-nav-search]")) return;
  const words = event.target.value.trim().toLowerCase();
  for (const item of $$(".side-nav li")) item.hidden = !item.textContent.toLowerCase().includes(words);
});

// -- the dialog
function openModal(opener) {
  const modal = $("#modal");
  modal.opener = opener;
  if (!modal.open) modal.showModal();
  ($("[autofocus], input:not([type=hidden]), select, textarea", modal) || $(".modal-footer a", modal))?.focus();
}
document.addEventListener("click", (event) => {
  const modal = event.target.closest("[data-close-modal]")?.closest("dialog");
  if (modal) { event.preventDefault(); modal.close(); }
});
document.addEventListener("close", (event) => {
  if (event.target.id !== "modal") return;
  event.target.replaceChildren();
  const opener = event.target.opener;
  (opener?.isConnected ? opener : $("main h1, main [tabindex='-1']"))?.focus();
}, true);
document.addEventListener("modal-close", () => $("#modal").close());

// -- htmx
document.addEventListener("htmx:beforeRequest", (event) => {
  document.body.classList.add("is-busy");
  event.detail.target?.setAttribute?.("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  document.body.classList.remove("is-busy");
  event.detail.target?.removeAttribute?.("aria-busy");
  if (event.detail.successful && event.detail.elt.matches?.("[data-expand]")) event.detail.elt.setAttribute("aria-expanded", "true");
});
document.addEventListener("htmx:afterSettle", (event) => {
  const { target, requestConfig } = event.detail;
  if (target?.id === "modal" && target.firstElementChild) openModal(requestConfig?.elt);
  if (target?.id === "help" || target?.id === "split") target.opener = requestConfig?.elt;
  setUp();
});
document.addEventListener("htmx:responseError", (event) => {
  const id = event.detail.xhr.getResponseHeader("X-Request-Id");
  errorFlash(`The request failed with status ${event.detail.xhr.status}.${id ? ` Request ID: ${id}` : ""}`);
});
document.addEventListener("htmx:sendError", () => errorFlash("The console cannot be reached. Check your connection and try again."));

function errorFlash(text) {
  const flash = document.createElement("div");
  flash.className = "flash flash-error";
  flash.setAttribute("role", "alert");
  flash.innerHTML = '<div class="flash-body"><p></p></div><button type="button" class="button button-flash" data-dismiss>Dismiss</button>';
  $("p", flash).textContent = text;
  $("#modal[open]")?.close();
  $("#flash")?.append(flash);
}

// -- the code editor: the textarea stays the truth, Ace is drawn over it
const editors = new WeakMap();
let aceLoading;

function loadAce(base) {
  aceLoading ??= new Promise((resolve) => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    const theme = dark ? "cloud_editor_dark" : "cloud_editor";
    for (const sheet of ["css/ace.css", `css/theme/${theme}.css`]) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: base + sheet }));
    }
    const script = Object.assign(document.createElement("script"), { src: `${base}ace.js` });
    script.onload = () => {
      const options = { basePath: base, useStrictCSP: true, loadWorkerFromBlob: false };
      for (const [name, value] of Object.entries(options)) window.ace.config.set(name, value);
      resolve(`ace/theme/${theme}`);
    };
    document.head.append(script);
  });
  return aceLoading;
}

async function startEditor(box) {
  const textarea = $("textarea", box);
  editors.set(box, null);
  const theme = await loadAce(box.dataset.ace);
  const surface = document.createElement("div");
  textarea.before(surface);
  const editor = window.ace.edit(surface, {
    value: textarea.value, mode: "ace/mode/json", theme, tabSize: 4, showPrintMargin: false, minLines: 12,
    maxLines: Math.max(12, textarea.rows), readOnly: textarea.readOnly || textarea.disabled,
    behavioursEnabled: false, // what is typed is what is written: no brackets closed behind one's back
    textInputAriaLabel: `${box.dataset.label}. Press Escape to leave the editor.`,
    useWorker: false, // the server's findings mark the lines; Ace's own worker would wipe them away
  });
  box.classList.add("is-live");
  editors.set(box, editor);
  editor.commands.addCommand({ name: "leave", bindKey: "Esc", exec: () => leaveEditor(box, editor) });
  editor.session.on("change", () => {
    textarea.value = editor.getValue();
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
  editor.selection.on("changeCursor", () => {
    const { row, column } = editor.getCursorPosition();
    $("[data-editor-position]", box).textContent = `Ln ${row + 1}, Col ${column + 1}`;
  });
  showFindings();
}

function leaveEditor(box, editor) {
  const status = $(".editor-status", box);
  editor.blur();
  status.tabIndex = -1;
  status.focus();
}

// Findings are links: <a href="#id_document" data-line="9" data-column="17" data-severity="error">
function goToLine(link, event) {
  const box = $(link.getAttribute("href"))?.closest(".editor");
  const editor = box && editors.get(box);
  if (!editor) return;
  event.preventDefault();
  editor.gotoLine(Number(link.dataset.line), Number(link.dataset.column || 1) - 1);
  editor.focus();
}

function showFindings() {
  for (const box of $$(".editor.is-live")) {
    const links = $$(`a[data-line][href="#${$("textarea[id]", box).id}"]`);
    const count = (severity) => links.filter((link) => link.dataset.severity === severity).length;
    const counts = [["error", "Errors"], ["warning", "Warnings"]].filter(([severity]) => count(severity));
    $("[data-editor-counts]", box).replaceChildren(...counts.map(([severity, word]) =>
      Object.assign(document.createElement("span"), { className: `editor-count editor-count-${severity}`, textContent: `${word}: ${count(severity)}` })));
    const notes = links.map((link) => ({ row: link.dataset.line - 1, column: 0, text: link.dataset.note ?? link.textContent, type: link.dataset.severity }));
    if (links.length || box.marked) editors.get(box)?.session.setAnnotations(notes);
    box.marked = links.length > 0;
  }
}

function checkConfirmation() {
  const form = $("form.confirm:has(input[pattern])");
  if (form) $("button[type=submit]", form).disabled = !form.checkValidity();
}
document.addEventListener("input", checkConfirmation);

function setUp() {
  refreshSelection();
  checkConfirmation();
  if (window.matchMedia("(min-width: 688px)").matches) {
    for (const box of $$("[data-editor=json]")) if (!editors.has(box)) startEditor(box);
  }
  showFindings();
}

setUp();
$("main [aria-invalid=true]")?.focus();
