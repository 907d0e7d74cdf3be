/** The page of the SPARQL endpoint: the editor in place of the plain form. */

import { Queries } from "./sparql/editor";
import { setUpExamples } from "./sparql/examples";
import { get, readSurroundings } from "./sparql/surroundings";

const editor = get("sparql-editor");
editor.hidden = false; // what is not shown has no size
const queries = new Queries(editor, readSurroundings());
setUpExamples(get("sparql-examples"), (name, query) => {
  queries.open(name, query);
  editor.scrollIntoView({ block: "nearest" });
});
get("sparql-form").hidden = true;
