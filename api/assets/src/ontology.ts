/** The ontology: terms found in its contents while a word is typed. */

const contents = document.querySelector<HTMLElement>("#contents");
const box = contents?.querySelector<HTMLInputElement>("#term-word");
const said = contents?.querySelector<HTMLElement>("[role=status]");

if (contents && box && said) {
  box.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
  const terms = [...contents.querySelectorAll<HTMLElement>("ul ul li")];
  const names = terms.map((term) => `${term.textContent} ${term.querySelector("a")?.hash}`.toLowerCase());
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    terms.forEach((term, at) => {
      term.hidden = !words.every((word) => names[at]?.includes(word));
    });
    const count = terms.filter((term) => !term.hidden).length;
    said.textContent = words.length ? `${count} of ${terms.length} terms` : "";
  });
}
