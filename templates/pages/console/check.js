// Checks what is being typed: a moment after the last key the server is asked what the button would ask it, and its
// findings take the place of those on the page. Nothing else moves by itself; without this file the button does it.
"use strict";
(() => {
  const AFTER_MS = 600;
  const LATER = "刚才没有查成。写的都还在，接着写会再查，也可以按“检查”。";
  const LEFT = "登录过期了，或者这一页放得太久。先把写的复制下来，刷新这一页，再贴回来。";
  const form = document.querySelector("form[data-check]");
  const text = form && form.querySelector("textarea");
  const findings = document.getElementById("findings");
  if (!text || !findings || !window.fetch || !window.AbortController) return;
  let waits = 0, under = null;

  const say = (words) => {
    const line = document.createElement("p");
    line.textContent = words;
    findings.replaceChildren(line);
  };

  // The lines of the text have no numbers: whoever reads of one gets there by a button.
  const leads = () => {
    for (const finding of findings.querySelectorAll("[data-line]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `到第 ${finding.dataset.line} 行`;
      button.addEventListener("click", () => show(Number(finding.dataset.line)));
      finding.append(" ", button);
    }
  };

  const show = (line) => {
    const lines = text.value.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.setSelectionRange(from, from);
    text.blur(); // the caret is scrolled into view when the focus comes
    text.focus();
    text.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
  };

  const check = async () => {
    const mine = (under = new AbortController());
    const fields = new FormData(form);
    fields.set("form", form.dataset.token);
    findings.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: fields, signal: mine.signal });
      const words = answer.ok ? await answer.text() : "";
      if (mine !== under) return;
      const page = new DOMParser().parseFromString(words, "text/html");
      const found = page.getElementById("findings");
      if (found) {
        findings.replaceChildren(...found.childNodes);
        leads();
      } else say(answer.status === 403 ? LEFT : LATER);
    } catch (error) {
      if (mine === under && error.name !== "AbortError") say(LATER);
    } finally {
      if (mine === under) findings.removeAttribute("aria-busy");
    }
  };

  leads();
  const asked = /^#L(\d{1,6})$/.exec(location.hash); // who comes from another page comes to a line
  if (asked) show(Number(asked[1]));
  text.addEventListener("input", () => {
    clearTimeout(waits);
    if (under) under.abort();
    waits = setTimeout(check, AFTER_MS);
  });
})();
