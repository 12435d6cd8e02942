import { services } from "../../../server/services.ts";

/** 200 while the database answers, else 503; says nothing else to strangers. */
export async function GET(): Promise<Response> {
  const { db, logger } = services();
  try {
    await db.pool.query("select 1");
    return Response.json({ ok: true });
  } catch (error) {
    logger.error({ err: error }, "the database does not answer");
    return Response.json({ ok: false }, { status: 503 });
  }
}
