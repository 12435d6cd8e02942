import { z } from "zod";

/** What the tooling reads of its environment. Empty strings count as not set. */
const Environment = z.object({
  PATH: z.string().default(""),
  /** Path of the Chromium that the end-to-end tests drive. */
  LOUPE_CHROMIUM: z.string().optional(),
  /** Where everything that Loupe keeps lies; default `.loupe` in the clone. */
  LOUPE_HOME: z.string().optional(),
  /** A PostgreSQL to use instead of the embedded one. */
  DATABASE_URL: z.string().optional(),
  PORT: z.coerce
    .number({ error: "Expected PORT to be a number from 0 to 65535. Correct or unset it." })
    .int()
    .min(0)
    .max(65535)
    .optional(),
  HOST: z.string().optional(),
  AUTH_SECRET: z.string().optional(),
  BASE_URL: z.string().optional(),
  /** What the first start of a database makes: see docs/demo-world.md. */
  LOUPE_DEMO: z
    .enum(["none", "empty", "tiny", "full"], {
      error: "Expected LOUPE_DEMO to be full, tiny, empty or none. Correct or unset it.",
    })
    .default("full"),
  /** Whether `npm test` says how much of each package its tests ran; 1 or 0. */
  LOUPE_COVERAGE: z
    .enum(["0", "1"], { error: "Expected LOUPE_COVERAGE to be 1 or 0. Correct or unset it." })
    .default("0")
    .transform((text) => text === "1"),
  /** What property tests draw their examples from, and how many. */
  LOUPE_PROPERTY_SEED: z.coerce.number().int().default(1),
  LOUPE_PROPERTY_RUNS: z.coerce.number().int().min(1).default(200),
});
export type Environment = z.infer<typeof Environment>;

/** The validated environment. Throws a ZodError that names the variable. */
export function environment(): Environment {
  const set = Object.entries(process.env).filter(([, value]) => value !== "");
  return Environment.parse(Object.fromEntries(set));
}

/** Our own environment with some variables added, for a child process. */
export function inheritedEnvironment(
  added: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return { ...process.env, ...added };
}
