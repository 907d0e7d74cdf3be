/** The explorer: views change in place, the focus is kept, and what belongs together lights up. */

import htmx from "htmx.org";

const REGION = "explorer";

function region(): HTMLElement | null {
  return document.getElementById(REGION);
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

/** The address of a link to another view of the explorer, of HTML or of SVG. */
function viewOf(target: EventTarget | null): { link: Element; address: URL } | null {
  const link = target instanceof Element ? target.closest("a[href]") : null;
  const home = region()?.querySelector("form.ask")?.getAttribute("action");
  if (!link || !home || !region()?.contains(link)) return null;
  const address = new URL(link.getAttribute("href") ?? "", location.href);
  const isView = address.origin === location.origin && address.pathname === home;
  const isHere = address.search === location.search && address.hash !== "";
  return isView && !isHere ? { link, address } : null;
}

/** Shows a view in place; its place in the page takes the focus, else the link that led to it. */
async function show(address: URL, focused: string): Promise<void> {
  const path = address.pathname + address.search;
  const headers = { Accept: "text/html" };
  const swap = { target: `#${REGION}`, select: `#${REGION}`, swap: "outerHTML", push: path, headers };
  await htmx.ajax("get", path, swap as Parameters<typeof htmx.ajax>[2]);
  const place = address.hash ? document.getElementById(address.hash.slice(1)) : null;
  place?.scrollIntoView({ block: "start" });
  const wanted = place?.querySelector<HTMLElement>("h2[tabindex]") ?? document.getElementById(focused);
  (wanted ?? document.getElementById("shown"))?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const view = isPlain(event) && !event.defaultPrevented ? viewOf(event.target) : null;
  if (!view) return;
  event.preventDefault();
  void show(view.address, view.link.id);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches(`#${REGION} form.ask`)) return;
  event.preventDefault();
  const address = new URL(form.action);
  const given = [...new FormData(form)].filter((pair): pair is [string, string] => pair[1] !== "");
  address.search = new URLSearchParams(given).toString();
  const active = document.activeElement;
  void show(address, active?.id ?? "");
});

/** What a page says that refuses a view is shown too: it names what may have been meant. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; target: Element; shouldSwap: boolean; isError: boolean }>).detail;
  const isPage = detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html") ?? false;
  if (detail.target.id === REGION && isPage && [400, 404, 409].includes(detail.xhr.status)) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

/** Lights up an edge with its ends, or a thing with its edges and what they lead to. */
function light(link: Element | null): void {
  const picture = document.querySelector("svg.explore[role=group]");
  picture?.classList.toggle("lit", link !== null);
  for (const each of picture?.querySelectorAll(".near") ?? []) each.classList.remove("near");
  if (!picture || !link) return;
  const near = new Set([link.id]);
  for (const edge of picture.querySelectorAll<SVGAElement>("a.edge")) {
    const ends = [edge.dataset["from"] ?? "", edge.dataset["to"] ?? ""];
    if (edge === link || ends.includes(link.id)) [edge.id, ...ends].forEach((id) => near.add(id));
  }
  for (const id of near) document.getElementById(id)?.classList.add("near");
}

function linkIn(event: Event): Element | null {
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest("svg.explore a") ?? null;
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") light(linkIn(event));
});
document.addEventListener("focusin", (event) => light(linkIn(event)));
document.addEventListener("focusout", () => light(null));
