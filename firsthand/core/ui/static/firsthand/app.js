// All the script Firsthand has of its own. Every page works without it.
const root = document.documentElement;
const palette = document.getElementById("palette");
const field = palette?.querySelector("input[type=search]");

// Theme: kept in the browser and in a cookie, so the server writes it into the page and nothing flashes.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const isDark = root.dataset.bsTheme
    ? root.dataset.bsTheme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  keepTheme(isDark ? "light" : "dark");
});

function keepTheme(theme) {
  root.dataset.bsTheme = theme;
  localStorage.setItem("theme", theme);
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
}
const kept = localStorage.getItem("theme");
if (!root.dataset.bsTheme && (kept === "light" || kept === "dark")) keepTheme(kept);

// Palette: the field asks the server, arrows choose among what it answered, Enter opens.
function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  field.select();
}
const found = () => [...palette.querySelectorAll("[role=option]")];

function choose(option) {
  for (const other of found()) other.setAttribute("aria-selected", String(other === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

field?.addEventListener("keydown", (event) => {
  const options = found();
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(options.at((at + step + options.length) % options.length));
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    options[at].click();
  }
});
palette?.addEventListener("htmx:afterSwap", () => choose(found()[0]));
palette?.addEventListener("click", (event) => {
  if (event.target === palette) palette.close();
});

// Ctrl Enter or ⌘ Enter in a text sends its form, as its main button does.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || !event.target.matches?.("textarea")) return;
  const button = event.target.form?.querySelector(".btn-primary[type=submit]");
  if (button) event.target.form.requestSubmit(button);
});

// Keys: single letters only while no field has the focus and the person has not switched them off (WCAG 2.1.4).
let pending = "";
addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  const isTyping = event.target.matches?.("input, textarea, select, [contenteditable]");
  if (isTyping || event.metaKey || event.ctrlKey || event.altKey || root.dataset.keys === "off") return;
  if (document.querySelector("dialog[open]")) return;
  const before = pending;
  pending = event.key;
  if (event.key === "/") {
    event.preventDefault();
    openPalette();
  } else if (before === "g") document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
  else if (event.key === "n" && document.body.dataset.new) location.href = document.body.dataset.new;
  else if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
  else if (event.key === "x") document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]")?.click();
});

// A list asks for what is chosen and for nothing else, so that its address can be read.
addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches?.("form[role=search]")) return;
  const asked = event.detail.formData;
  for (const name of [...asked.keys()]) if (!asked.getAll(name).some(Boolean)) asked.delete(name);
});

// Tick all rows of a list, or none when all are ticked.
for (const button of document.querySelectorAll("[data-tick]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${button.dataset.tick}"]`)];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}

// J and K walk the links that open the rows; Enter is the link's own.
function moveRow(step) {
  const links = [...document.querySelectorAll("main tbody tr, main [data-row]")]
    .map((row) => row.querySelector("th a, a"))
    .filter((link) => link?.checkVisibility());
  const at = links.findIndex((link) => link.closest("tr, [data-row]").contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[next]?.focus();
}

// Toasts leave after six seconds, not while someone looks at them; errors stay.
const SHOWN = 6000;
function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "";
  toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
  if (toast.hasAttribute("data-stays")) return;
  let timer = 0;
  const start = () => {
    timer = setTimeout(() => toast.remove(), SHOWN);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
  start();
}
const watchAll = () => document.querySelectorAll(".fh-toasts .toast").forEach(watch);
watchAll();
document.addEventListener("htmx:load", watchAll);

// A form is sent once: its buttons rest until the page changes, or htmx has answered.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => rest(event.target.closest("form")));
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(rest));
function rest(form) {
  if (!form) return;
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

// A server that cannot be reached is said, not swallowed.
document.addEventListener("htmx:sendError", () => tell("The server cannot be reached. Nothing was changed."));
document.addEventListener("htmx:responseError", (event) => {
  const sentence = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("h1");
  tell(sentence?.textContent.trim() || "That did not work. Nothing was changed.");
});
function tell(text) {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const toast = document.createElement("div");
  toast.className = "toast show";
  toast.setAttribute("role", "alert");
  toast.append(Object.assign(document.createElement("p"), { textContent: text }));
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  close.dataset.close = "";
  toast.append(close);
  toast.dataset.stays = "";
  toasts.append(toast);
  watch(toast);
}

// Copy: the address or the text stands in a field beside the button, so it can be selected by hand as well.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input, textarea");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // where the page came over plain HTTP
  }
  const word = button.querySelector("span");
  const before = (word.dataset.word ??= word.textContent);
  word.textContent = "Copied";
  setTimeout(() => {
    word.textContent = before;
  }, SHOWN);
});

// The first thing to fix is where the reader stands.
document.querySelector(".fh-errors")?.focus();

// Browsers without invoker commands.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  addEventListener("click", (event) => {
    const button = event.target.closest("[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (target) target[{ "show-modal": "showModal", close: "close" }[button.getAttribute("command")]]?.();
  });
}
