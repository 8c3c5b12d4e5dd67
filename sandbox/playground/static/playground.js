"use strict";
// Keeps the page alive: asks for it once a second and swaps only the regions that changed.
const regions = () => document.querySelectorAll("[data-live]");
const seen = new Map();
regions().forEach((region) => seen.set(region.id, region.innerHTML));
const follow = (region) => { if ("follow" in region.dataset) region.scrollTop = region.scrollHeight; };
regions().forEach(follow);
let busy = false;

function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  regions().forEach((region) => {
    const fresh = next.getElementById(region.id);
    const held = document.activeElement;
    const typing = region.contains(held) && ((held.tagName === "INPUT" && held.value) || held.tagName === "SELECT");
    if (!fresh || typing || seen.get(region.id) === fresh.innerHTML) return;
    const focusId = region.contains(held) ? held.id : "";
    const top = region.scrollTop;
    region.innerHTML = fresh.innerHTML;
    seen.set(region.id, fresh.innerHTML);
    region.scrollTop = top;
    follow(region);
    if (focusId) document.getElementById(focusId)?.focus();
  });
}

async function load(url, options) {
  if (busy && !options) return;
  busy = true;
  try {
    const answer = await fetch(url, options);
    if (!answer.ok) return;
    if (answer.url !== location.href) history.replaceState(null, "", answer.url);
    show(await answer.text());
  } catch {
    // The sandbox is stopped or restarting: the next second tries again.
  } finally {
    busy = false;
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form));
  form.querySelectorAll("input[name=text]").forEach((input) => { input.value = ""; });
  load(form.action, { method: "POST", body });
  // On a narrow screen the phones are below the codes: go and see what the scan does.
  if (["customer_adds", "kf.customer_enters"].includes(body.get("do")) && innerWidth <= 860) document.getElementById("phones").scrollIntoView();
});
document.addEventListener("change", (event) => {
  if (event.target.tagName !== "SELECT") return;
  const query = new URLSearchParams(new FormData(event.target.form));
  event.target.blur();
  load(`/?${query}`, {});
});
setInterval(() => { if (!document.hidden) load(location.href); }, 1000);
