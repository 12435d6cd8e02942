import { AsyncLocalStorage } from "node:async_hooks";

import { ERROR_STATUS, storageFailure, type AppError } from "@loupe/contracts";

type Noted = { failure: AppError | null };

const KEY = Symbol.for("loupe.web.storage-failures");
const holder = globalThis as { [KEY]?: AsyncLocalStorage<Noted> };
/** The process's one, since this module exists both bundled and not: see `services`. */
const noted = (holder[KEY] ??= new AsyncLocalStorage<Noted>());

/** Note a failure that the sign-in library is about to hide, should the disk be why it happened. */
export function noteStorageFailure(error: unknown): void {
  const call = noted.getStore();
  if (call !== undefined) call.failure ??= storageFailure(error);
}

/** Answer with the sentence about the disk where that is what a noted failure was about. */
export async function tellStorageFailure(answer: () => Promise<Response>): Promise<Response> {
  const call: Noted = { failure: null };
  const response = await noted.run(call, answer);
  if (call.failure === null || response.status < 500) return response;
  const { code, message } = call.failure;
  return Response.json({ code, message }, { status: ERROR_STATUS[code] });
}
