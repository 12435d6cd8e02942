import { watch } from "node:fs";
import { join } from "node:path";

import { REPOSITORY_ROOT } from "../repository-root.ts";

/** Editors write a file in several steps; one restart is enough. */
const SETTLE_MS = 300;
const RELEVANT = /\.(ts|tsx|json)$/;
const IRRELEVANT = /\.test\.tsx?$|(^|[\\/])(generated|node_modules|\.next)[\\/]/;

/** Call back once for each burst of changes under some folders of the clone, until closed. */
export function watchSources(folders: readonly string[], onChange: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    watch(join(REPOSITORY_ROOT, folder), { recursive: true }, (_event, name) => {
      if (name === null || !RELEVANT.test(name) || IRRELEVANT.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    }),
  );
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
