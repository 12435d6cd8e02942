import { recordImportStatus } from "@loupe/application";
import type { ImportId, ImportStatus, ProjectId } from "@loupe/contracts";
import type { Database, LeaseToken, Transaction } from "@loupe/db";

import type { Teller } from "../telemetry/telemetry-notifier.ts";
import type { ReportLine } from "./report-line.ts";

type ReportOptions = {
  readonly db: Database;
  readonly telemetry: Teller;
  readonly importId: ImportId;
  readonly projectId: ProjectId;
  readonly token: LeaseToken;
  readonly filesTotal: number;
  /** Files that an earlier delivery of the job has reported already. */
  readonly filesDone: number;
};

/** The report of one import while it is written, and how far that is. */
export class ImportReport {
  readonly #options: ReportOptions;
  #filesDone: number;
  #hasBegun = false;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#filesDone = options.filesDone;
  }

  /** Keep what `work` writes, its report lines and the progress: all or nothing. */
  async commit(work: (tx: Transaction) => Promise<readonly ReportLine[]>): Promise<void> {
    const { db, telemetry, importId, projectId, filesTotal } = this.#options;
    const filesDone = await db.transaction(async (tx) => {
      await this.#requireRunning(tx);
      const lines = await work(tx);
      await tx.imports.recordFiles(importId, lines);
      const done = this.#filesDone + lines.length;
      if (this.#hasBegun) await tx.imports.setProgress(importId, { filesDone: done, filesTotal });
      else await this.#writeStatus(tx, "running", done);
      return done;
    });
    this.#filesDone = filesDone;
    this.#hasBegun = true;
    telemetry.tell({ projectId, body: { type: "import.files", importId, filesDone, filesTotal } });
  }

  /** Keep lines of files that needed no work. */
  async record(lines: readonly ReportLine[]): Promise<void> {
    await this.commit(() => Promise.resolve(lines));
  }

  /** Write the final counts in the transaction that ends the import. */
  async writeEnd(tx: Transaction): Promise<void> {
    await this.#requireRunning(tx);
    await this.#writeStatus(tx, "succeeded", this.#filesDone);
  }

  /**
   * Nothing is stored any more once somebody has cancelled, or another worker has the import: what
   * comes later would stay.
   */
  async #requireRunning(tx: Transaction): Promise<void> {
    await tx.leases.hold(this.#options.token);
    const status = await tx.imports.hold(this.#options.importId);
    if (status !== "running") throw new Error(`Expected a running import, it is ${status}`);
  }

  async #writeStatus(tx: Transaction, status: ImportStatus, filesDone: number): Promise<void> {
    const { importId, projectId, filesTotal } = this.#options;
    await tx.imports.setProgress(importId, { filesDone, filesTotal });
    await recordImportStatus(tx, { id: importId, projectId, status, filesDone, filesTotal });
  }
}
