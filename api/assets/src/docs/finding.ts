/** Operations that have all the words, and their entries in the contents; the others are hidden. */

export function findWhileTyping(): void {
  const box = document.querySelector<HTMLInputElement>("#docs-word");
  const said = document.querySelector<HTMLElement>("#docs-found");
  const contents = document.querySelector<HTMLElement>(".contents");
  if (!box || !said || !contents || box.value) return; // the server has chosen already
  const operations = [...document.querySelectorAll<HTMLElement>(".operation")];
  const texts = operations.map((each) => (each.textContent ?? "").toLowerCase());
  const groups = [...contents.querySelectorAll("details")];
  const opened = groups.map((group) => group.open);
  box.form?.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Set<string>();
    operations.forEach((operation, at) => {
      operation.hidden = !words.every((word) => texts[at]?.includes(word));
      if (!operation.hidden) found.add(operation.id);
    });
    for (const group of document.querySelectorAll<HTMLElement>(".group")) hideEmpty(group, ".operation");
    for (const item of contents.querySelectorAll<HTMLElement>("li")) {
      item.hidden = !found.has(item.querySelector("a")?.hash.slice(1) ?? "");
    }
    groups.forEach((group, at) => {
      hideEmpty(group, "li");
      group.open = words.length > 0 || (opened[at] ?? false);
    });
    said.textContent = words.length ? `${found.size} of ${operations.length} operations` : "";
  });
}

function hideEmpty(group: HTMLElement, selector: string): void {
  const held = [...group.querySelectorAll<HTMLElement>(selector)];
  group.hidden = held.length > 0 && held.every((each) => each.hidden);
}
