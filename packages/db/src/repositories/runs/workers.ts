import { type ComputeProvider, EncoderSummary, ProviderFact, WorkerView } from "@loupe/contracts";
import { z } from "zod";

import { databaseNow } from "../../database-now.ts";
import type { Scope } from "../../scope.ts";

export type NewWorker = {
  readonly id: string;
  readonly name: string;
  readonly providers: readonly ComputeProvider[];
  readonly devices: readonly ProviderFact[];
  readonly encoders: readonly EncoderSummary[];
  /** Ids under which the queue locks this process's jobs. */
  readonly graphileIds: readonly string[];
};

export type DeadWorker = {
  readonly id: string;
  readonly name: string;
  readonly graphileIds: readonly string[];
};

export interface WorkersRepository {
  /** Registering an id again replaces what it said before. */
  register(worker: NewWorker): Promise<void>;
  listAlive(withinMs: number): Promise<WorkerView[]>;
  listDead(olderThanMs: number): Promise<DeadWorker[]>;
  remove(id: string): Promise<void>;
}

/** A worker of another version may describe its encoders in another way: it counts, they do not. */
const StoredWorker = WorkerView.extend({
  devices: z.array(ProviderFact).catch([]),
  encoders: z.array(EncoderSummary).catch([]),
});

export function workersRepository({ client }: Scope): WorkersRepository {
  const ago = async (ms: number) => new Date((await databaseNow(client)).getTime() - ms);
  return {
    async register({ id, name, providers, devices, encoders, graphileIds }) {
      const data = {
        name,
        providers: [...providers],
        graphileIds: [...graphileIds],
        devices: devices.map((device) => ({ ...device })),
        encoders: encoders.map((encoder) => ({ ...encoder })),
        heartbeatAt: await databaseNow(client),
      };
      await client.workerNode.upsert({ where: { id }, create: { id, ...data }, update: data });
    },

    async listAlive(withinMs) {
      const rows = await client.workerNode.findMany({
        where: { heartbeatAt: { gte: await ago(withinMs) } },
        orderBy: [{ startedAt: "asc" }, { id: "asc" }],
      });
      return rows.map((row) => StoredWorker.parse(row));
    },

    async listDead(olderThanMs) {
      return client.workerNode.findMany({
        where: { heartbeatAt: { lt: await ago(olderThanMs) } },
        orderBy: { id: "asc" },
        select: { id: true, name: true, graphileIds: true },
      });
    },

    async remove(id) {
      await client.workerNode.deleteMany({ where: { id } });
    },
  };
}
