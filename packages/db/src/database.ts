import pg, { type Pool } from "pg";

import { rememberClient } from "./client-of.ts";
import { type Prisma, PrismaClient } from "./generated/client.ts";
import { OneQueryAtATime } from "./one-query-at-a-time.ts";
import type { Scope } from "./scope.ts";
import type { CasesInTransaction, CasesRepository } from "./repositories/review/case-types.ts";
import { casesRepository } from "./repositories/review/cases.ts";
import { type DatasetsRepository, datasetsRepository } from "./repositories/data/datasets.ts";
import {
  type EncoderPullsRepository,
  encoderPullsRepository,
} from "./repositories/runs/encoder-pulls.ts";
import {
  type DemoWorldsRepository,
  demoWorldsRepository,
} from "./repositories/projects/demo-worlds.ts";
import {
  type EvaluationsRepository,
  evaluationsRepository,
} from "./repositories/models/evaluations.ts";
import {
  type EventsInTransaction,
  type EventsRepository,
  eventsRepository,
} from "./repositories/projects/events.ts";
import { type FreezesRepository, freezesRepository } from "./repositories/data/freezes.ts";
import { type ImagesRepository, imagesRepository } from "./repositories/data/images.ts";
import {
  type ImportsInTransaction,
  type ImportsRepository,
  importsRepository,
} from "./repositories/data/imports.ts";
import {
  type InspectionsInTransaction,
  type InspectionsRepository,
  inspectionsRepository,
} from "./repositories/inspect/inspections.ts";
import {
  type LeasesInTransaction,
  type LeasesRepository,
  leasesRepository,
} from "./repositories/runs/leases.ts";
import { type MasksRepository, masksRepository } from "./repositories/data/masks.ts";
import { type MembersRepository, membersRepository } from "./repositories/people/members.ts";
import { type ModelsRepository, modelsRepository } from "./repositories/models/models.ts";
import {
  type OrganisationsRepository,
  organisationsRepository,
} from "./repositories/people/organisations.ts";
import {
  type PredictionsRepository,
  predictionsRepository,
} from "./repositories/models/predictions.ts";
import { type ProjectsRepository, projectsRepository } from "./repositories/projects/projects.ts";
import { type RunsRepository, runsRepository } from "./repositories/runs/runs.ts";
import { type SessionsRepository, sessionsRepository } from "./repositories/people/sessions.ts";
import {
  type StoredFilesRepository,
  storedFilesRepository,
} from "./repositories/data/stored-files.ts";
import { type WorkersRepository, workersRepository } from "./repositories/runs/workers.ts";

export type Repositories = {
  readonly projects: ProjectsRepository;
  readonly organisations: OrganisationsRepository;
  readonly members: MembersRepository;
  readonly sessions: SessionsRepository;
  readonly events: EventsRepository;
  readonly images: ImagesRepository;
  readonly masks: MasksRepository;
  readonly imports: ImportsRepository;
  readonly datasets: DatasetsRepository;
  readonly freezes: FreezesRepository;
  readonly runs: RunsRepository;
  readonly leases: LeasesRepository;
  readonly workers: WorkersRepository;
  readonly encoderPulls: EncoderPullsRepository;
  readonly models: ModelsRepository;
  readonly evaluations: EvaluationsRepository;
  readonly predictions: PredictionsRepository;
  readonly cases: CasesRepository;
  readonly inspections: InspectionsRepository;
  readonly demoWorlds: DemoWorldsRepository;
  readonly storedFiles: StoredFilesRepository;
};

/** Runs SQL inside the transaction that it belongs to. */
export type SqlExecutor = {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};

/** The repositories, bound to one transaction, and what may only happen inside of one. */
export type Transaction = Repositories & {
  readonly events: EventsInTransaction;
  readonly cases: CasesInTransaction;
  readonly imports: ImportsInTransaction;
  readonly leases: LeasesInTransaction;
  readonly inspections: InspectionsInTransaction;
  readonly sql: SqlExecutor;
};

export type Database = Repositories & {
  readonly url: string;
  /** Connections for the queue and for health checks. */
  readonly pool: Pool;
  /** Run work in one read-committed transaction: all of it is kept, or, when it throws, none. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type OpenDatabaseOptions = {
  /** Most connections at once, 10 unless told. */
  readonly poolSize?: number;
};

/** A transaction may wait for others that write the same rows, and an import writes many. */
const TRANSACTION_LIMITS = { maxWait: 15_000, timeout: 120_000 } as const;

/**
 * Connect to a database that has been migrated.
 *
 * Isolation is read committed, Postgres' default: conflicts are found by
 * conditional updates, which say who lost, and not by serialisation failures.
 */
export async function openDatabase(
  url: string,
  options: OpenDatabaseOptions = {},
): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: options.poolSize ?? 10 });
  // A connection that breaks while idle is replaced by the next use; unheard, the event would end the process.
  pool.on("error", () => undefined);
  // The same for one that is lent out: whoever uses it learns of the failure from the query.
  pool.on("connect", (connection) => connection.on("error", () => undefined));
  // The same for one that breaks while in use: its query rejects, which is all that anyone needs.
  pool.on("connect", (client) => client.on("error", () => undefined));
  await checkConnection(pool, url);

  const prisma = new PrismaClient({ adapter: new OneQueryAtATime(pool) });
  const transaction: Database["transaction"] = (work) =>
    prisma.$transaction((client) => work(inTransaction(client)), TRANSACTION_LIMITS);
  const scope: Scope = {
    client: prisma,
    atomically: (work) => prisma.$transaction(work, TRANSACTION_LIMITS),
  };
  const database: Database = {
    ...repositories(scope),
    url,
    pool,
    transaction,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
  rememberClient(database, prisma);
  return database;
}

function repositories(scope: Scope) {
  return {
    projects: projectsRepository(scope),
    organisations: organisationsRepository(scope),
    members: membersRepository(scope),
    sessions: sessionsRepository(scope),
    events: eventsRepository(scope),
    images: imagesRepository(scope),
    masks: masksRepository(scope),
    imports: importsRepository(scope),
    datasets: datasetsRepository(scope),
    freezes: freezesRepository(scope),
    runs: runsRepository(scope),
    leases: leasesRepository(scope),
    workers: workersRepository(scope),
    encoderPulls: encoderPullsRepository(scope),
    models: modelsRepository(scope),
    evaluations: evaluationsRepository(scope),
    predictions: predictionsRepository(scope),
    cases: casesRepository(scope),
    inspections: inspectionsRepository(scope),
    demoWorlds: demoWorldsRepository(scope),
    storedFiles: storedFilesRepository(scope),
  };
}

function inTransaction(client: Prisma.TransactionClient): Transaction {
  const scope: Scope = { client, atomically: (work) => work(client) };
  return {
    ...repositories(scope),
    sql: {
      query: async (text, values = []) => ({
        rows: await client.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values),
      }),
    },
  };
}

async function checkConnection(pool: Pool, url: string): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end();
    const { host, pathname } = new URL(url);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Expected a PostgreSQL database ${pathname.slice(1)} at ${host}, got: ${reason}. Check ` +
        "DATABASE_URL and that the server runs.",
      { cause: error },
    );
  }
}
