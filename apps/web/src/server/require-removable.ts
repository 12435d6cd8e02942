import type { OrganisationId } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import { APIError } from "better-auth/api";

/**
 * Refuse to remove an organisation for which work is under way.
 *
 * Everything that it has goes with it, by foreign keys in one statement: a run or an import that goes
 * on would write into nothing. Throws a 409 that says what to end first.
 */
export async function requireRemovable(db: Database, id: OrganisationId): Promise<void> {
  const { runs, imports, inspections } = await db.organisations.countUnderWay(id);
  const underWay = [
    countWords(runs, "run"),
    countWords(imports, "import"),
    countWords(inspections, "inspection"),
  ].flatMap((words) => words ?? []);
  if (underWay.length === 0) return;
  throw new APIError("CONFLICT", {
    code: "ORGANISATION_IS_BUSY",
    message:
      `Expected an organisation without work under way, got ${underWay.join(", ")}. ` +
      "Cancel it or wait until it has ended, then remove the organisation.",
  });
}

function countWords(count: number, word: string): string | null {
  if (count === 0) return null;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
