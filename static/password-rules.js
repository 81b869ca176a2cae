// Ticks the rules of a new password while it is typed. The list reads the same without; the server judges again.
"use strict";

(() => {
  const hasAny = (text, kind) => [...text].some((character) => kind.includes(character));
  const judges = {
    length: (text, [shortest, longest]) => [...text].length >= shortest && [...text].length <= longest,
    any: (text, kinds) => kinds.every((kind) => hasAny(text, kind)),
    three: (text, kinds) => kinds.filter((kind) => hasAny(text, kind)).length >= 3,
    not: (text, names) => text !== "" && !names.includes(text.toLowerCase()),
  };

  function judge(list) {
    const text = document.querySelector(list.dataset.passwordRules).value.normalize("NFKC");
    for (const item of list.querySelectorAll("[data-rule]")) {
      const met = judges[item.dataset.rule](text, JSON.parse(item.dataset.value));
      item.classList.toggle("is-met", met);
      item.classList.toggle("is-unmet", !met && text !== "");
      item.querySelector("[data-met]").textContent = text === "" ? "" : met ? "(met)" : "(not yet met)";
    }
  }

  document.addEventListener("input", (event) => {
    for (const list of document.querySelectorAll("[data-password-rules]")) {
      if (event.target.matches(list.dataset.passwordRules)) judge(list);
    }
  });
})();
