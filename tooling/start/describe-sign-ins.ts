import type { Role } from "@loupe/contracts";

type Person = { readonly email: string; readonly role: string; readonly site: string | null };

/** What each role may do, in words. */
const MAY: Readonly<Record<string, string>> = {
  owner: "everything",
  manager: "promotion of models",
  engineer: "data, runs, models, verdicts",
  annotator: "read only, until there are masks to draw",
  reviewer: "verdicts",
  viewer: "read only",
} satisfies Record<Role, string>;

/** The people of the demo organisation as lines to print; empty when nobody of them is left. */
export function describeSignIns(people: readonly Person[]): string {
  if (people.length === 0) return "";
  const lines = people.map(({ email, role, site }) => {
    const place = site === null ? "" : ` (${site})`;
    return `  ${email.padEnd(28)} ${MAY[role] ?? role}${place}`;
  });
  return ["Sign in as one of these; the password is loupe-demo:", ...lines, ""].join("\n");
}
