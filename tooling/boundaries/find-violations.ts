import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";

import { REPOSITORY_ROOT } from "../repository-root.ts";

type RuleSet = NonNullable<ICruiseOptions["ruleSet"]>;
type LayerRule = NonNullable<RuleSet["forbidden"]>[number] & { name: string; comment: string };

type Configuration = {
  readonly forbidden: LayerRule[];
  readonly options: ICruiseOptions;
};

type Violations = {
  readonly violations: readonly { rule: string; from: string; to: string; sentence: string }[];
  readonly modules: number;
  readonly imports: number;
};

const FOLDERS = ["packages", "apps", "tooling", "e2e", "bench"];

const configuration = createRequire(import.meta.url)(
  join(REPOSITORY_ROOT, ".dependency-cruiser.cjs"),
) as Configuration;

/** The layering table as rules, in the order of the configuration. */
export const LAYER_RULES: readonly { name: string; comment: string }[] = configuration.forbidden;

/** Check every import under a root that is laid out like this clone. */
export async function findViolations(root: string): Promise<Violations> {
  const { output } = await cruise(
    FOLDERS.filter((folder) => existsSync(join(root, folder))),
    {
      ...configuration.options,
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: configuration.forbidden },
    },
    { ...configuration.options.enhancedResolveOptions },
  );
  const { summary } = output as ICruiseResult;
  const sentences = new Map(LAYER_RULES.map(({ name, comment }) => [name, comment]));
  return {
    violations: summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      sentence: sentences.get(rule.name) ?? "",
    })),
    modules: summary.totalCruised,
    imports: summary.totalDependenciesCruised ?? 0,
  };
}
