/** A button beside each command that copies it. */

const SHOWN_FOR = 2000;

export function copyButtons(): void {
  for (const command of document.querySelectorAll<HTMLElement>(".command")) {
    const text = command.querySelector("pre")?.textContent ?? "";
    let actions = command.querySelector(".actions");
    if (!actions) {
      actions = document.createElement("p");
      actions.className = "actions";
      command.append(actions);
    }
    actions.prepend(buttonFor(text, command));
  }
}

function buttonFor(text: string, command: HTMLElement): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = "Copy";
  made.addEventListener("click", () => {
    copied(text, command)
      .then((said) => {
        made.textContent = said;
        setTimeout(() => (made.textContent = "Copy"), SHOWN_FOR);
      })
      .catch(() => undefined);
  });
  return made;
}

/** The clipboard is there on secure pages only; elsewhere the text is chosen, to be copied by hand. */
async function copied(text: string, command: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    const shown = command.querySelector("pre");
    if (shown) getSelection()?.selectAllChildren(shown);
    return "Selected";
  }
}
