/** The answer as it came. */

import { element } from "./elements";
import type { View, Viewer } from "./yasgui";

const MOST = 200_000;

/** Return the view of the text of an answer. */
export function rawView(): new (viewer: Viewer) => View {
  return class implements View {
    readonly priority = 0;
    readonly label = "Response";

    constructor(private readonly viewer: Viewer) {}

    canHandleResults(): boolean {
      return this.viewer.results !== undefined && !this.viewer.results.hasError();
    }

    draw(): void {
      const text = String(this.viewer.results?.getOriginalResponseAsString() ?? "");
      const cut = text.length - MOST;
      const note = cut > 0 ? `The first ${MOST.toLocaleString("en")} of ${text.length.toLocaleString("en")} characters.` : "";
      this.viewer.resultsEl.append(
        element("p", { class: "quiet" }, `${this.viewer.results?.getContentType() ?? ""} ${note}`),
        element("pre", { class: "raw", tabindex: 0, role: "region", "aria-label": "Response" }, text.slice(0, MOST)),
      );
    }

    getIcon(): undefined {
      return undefined;
    }
  };
}
