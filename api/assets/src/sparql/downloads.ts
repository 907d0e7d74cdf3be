/** The same answer as a file, in each format that the server has for it. */

import { element } from "./elements";
import { read } from "./answers";
import type { Format, Surroundings } from "./surroundings";
import type { View, Viewer } from "./yasgui";

const LONGEST = 6000;

type FindQuery = (viewer: Viewer) => string | undefined;

/** Return the view that lists the formats. */
export function downloadView(around: Surroundings, findQuery: FindQuery): new (viewer: Viewer) => View {
  return class implements View {
    readonly priority = 1;
    readonly label = "Download";

    constructor(private readonly viewer: Viewer) {}

    canHandleResults(): boolean {
      return read(this.viewer.results) !== null;
    }

    draw(): void {
      const query = findQuery(this.viewer);
      if (query === undefined) return;
      const isGraph = read(this.viewer.results)?.kind === "triples";
      const formats = isGraph ? around.triples : around.rows;
      const items = formats.map((format) => element("li", {}, wayTo(format, query, around.endpoint)));
      this.viewer.resultsEl.append(
        element("p", {}, "The query is asked anew, and answered as a file:"),
        element("ul", { class: "downloads" }, ...items),
      );
    }

    getIcon(): undefined {
      return undefined;
    }
  };
}

function wayTo(format: Format, query: string, endpoint: string): HTMLElement {
  const name = `results.${format.extension}`;
  const label = [element("strong", {}, format.title), ` (.${format.extension})`];
  if (query.length <= LONGEST) {
    const given = new URLSearchParams({ query, format: format.extension });
    return element("a", { href: `${endpoint}?${given}`, download: name }, ...label);
  }
  return element(
    "form",
    { action: endpoint, method: "post", target: "_blank" },
    element("textarea", { name: "query", hidden: true }, query),
    element("input", { type: "hidden", name: "format", value: format.extension }),
    element("button", {}, ...label),
  );
}
