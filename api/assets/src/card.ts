/** Cards: tables sorted without a reload, and folded parts opened where an address points in. */

import { openTarget } from "./card/folds";
import { sortTables } from "./card/tables";

sortTables(document);
openTarget();
window.addEventListener("hashchange", openTarget);
document.addEventListener("htmx:afterSwap", () => sortTables(document));
