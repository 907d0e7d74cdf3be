/** The HTTP interface: operations found while a word is typed, and commands that can be copied. */

import { copyButtons } from "./docs/copying";
import { findWhileTyping } from "./docs/finding";

findWhileTyping();
copyButtons();
