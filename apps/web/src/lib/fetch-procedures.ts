import type { HTTPBatchLinkOptions } from "@trpc/client";

import { FailedAnswer, parseFailure } from "./failed-answer.ts";

type Fetch = NonNullable<HTTPBatchLinkOptions<never>["fetch"]>;

/**
 * Ask procedures. A refusal that came before any procedure (another site's page, too large, too often)
 * is none of their answers: it is thrown as what it says, so that nobody takes it for a lost line.
 */
export const fetchProcedures: Fetch = async (input, init) => {
  const response = await fetch(input, init as RequestInit);
  if (response.ok) return response;
  const failure = parseFailure(await response.clone().text());
  if (failure !== null) throw new FailedAnswer(failure);
  return response;
};
