import { Prisma } from "./generated/client.ts";

/** True for a write that a unique constraint refused. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
