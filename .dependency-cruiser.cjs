/**
 * The layering table as checked rules. Every rule is an error and its comment
 * is the sentence that a developer reads.
 */

/** Folders of packages/model/src, lowest first: each may import itself and what stands before it. */
const MODEL_LAYERS = [
  "tensor",
  "graph",
  "onnx",
  "autodiff",
  "session",
  "nn",
  "optim",
  "encoders",
  "data",
  "metrics",
  "methods",
  "train",
  "distill",
  "detector",
  "ablate",
  "cli",
];

/** Type-only imports vanish before anything runs. */
const AT_RUN_TIME = { dependencyTypesNot: ["type-only", "type-import"] };
const TESTS = "(^|/)(testing|test)/|\\.(test|spec)\\.tsx?$";
const SOMETHING_OF_OURS = "^(packages|apps|e2e|tooling|bench)/";

const modelLooksDown = MODEL_LAYERS.slice(0, -1).map((layer, position) => ({
  name: `model-${layer}-looks-down`,
  severity: "error",
  comment: `model/${layer} may import only itself and ${
    position === 0 ? "nothing else of the model" : MODEL_LAYERS.slice(0, position).join(", ")
  }. Move what both need into the lower folder.`,
  from: { path: `^packages/model/src/${layer}/`, pathNot: TESTS },
  to: { path: `^packages/model/src/(${MODEL_LAYERS.slice(position + 1).join("|")})/` },
}));

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment:
        "Modules that need each other, be it for a type, are one module in two files: move what both need into a third.",
      from: { path: SOMETHING_OF_OURS },
      to: { circular: true },
    },
    {
      name: "everything-resolves",
      severity: "error",
      comment: "An import that resolves to nothing hides from every other rule.",
      from: { path: SOMETHING_OF_OURS },
      to: {
        couldNotResolve: true,
        // Types that Next generates while it builds; React Server Components' marker module.
        pathNot: "^(\\./\\.next/|server-only$)|/generated/",
      },
    },
    {
      name: "contracts-is-a-leaf",
      severity: "error",
      comment: "contracts is what the processes agree on: it may import zod and nothing else.",
      from: { path: "^packages/contracts/src/", pathNot: TESTS },
      to: { pathNot: "^packages/contracts/src/|(^|/)node_modules/zod/" },
    },
    {
      name: "model-is-standalone",
      severity: "error",
      comment: "The model library works without the product: nothing of ours outside itself.",
      from: { path: "^packages/model/" },
      to: { path: SOMETHING_OF_OURS, pathNot: "^packages/model/" },
    },
    ...modelLooksDown,
    {
      name: "model-below-the-front-door",
      severity: "error",
      comment: "Inside the model library nothing imports the front door; name the module.",
      from: { path: "^packages/model/src/.+/", pathNot: `${TESTS}|^packages/model/src/cli/` },
      to: { path: "^packages/model/src/index\\.ts$" },
    },
    {
      name: "catalog-is-data",
      severity: "error",
      comment: "The browser reads the catalogue: plain data and zod only.",
      from: { path: "^packages/model/src/catalog/", pathNot: TESTS },
      to: { pathNot: "^packages/model/src/catalog/|(^|/)node_modules/zod/" },
    },
    {
      name: "methods-do-not-meet",
      severity: "error",
      comment:
        "A method knows itself and what all share (methods/shared, catalog/methods/shared): find-method.ts and methods.ts put a host and its plug-in together.",
      from: { path: "^packages/model/src/(?:catalog/)?methods/([^/]+)/", pathNot: TESTS },
      to: {
        path: "^packages/model/src/(?:catalog/)?methods/[^/]+/",
        pathNot: "^packages/model/src/(?:catalog/)?methods/($1|shared)/",
      },
    },
    {
      name: "demo-world-borrows-random-and-map-ahead",
      severity: "error",
      comment:
        "The demo world is a leaf but for the model's random numbers and its bounded map: nothing else of ours.",
      from: { path: "^packages/demo-world/src/", pathNot: TESTS },
      to: {
        path: SOMETHING_OF_OURS,
        pathNot: "^packages/demo-world/|^packages/model/src/(tensor/random|data/map-ahead)\\.ts$",
      },
    },
    {
      name: "demo-world-for-worker-and-cli",
      severity: "error",
      comment: "Pictures are rendered by the worker and the command line, and nobody else.",
      from: { pathNot: "^(packages/demo-world|apps/(worker|cli))/|(^|/)node_modules/" },
      to: { path: "^packages/demo-world/" },
    },
    {
      name: "cli-without-the-product",
      severity: "error",
      comment: "The command line works without the product: model and demo-world, nothing else.",
      from: { path: "^apps/cli/" },
      to: { path: SOMETHING_OF_OURS, pathNot: "^(apps/cli|packages/(model|demo-world))/" },
    },
    {
      name: "ort-behind-session",
      severity: "error",
      comment:
        "ONNX Runtime blocks its thread: only model/session may touch it, in its own threads.",
      from: { pathNot: "^packages/model/src/session/|(^|/)node_modules/" },
      to: { path: "(^|/)node_modules/onnxruntime-" },
    },
    {
      name: "db-and-platform-look-down",
      severity: "error",
      comment: "db and platform see contracts and never each other; the apps compose them.",
      from: { path: "^packages/(db|platform)/", pathNot: TESTS },
      to: { path: SOMETHING_OF_OURS, pathNot: "^packages/(contracts|$1)/" },
    },
    {
      name: "application-composes-packages",
      severity: "error",
      comment:
        "Use cases belong to no app: they see contracts, platform, the model's catalogue and the types of db.",
      from: { path: "^packages/application/src/", pathNot: TESTS },
      to: {
        path: SOMETHING_OF_OURS,
        pathNot: "^packages/(application|contracts|platform|db)/|^packages/model/src/catalog/",
      },
    },
    {
      name: "application-takes-its-repositories",
      severity: "error",
      comment: "A use case is given its repositories: import the database package's types only.",
      from: { path: "^packages/application/src/", pathNot: TESTS },
      to: { path: "^packages/db/", ...AT_RUN_TIME },
    },
    {
      name: "application-for-apps",
      severity: "error",
      comment: "Use cases are for the apps' doors; packages below know none.",
      from: { pathNot: "^(packages/application|apps/(web|worker))/|(^|/)node_modules/" },
      to: { path: "^packages/application/" },
    },
    {
      name: "prisma-behind-db",
      severity: "error",
      comment: "Only packages/db knows Prisma; everyone else asks a repository.",
      from: { pathNot: "^packages/db/|(^|/)node_modules/|^prisma\\.config\\.ts$" },
      to: { path: "(^|/)node_modules/(@prisma|prisma)/|^packages/db/src/generated/" },
    },
    {
      name: "web-sees-model-catalog-only",
      severity: "error",
      comment:
        "The web app reads the model catalogue and runs no model: that is the worker's work.",
      from: { path: "^apps/web/" },
      to: { path: "^packages/model/", pathNot: "^packages/model/src/catalog/" },
    },
    {
      name: "database-outside-of-bundles",
      severity: "error",
      comment:
        "Next's bundles would hold a second copy of the database package: import its types, and take the process's database from services().",
      from: {
        path: "^apps/web/src/",
        pathNot: `${TESTS}|^apps/web/src/server/(auth|compose-services|list-demo-sign-ins)\\.ts$`,
      },
      to: { path: "^packages/db/", ...AT_RUN_TIME },
    },
    {
      name: "apps-do-not-meet",
      severity: "error",
      comment: "Web and worker meet in the queue and in events, never in an import.",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "ui-not-to-server",
      severity: "error",
      comment: "Browser code never loads server code. Types may be imported with `import type`.",
      from: {
        path: "^apps/web/src/(features/[^/]+/(ui/|index\\.ts$)|components/|lib/)",
        pathNot: TESTS,
      },
      to: { path: "^apps/web/src/(server/|features/[^/]+/server/)", ...AT_RUN_TIME },
    },
    {
      name: "features-by-the-front-door",
      severity: "error",
      comment: "A feature uses another through its index.ts or server/index.ts.",
      from: { path: "^apps/web/src/features/([^/]+)/" },
      to: {
        path: "^apps/web/src/features/[^/]+/",
        pathNot: "^apps/web/src/features/($1/|[^/]+/(server/)?index\\.ts$)",
      },
    },
    {
      name: "routes-are-thin",
      severity: "error",
      comment: "Routes read parameters and render a feature: they enter it by the front door.",
      from: { path: "^apps/web/src/app/" },
      to: {
        path: "^apps/web/src/features/[^/]+/",
        pathNot: "^apps/web/src/features/[^/]+/(server/)?index\\.ts$",
      },
    },
    {
      name: "components-know-no-feature",
      severity: "error",
      comment: "The design system speaks no domain words: no feature, no server.",
      from: { path: "^apps/web/src/components/" },
      to: { path: "^apps/web/src/(features|server|app)/" },
    },
    {
      name: "no-test-helpers-in-source",
      severity: "error",
      comment: "What ships never imports a test or a test helper.",
      from: {
        path: "^(packages|apps)/",
        pathNot: `${TESTS}|vitest(\\.browser)?\\.config\\.ts$|global-setup\\.ts$`,
      },
      to: {
        path: `^packages/[^/]+/(src/testing|test)/|^(packages|apps)/.+\\.(test|spec)\\.tsx?$|(^|/)node_modules/(vitest|fast-check)/`,
      },
    },
    {
      name: "e2e-is-a-user",
      severity: "error",
      comment: "End-to-end tests do what a person does: contracts, db/testing and nothing inside.",
      from: { path: "^e2e/" },
      to: {
        path: SOMETHING_OF_OURS,
        pathNot: "^(e2e/|packages/contracts/src/|packages/db/src/testing/)",
      },
    },
    {
      name: "tooling-sees-packages-only",
      severity: "error",
      comment: "Tooling starts the apps as processes; it imports contracts, db and platform.",
      from: { path: "^tooling/" },
      to: { path: SOMETHING_OF_OURS, pathNot: "^(tooling|packages/(contracts|db|platform))/" },
    },
    {
      name: "nothing-imports-the-outside",
      severity: "error",
      comment: "e2e, tooling and bench stand outside the product: nothing imports them.",
      from: { pathNot: "^(e2e|tooling|bench)/|^[^/]+$|(^|/)node_modules/" },
      to: { path: "^(e2e|tooling|bench)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)\\.next/|^packages/db/src/generated/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", ".css", ".d.ts"],
    },
  },
};
