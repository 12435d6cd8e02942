import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { REPOSITORY_ROOT } from "./support/repository-root.ts";

type Environment = {
  /** Path of the Chromium to drive; Playwright's own when it is not set. */
  readonly LOUPE_CHROMIUM: string | undefined;
  /** The folder of real data, or null where there is none. */
  readonly sharedData: string | null;
  /** True when the README's screenshot is to be taken anew. */
  readonly isScreenshotWanted: boolean;
  readonly CI: boolean;
};

const INSTALLED_CHROMIUM = "/usr/bin/chromium";

/** What the end-to-end tests read of their environment. */
export function environment(): Environment {
  const { LOUPE_CHROMIUM, LOUPE_SHARED_DATA, LOUPE_UPDATE_SCREENSHOT, CI } = process.env;
  const sharedData = resolve(REPOSITORY_ROOT, LOUPE_SHARED_DATA ?? "../shared/data");
  return {
    LOUPE_CHROMIUM:
      LOUPE_CHROMIUM ?? (existsSync(INSTALLED_CHROMIUM) ? INSTALLED_CHROMIUM : undefined),
    sharedData: existsSync(sharedData) ? sharedData : null,
    isScreenshotWanted: LOUPE_UPDATE_SCREENSHOT === "1",
    CI: CI !== undefined && CI !== "" && CI !== "false",
  };
}

/** Our environment with some variables added, for the product under test. */
export function inheritedEnvironment(added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...added };
}
