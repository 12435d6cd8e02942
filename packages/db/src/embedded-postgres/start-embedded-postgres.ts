import { readFile, writeFile } from "node:fs/promises";

import { Client } from "pg";

import { findBinaries } from "./find-binaries.ts";
import { holdServer } from "./hold-server.ts";
import { initialiseData, SUPERUSER } from "./initialise-data.ts";
import { launchServer } from "./launch-server.ts";
import { placeBinaries } from "./place-binaries.ts";
import { placeData } from "./place-data.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";
import { reserveWal } from "./reserve-wal.ts";
import { serverAccount } from "./server-account.ts";
import { ServerFailure } from "./server-failure.ts";

/** The application's database inside the cluster. */
const DATABASE = "loupe";

export type EmbeddedPostgresOptions = {
  /** Made on the first start; as root it may have to lie elsewhere, see `dataDir` of the result. */
  readonly dataDir: string;
  /** Tried first; a taken port is replaced by a free one. */
  readonly port?: number;
  /** False for tests alone: trades safety of the data for speed. */
  readonly isDurable?: boolean;
};

export type EmbeddedPostgres = {
  /** Address of the application's database, password included. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Where the data really lies. */
  readonly dataDir: string;
  /** Sentences that the person who starts Loupe should read, such as where the data went. */
  readonly notices: readonly string[];
  /** Fast shutdown: open connections are cut, data is safe. */
  stop(): Promise<void>;
};

/**
 * Start the bundled PostgreSQL on a data directory, which is made when it is not there.
 *
 * A server that was left running by a launcher that was killed is taken over;
 * one that another launcher owns is refused.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const isDurable = options.isDurable ?? true;
  const account = await serverAccount(options.dataDir);
  const { dataDir, noteFile } = await placeData(options.dataDir, account);
  const binaries = await placeBinaries(await findBinaries(), account);
  const password = await initialiseData({
    dataDir,
    binaries: binaries.folder,
    account,
    isDurable,
  });
  if (noteFile !== null) await note(noteFile, dataDir);

  const running = await findPostmaster(dataDir);
  const { pid, port } =
    running ??
    (await launchServer({
      dataDir,
      binaries: binaries.folder,
      account,
      password,
      port: options.port,
      isDurable,
    }));
  const address = (database: string) =>
    `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const owner = await own();
  return {
    url: address(DATABASE),
    port,
    pid,
    dataDir,
    notices: notices(),
    stop: async () => {
      await owner.release();
      await stopPostmaster(pid);
    },
  };

  /** Hold the server and make it ready; one that we launched does not outlive a failure. */
  async function own(): Promise<{ release(): Promise<void> }> {
    let isOurs = running === null;
    try {
      const held = await holdServer(address("postgres"));
      if (held === null) {
        throw new ServerFailure(
          `Another Loupe runs on the database in ${dataDir}. Stop it first, or choose another ` +
            "LOUPE_HOME for this one.",
        );
      }
      isOurs = true;
      await createDatabase(address("postgres"));
      if (isDurable) await reserveWal(address("postgres"));
      return held;
    } catch (error) {
      if (isOurs) await stopPostmaster(pid);
      throw error;
    }
  }

  function notices(): string[] {
    const said: string[] = [];
    if (running !== null) {
      said.push(`Took over the PostgreSQL (process ${pid}) that an earlier start left running.`);
    }
    if (noteFile !== null) {
      said.push(
        `The database lies in ${dataDir}, since the account that PostgreSQL runs as cannot reach ` +
          `${options.dataDir}; ${noteFile} remembers this.`,
      );
    }
    if (binaries.isCopy) said.push(`PostgreSQL runs from a copy in ${binaries.folder}.`);
    return said;
  }
}

/** Written only when it says something new: a full disk is no reason not to start. */
async function note(file: string, dataDir: string): Promise<void> {
  const text = `${dataDir}\n`;
  if ((await readFile(file, "utf8").catch(() => null)) === text) return;
  await writeFile(file, text, { mode: 0o600 });
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [
      DATABASE,
    ]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
