// Passkeys: asks the browser for one and puts its answer into the form, which then is sent like any other.
// What can go wrong stands in the page already, hidden; see templates/accounts/_passkey.html.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const PROBLEMS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "elsewhere", NotSupportedError: "unsupported" };

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const box = form.querySelector("[data-passkey]");
  const answer = form.elements.answer;
  if (!box || answer.value || event.submitter?.formNoValidate) return;
  event.preventDefault();
  show(box, "");
  const button = event.submitter;
  if (button) button.disabled = true;
  try {
    answer.value = JSON.stringify(await ask(box, form));
  } catch (error) {
    return show(box, PROBLEMS[error.name] || error.message);
  } finally {
    if (button) button.disabled = false;
  }
  form.requestSubmit(button);
});
// A page that comes back from the browser's history holds an answer that was used.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form:has([data-passkey]) [name=answer]")) field.value = "";
});

async function ask(box, form) {
  if (!JSON.parse(box.dataset.origins).includes(location.origin)) throw new Error("elsewhere");
  if (!window.PublicKeyCredential) throw new Error("unsupported");
  const options = await fetchOptions(box, form);
  options.challenge = toBytes(options.challenge);
  for (const credential of options.excludeCredentials || options.allowCredentials || []) credential.id = toBytes(credential.id);
  if (box.dataset.passkey === "get") return signed(await navigator.credentials.get({ publicKey: options }));
  options.user.id = toBytes(options.user.id);
  return made(await navigator.credentials.create({ publicKey: options }));
}

async function fetchOptions(box, form) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const response = await fetch(box.dataset.options, { method: "POST", headers, redirect: "manual" }).catch(() => null);
  const told = response && await response.json().catch(() => null);
  if (response?.ok && told) return told;
  const text = box.querySelector("[data-problem=server] [data-text]");
  if (told?.problem) text.textContent = told.problem;
  throw new Error("server");
}

function made(credential) {
  const { clientDataJSON, attestationObject } = credential.response;
  const response = { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject) };
  response.transports = credential.response.getTransports?.() || [];
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

function signed(credential) {
  const { clientDataJSON, authenticatorData, signature } = credential.response;
  const response = { clientDataJSON: toText(clientDataJSON), authenticatorData: toText(authenticatorData), signature: toText(signature) };
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

function show(box, problem) {
  const known = [...box.querySelectorAll("[data-problem]")];
  const shown = known.find((each) => each.dataset.problem === problem) || (problem && known.find((each) => each.dataset.problem === "server"));
  for (const each of known) each.hidden = each !== shown;
  const here = location.pathname + location.search;
  for (const link of shown ? shown.querySelectorAll("[data-same-page]") : []) link.href = link.dataset.samePage + here;
}
