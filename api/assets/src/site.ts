/** What every page has: suggestions while typing in the search, and pages that change in place. */

import "@github/auto-complete-element";
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.scrollIntoViewOnBoost = false;
