import { databaseSetup } from "@loupe/db/testing/global-setup";
import pg from "pg";

import { migrateQueue } from "@loupe/platform";

/** A template database that has the queue's tables as well. */
export default databaseSetup({
  kind: "tables and queue",
  prepareTemplate: async (url) => {
    const pool = new pg.Pool({ connectionString: url });
    pool.on("error", () => undefined);
    pool.on("connect", (connection) => connection.on("error", () => undefined));
    await migrateQueue(pool);
    await pool.end();
  },
});
