import { openDatabase } from "@loupe/db";
import { databaseSetup } from "@loupe/db/testing/global-setup";
import { migrateQueue } from "@loupe/platform";

/** The web app adds jobs, so its template database has the queue's tables, too. */
export default databaseSetup({
  kind: "tables and queue",
  prepareTemplate: async (url) => {
    const db = await openDatabase(url);
    try {
      await migrateQueue(db.pool);
    } finally {
      await db.close();
    }
  },
});
