/** The example queries beside the editor: found by a word, and opened by a click. */

/** Let the links to examples open in the editor, and the search box choose among them. */
export function setUpExamples(panel: HTMLElement, open: (question: string, query: string) => void): void {
  const groups = [...panel.querySelectorAll<HTMLDetailsElement>("details")];
  panel.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a.example");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const query = new URL(link.href).searchParams.get("query");
    if (query === null) return;
    event.preventDefault();
    open(link.textContent?.trim() ?? "", query);
  });
  const box = panel.querySelector<HTMLInputElement>("input[type=search]");
  const said = panel.querySelector<HTMLElement>("[role=status]");
  if (!box) return;
  box.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
  const opened = groups.map((group) => group.open);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const count = groups.reduce((sum, group) => sum + choose(group, words), 0);
    groups.forEach((group, at) => (group.open = words.length > 0 || (opened[at] ?? false)));
    if (said) said.textContent = words.length ? `${count} found` : "";
  });
}

function choose(group: HTMLDetailsElement, words: readonly string[]): number {
  const items = [...group.querySelectorAll<HTMLElement>("li")];
  const title = group.querySelector("summary")?.textContent?.toLowerCase() ?? "";
  for (const item of items) {
    const link = item.querySelector<HTMLAnchorElement>("a.example");
    const query = link ? new URL(link.href).searchParams.get("query") : "";
    const text = `${title} ${item.textContent} ${link?.dataset["keywords"]} ${query}`.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
  const count = items.filter((item) => !item.hidden).length;
  group.hidden = count === 0;
  return count;
}
