import type { Scope } from "../../scope.ts";

export interface SessionsRepository {
  /** Of these sessions those that have neither ended nor run out, in one question for all. */
  listCurrent(ids: readonly string[]): Promise<string[]>;
}

export function sessionsRepository({ client }: Scope): SessionsRepository {
  return {
    async listCurrent(ids) {
      const rows = await client.$queryRaw<{ id: string }[]>`
        select "id" from "session" where "id" = any(${ids}::text[]) and "expiresAt" > now()`;
      return rows.map((row) => row.id);
    },
  };
}
