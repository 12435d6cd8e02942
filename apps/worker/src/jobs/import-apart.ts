import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";

import type { JobPayload } from "@loupe/contracts";
import type { JobContext } from "@loupe/platform";

import { jobEndings } from "../fleet/job-endings.ts";
import type { WorkerServices } from "../worker-services.ts";
import type { FromImport, ToImport } from "./import-messages.ts";
import { NICE, takeOnlyWhatIsLeft } from "./let-others-go-first.ts";

const MAIN = fileURLToPath(new URL("./import-main.ts", import.meta.url));
/** An import that was told to stop and has not by then is cut off. */
const PATIENCE_MS = 4_000;
/** Reading it again would bring the next process down, too. */
const MOST_DEATHS = 3;

type ImportServices = Pick<WorkerServices, "workerId" | "db" | "blobs" | "folders" | "trainings">;
type ImportDelivery = Pick<JobContext, "signal" | "attempt" | "isLastAttempt" | "logger">;

/**
 * Import one upload in a process of its own: see `import-main.ts`.
 *
 * Beside a training of this worker it takes only what that leaves of the processor.
 *
 * What the process dies of counts as one attempt. After the third the import is ended with a
 * sentence, since what kills a decoder does so each time.
 */
export async function importApart(
  services: ImportServices,
  payload: JobPayload<"dataset.import">,
  delivery: ImportDelivery,
): Promise<void> {
  const { signal, attempt, isLastAttempt, logger } = delivery;
  signal.throwIfAborted();
  const child = fork(MAIN, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  lower(child);
  const stopStandingBack = services.trainings.whenTraining(() => {
    if (child.pid !== undefined) void takeOnlyWhatIsLeft(child.pid);
  });
  const { workerId } = services;
  const told = { ...payload, workerId, isLastAttempt, signal };
  const { answer, ending } = await hear(child, told).finally(stopStandingBack);
  if (answer?.type === "done") return;
  signal.throwIfAborted();
  if (answer !== null) {
    throw Object.assign(new Error(answer.message), { stack: answer.stack });
  }
  const death = `The process of import ${payload.importId} ended by itself (${ending}).`;
  if (attempt < MOST_DEATHS && !isLastAttempt) throw new Error(death);
  logger.error({ ending, importId: payload.importId }, "import given up");
  const end = jobEndings(services)["dataset.import"];
  const cleanUp = await services.db.transaction((tx) => end(tx, payload));
  await cleanUp?.();
}

/** From its first moment on: loading its modules takes longer than a small import. */
function lower({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICE);
  } catch {
    // It did not start, which its exit says, or the system does not let us.
  }
}

type Heard = { readonly answer: FromImport | null; readonly ending: string };

/** Let it import; what it answers, and how it ended. */
async function hear(
  child: ChildProcess,
  delivery: Omit<Extract<ToImport, { type: "import" }>, "type"> & Pick<ImportDelivery, "signal">,
): Promise<Heard> {
  const { signal, ...told } = delivery;
  let answer: FromImport | null = null;
  let patience: NodeJS.Timeout | undefined;
  // A process that is gone already says so by its exit.
  const tell = (message: ToImport) => child.send(message, () => undefined);
  const stop = () => {
    tell({ type: "stop" });
    patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  };
  child.on("message", (message: FromImport) => {
    answer = message;
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    tell({ type: "import", ...told });
    // Its answer may be read only after its exit was seen, but never after the channel's end.
    const [exit] = await Promise.all([once(child, "exit"), once(child, "disconnect")]);
    const [code, killedBy] = exit as [number | null, string | null];
    return { answer, ending: killedBy ?? `code ${code}` };
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(patience);
  }
}
