// What a page does with JavaScript beside htmx: entering by the address, copying, keys, and live news.
// Every page says the same and can do the same without it.
"use strict";
(() => {
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- entering: the token stands behind #, which no server and no log ever sees ---
  const entering = document.getElementById("enter");
  if (entering && location.hash.length > 1) {
    entering.elements.token.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    if (!document.querySelector("[role=alert]")) entering.submit();
  }

  // --- copying the line to paste ---
  const showCopy = (within) => $$(".copy", within).forEach((button) => { button.hidden = !navigator.clipboard; });
  showCopy(document);
  document.addEventListener("htmx:afterSettle", (event) => showCopy(event.target.parentNode || document));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    say("Copied.");
  });

  // --- one polite voice, at most every five seconds ---
  const news = document.getElementById("news");
  let spoken = 0;
  const say = (text) => {
    if (Date.now() - spoken < 5000 && text !== "Copied.") return;
    spoken = Date.now();
    news.textContent = text;
  };

  // --- keys: j k move between rows, / finds, g and a letter goes, ? tells; they can be switched off ---
  const OFF = "fairway-keys-off";
  const kept = (() => { try { return localStorage; } catch { return null; } })();
  const pages = Object.fromEntries($$("nav a").map((link) => [link.textContent.trim()[0].toLowerCase(), link.href]));
  let going = false;
  const rows = () => $$("tbody tr").map((row) => row.querySelector("a")).filter(Boolean);
  const move = (step) => {
    const links = rows();
    if (!links.length) return;
    const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    links[Math.max(0, Math.min(links.length - 1, here < 0 ? 0 : here + step))].focus();
  };
  const help = () => {
    const box = document.createElement("dialog");
    box.setAttribute("aria-label", "Keys");
    const letters = Object.keys(pages).join(" ");
    box.innerHTML = "<h2>Keys</h2><dl><dt>j k</dt><dd>next and previous row</dd><dt>/</dt><dd>find a task</dd>" +
      "<dt>g …</dt><dd></dd><dt>?</dt><dd>this</dd></dl>" +
      "<p><label><input type='checkbox'> Keys are on</label></p><form method='dialog'><button>Close</button></form>";
    box.querySelectorAll("dd")[2].textContent = `go to a page by its first letter: ${letters}`;
    const box_on = box.querySelector("input");
    box_on.checked = !(kept && kept.getItem(OFF));
    box_on.addEventListener("change", () => { if (kept) kept[box_on.checked ? "removeItem" : "setItem"](OFF, "1"); });
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    if (kept && kept.getItem(OFF) && event.key !== "?") return;
    if (going) {
      going = false;
      if (pages[event.key]) location.href = pages[event.key];
      return;
    }
    const does = { j: () => move(1), k: () => move(-1), "?": help, g: () => { going = true; },
      "/": () => document.getElementById("find")?.focus() }[event.key];
    if (does) { event.preventDefault(); does(); }
  });

  // --- live: one connection a browser; the tab that holds the lock tells the others ---
  if (!document.querySelector("nav") || !window.EventSource || !window.BroadcastChannel || !navigator.locks) return;
  const channel = new BroadcastChannel("fairway-live");
  let cursor = Number(document.body.dataset.cursor);
  let due = 0;
  const refresh = () => {
    due = 0;
    $$("[data-live]").forEach((panel) => {
      if (!panel.contains(document.activeElement) && window.htmx) window.htmx.trigger(panel, "news");
    });
  };
  const heard = (event) => {
    if (event.id <= cursor) return;
    cursor = event.id;
    say(`${event.kind.replaceAll("_", " ")}${event.task_id ? ` ${event.task_id}` : ""}, by ${event.actor}`);
    due = due || setTimeout(refresh, 150);
  };
  channel.onmessage = (message) => heard(message.data);
  navigator.locks.request("fairway-live", () => new Promise(() => {
    const source = new EventSource(`/live?after=${cursor}`);
    source.addEventListener("change", (message) => {
      const event = JSON.parse(message.data);
      channel.postMessage(event);
      heard(event);
    });
  }));
})();
