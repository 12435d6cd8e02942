import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const CATALOGUE = "packages/model/src/catalog/methods";

/** The rooms of the methods, where their names are at home. */
const HOME =
  /^packages\/model\/src\/(catalog\/(methods\/|methods\.ts$)|methods\/([^/]+\/|find-method\.ts$))/;

const TESTS = /(^|\/)(test|testing)\/|\.(test|spec)\.tsx?$/;

/** What may name a method all the same, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "packages/contracts/src/demo.ts":
    "the demo's plan is data: contracts may not see the catalogue, and the job that starts its runs parses the names",
};

/** A folder of the catalogue that is no method's. */
const SHARED = "shared";

export type NamedMethod = { readonly file: string; readonly line: number; readonly name: string };

/** Where the source under `root` has a method's name in quotes, or as a key of an object. */
export function findMethodNames(root: string): NamedMethod[] {
  const names = readdirSync(join(root, CATALOGUE)).filter((name) => name !== SHARED);
  const quoted = new RegExp(`(["'\`])(${names.join("|")})\\1|^\\s*(${names.join("|")}): `, "u");
  return ["apps", "bench", "packages", "tooling"]
    .flatMap((folder) => listSource(root, folder))
    .filter((file) => !HOME.test(file) && !TESTS.test(file) && !(file in EXCEPTIONS))
    .flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .flatMap((text, index) => {
          const found = quoted.exec(text);
          const name = found?.[2] ?? found?.[3];
          return name === undefined ? [] : [{ file, line: index + 1, name }];
        }),
    );
}

/** TypeScript files below a folder, as paths from `root` with slashes; nothing generated. */
function listSource(root: string, folder: string): string[] {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const isSkipped = /^(\..*|node_modules|generated)$/.test(entry.name);
      return isSkipped ? [] : listSource(root, path);
    }
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
