/** Tables of results: a link in a head sorts here what it would let the server sort. */

const READY = "sorts";

export function sortTables(within: ParentNode): void {
  for (const table of within.querySelectorAll<HTMLTableElement>("table[data-sortable]")) {
    if (table.dataset[READY]) continue;
    table.dataset[READY] = "yes";
    table.addEventListener("click", (event) => sortBy(table, event));
  }
}

function sortBy(table: HTMLTableElement, event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-sort]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const isDown = link.closest("th")?.getAttribute("aria-sort") === "ascending";
  const key = link.dataset["sort"] ?? "";
  order(table, key, isDown);
  history.replaceState(history.state, "", withSort(key, isDown));
  mark(table, link, isDown);
}

/** What states nothing comes last, up and down, as on the server. */
function order(table: HTMLTableElement, key: string, isDown: boolean): void {
  const bodies = [...table.tBodies];
  const rank = (body: HTMLElement): number => {
    const place = body.getAttribute(`data-${key}`);
    if (!place) return Infinity;
    return isDown ? -Number(place) : Number(place);
  };
  bodies.sort((a, b) => rank(a) - rank(b) || 0);
  table.append(...bodies);
}

function withSort(key: string, isDown: boolean): string {
  const address = new URL(location.href);
  address.searchParams.set("sort", isDown ? `-${key}` : key);
  return address.href;
}

function mark(table: HTMLTableElement, link: HTMLAnchorElement, isDown: boolean): void {
  for (const head of table.querySelectorAll<HTMLTableCellElement>("thead th")) {
    const isThis = head.contains(link);
    if (isThis) head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
    const arrow = head.querySelector(".arrow");
    if (arrow) arrow.textContent = isThis ? (isDown ? "▼" : "▲") : "";
  }
}
