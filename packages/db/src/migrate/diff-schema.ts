import { readSchema } from "./read-migrations.ts";
import { type SchemaFile, withSchemaEngine } from "./with-schema-engine.ts";

/**
 * SQL that leads from an older schema, or from nothing, to what `schema.prisma` says now.
 *
 * @param url any PostgreSQL: the engine asks for its version and abilities, and leaves it as it is
 */
export async function diffSchema(url: string, from: SchemaFile | null): Promise<string> {
  const schema = await readSchema();
  return withSchemaEngine({ url, schema }, async (engine) => {
    const { stdout } = await engine.diff({
      from: from === null ? { tag: "empty" } : { tag: "schemaDatamodel", files: [from] },
      to: { tag: "schemaDatamodel", files: [schema] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? "";
  });
}
