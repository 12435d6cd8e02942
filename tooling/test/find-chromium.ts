import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { environment } from "../env.ts";
import { runCommand } from "../process/run-command.ts";

export type Chromium =
  | { readonly kind: "installed"; readonly path: string }
  /** Playwright's own copy, which it finds by itself. */
  | { readonly kind: "playwright" }
  | { readonly kind: "missing"; readonly reason: string };

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * A Chromium for the end-to-end tests.
 *
 * Looks for an installed one; as root on Debian or Ubuntu installs the
 * distribution's; else has Playwright download its own.
 */
export async function findChromium(): Promise<Chromium> {
  const installed = await installedChromium();
  if (installed !== null) return { kind: "installed", path: installed };

  if (process.getuid?.() === 0 && (await isExecutable("/usr/bin/apt-get"))) {
    process.stdout.write("No Chromium found: installing the distribution's package.\n");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const install = () =>
      runCommand("apt-get", ["install", "-y", "-qq", "chromium"], { env, isQuiet: true });
    if ((await install()).exitCode !== 0) {
      await runCommand("apt-get", ["update", "-qq"], { env, isQuiet: true });
      await install();
    }
    const path = await installedChromium();
    if (path !== null) return { kind: "installed", path };
  }

  process.stdout.write("No Chromium found: asking Playwright to download its own.\n");
  const download = await runCommand("npx", ["playwright", "install", "chromium"]);
  if (download.exitCode === 0) return { kind: "playwright" };
  return {
    kind: "missing",
    reason: `no ${NAMES.join(", ")} in PATH, and neither apt-get nor Playwright could install one.`,
  };
}

async function installedChromium(): Promise<string | null> {
  const { LOUPE_CHROMIUM, PATH } = environment();
  if (LOUPE_CHROMIUM !== undefined) return LOUPE_CHROMIUM;
  for (const folder of PATH.split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      // Ubuntu's chromium-browser is a script that only asks for snap.
      if ((await isExecutable(path)) && (await answersVersion(path))) return path;
    }
  }
  return null;
}

async function answersVersion(path: string): Promise<boolean> {
  const { exitCode, stdout } = await runCommand(path, ["--version"], { isQuiet: true });
  return exitCode === 0 && /\d+\.\d+/.test(stdout);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
