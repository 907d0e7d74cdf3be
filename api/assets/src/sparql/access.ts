/** Names and roles that YASGUI leaves out, for keyboards and screen readers. */

import { element } from "./elements";
import type { Tabs } from "./yasgui";

/** Mend what YASGUI draws, now and whenever it draws again. */
export function makeAccessible(tabs: Tabs): void {
  const root = tabs.rootEl;
  root.querySelector(".tabsList")?.setAttribute("aria-label", "Queries");
  let isDue = false;
  const mend = (): void => {
    isDue = false;
    mendTabs(root);
    mendResults(root);
  };
  mend();
  new MutationObserver(() => {
    if (!isDue) requestAnimationFrame(mend);
    isDue = true;
  }).observe(root, { childList: true, subtree: true, attributeFilter: ["class"] });
  // Its tooltip has styles within it, which a page of ours may not have.
  root.addEventListener("mouseover", (event) => explain(event), { capture: true });
}

function mendTabs(root: HTMLElement): void {
  for (const name of root.querySelectorAll(".tab input:not([aria-label])")) name.setAttribute("aria-label", "Name of the query");
  for (const tab of root.querySelectorAll<HTMLElement>(".tabsList [role=tab]")) {
    // A panel that was never opened is not there yet.
    const panel = tab.getAttribute("aria-controls") ?? tab.dataset["panel"] ?? "";
    tab.dataset["panel"] = panel;
    if (document.getElementById(panel)) tab.setAttribute("aria-controls", panel);
    else tab.removeAttribute("aria-controls");
  }
  for (const scroll of root.querySelectorAll(".CodeMirror-scroll[tabindex='-1']")) scroll.setAttribute("tabindex", "0");
  for (const input of root.querySelectorAll(".yasqe_sharePopup input:not([aria-label])")) input.setAttribute("aria-label", "Address of this query");
  for (const list of root.querySelectorAll(".CodeMirror-hints:not([aria-label])")) list.setAttribute("aria-label", "Completions");
}

function mendResults(root: HTMLElement): void {
  for (const chip of root.querySelectorAll(".yasr_response_chip:not([role])")) chip.setAttribute("role", "status");
  for (const link of root.querySelectorAll(".yasr_external_ref_btn, .yasr_downloadIcon, #yasr_plugin_control")) link.remove();
  for (const choice of root.querySelectorAll<HTMLElement>(".yasr_btnGroup .yasr_btn")) {
    choice.removeAttribute("aria-label");
    choice.removeAttribute("title");
    setOnce(choice, "aria-pressed", String(choice.classList.contains("selected")));
    (choice as HTMLButtonElement).disabled = choice.classList.contains("disabled");
  }
}

function setOnce(found: Element, name: string, value: string): void {
  if (found.getAttribute(name) !== value) found.setAttribute(name, value);
}

function explain(event: Event): void {
  const icon = (event.target as Element).closest?.<HTMLElement>(".parseErrorIcon");
  if (!icon) return;
  event.stopImmediatePropagation();
  icon.onmouseover = icon.onmouseout = null;
  if (!icon.querySelector(".visually-hidden")) icon.append(element("span", { class: "visually-hidden" }, "Syntax error in this line"));
  icon.title = "The syntax is wrong in this line; run the query to learn where and why.";
}
