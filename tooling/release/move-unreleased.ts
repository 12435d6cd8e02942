import { ExpectedFailure } from "../process/expected-failure.ts";

export type Release = {
  readonly version: string;
  /** As `2026-01-31`. */
  readonly date: string;
  /** Names of the migrations that are new since the last release, oldest first. */
  readonly migrations: readonly string[];
};

const UNRELEASED = "## [Unreleased]\n";

/** The changelog with what was unreleased under the version's own heading, migrations first. */
export function moveUnreleased(changelog: string, { version, date, migrations }: Release): string {
  const at = changelog.indexOf(UNRELEASED);
  if (at < 0) throw new ExpectedFailure('Expected a section "[Unreleased]" in CHANGELOG.md.');
  const begin = at + UNRELEASED.length;
  const next = changelog.indexOf("\n## ", begin);
  const end = next < 0 ? changelog.length : next;
  const changes = changelog.slice(begin, end).trim();
  if (!changes.includes("\n- ")) {
    throw new ExpectedFailure(
      "Expected lines under [Unreleased] in CHANGELOG.md, found none. Say there what changes for people.",
    );
  }
  const section = [`## [${version}] - ${date}`, describeMigrations(migrations), changes];
  const released = section.filter((part) => part !== "").join("\n\n");
  return `${changelog.slice(0, begin)}\n${released}\n${changelog.slice(end)}`;
}

function describeMigrations(migrations: readonly string[]): string {
  if (migrations.length === 0) return "";
  const lines = migrations.map((name) => `- \`${name}\``);
  return [
    "### Migrations",
    "Applied by the next start, or by `npm run migrate` before it. Make a backup first: there is no way back.",
    lines.join("\n"),
  ].join("\n\n");
}
