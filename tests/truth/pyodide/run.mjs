// Runs driver.py of the startup truth tests under one Pyodide:
//   node run.mjs PYODIDE.MJS CASES DRIVER_FOLDER OUT
// The folders are mounted at their own places, so that paths mean the same inside and outside.
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

const [module, cases, driver, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(module).href);
const pyodide = await loadPyodide({ indexURL: dirname(module) + "/" });
for (const folder of [cases, driver]) {
  pyodide.mountNodeFS(folder, folder);
}
pyodide.globals.set("arguments_", pyodide.toPy([driver, cases + "/list.json", out]));
pyodide.runPython(`
import sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, arguments_[0])
import driver
driver.run(arguments_[1], arguments_[2], is_forking=False)
`);
console.log(pyodide.runPython("'%d.%d.%d' % sys.version_info[:3]"));
