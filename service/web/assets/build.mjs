// Bundles each browser library of the pages into one minified file of static/vendor.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

const target = new URL("../static/vendor/", import.meta.url).pathname;
await rm(target, { recursive: true, force: true });
await build({
  entryPoints: { htmx: "./htmx.mjs", tus: "./tus.mjs" },
  absWorkingDir: new URL(".", import.meta.url).pathname,
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "inline",
});
