import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

import { disableNeedsReason } from "./tooling/eslint/disable-needs-reason.js";
import { kebabCaseFile } from "./tooling/eslint/kebab-case-file.js";

const TESTS = ["**/*.test.{ts,tsx}", "**/testing/**", "packages/model/test/**", "e2e/**"];

/** Files whose default export is what their tool loads. */
const DEFAULT_EXPORTS = [
  "**/*.config.{ts,js,mjs}",
  "apps/web/src/app/**/*.{ts,tsx}",
  "apps/web/src/proxy.ts",
  "**/*.d.ts",
  "**/global-setup.ts",
];

export default defineConfig(
  globalIgnores([
    "**/node_modules/",
    "**/.next/",
    "**/.turbo/",
    "**/.loupe/",
    "**/test-results/",
    "**/next-env.d.ts",
    "packages/db/src/generated/",
  ]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: {
      loupe: {
        rules: {
          "kebab-case-file": kebabCaseFile,
          "disable-needs-reason": disableNeedsReason,
        },
      },
    },
    rules: { "loupe/kebab-case-file": "error", "loupe/disable-needs-reason": "error" },
  },
  js.configs.recommended,
  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: {
      globals: { process: "readonly", module: "writable", require: "readonly", URL: "readonly" },
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [typescript.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.ts"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": [
        "error",
        // An event handler that is async is fine: React ignores what it returns.
        { checksVoidReturn: { attributes: false } },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      // A method of an async interface may have nothing to wait for.
      "@typescript-eslint/require-await": "off",
      // The compiler reports these with the same options (noUnusedLocals, noUnusedParameters).
      "@typescript-eslint/no-unused-vars": "off",
      "@typescript-eslint/max-params": ["error", { max: 3 }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-depth": ["error", 3],
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Read the environment in env.ts, where it is validated once.",
        },
      ],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ImportDeclaration[source.value=/^[.]{1,2}[/](?!.*[.](?:tsx?|[cm]?js|json|css)$)/]",
          message: 'Name the file with its extension: "./x.ts".',
        },
        {
          selector: "ImportDeclaration[source.value=/^@loupe[/][a-z]+[/]src/]",
          message: "Import the package by its front door.",
        },
        { selector: "TSEnumDeclaration", message: "Use a const array or a union of strings." },
      ],
    },
  },
  {
    files: ["**/env.ts", "**/*.config.{ts,js}", "**/global-setup.ts"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: DEFAULT_EXPORTS,
    rules: { "no-restricted-exports": "off" },
  },
  {
    // Next's names for special files and folders are its own.
    files: ["apps/web/src/app/**"],
    rules: { "loupe/kebab-case-file": "off" },
  },
  {
    // A walk over [n, c, h, w], or along a ray from each pixel, is four deep by nature.
    files: ["packages/{model,demo-world}/**/*.ts"],
    rules: { "max-depth": ["error", 4] },
  },
  {
    // Loops over numbers and pixels, whose indices are proved in bounds.
    files: [
      "packages/model/src/{tensor,metrics,data,methods/shared/axes/eigen}/**/*.ts",
      "packages/demo-world/src/**/*.ts",
    ],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["apps/**/*.{ts,tsx}"],
    ignores: TESTS,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@loupe/platform",
              importNames: ["recordEvent"],
              message: "Events are told by use cases: call one of packages/application.",
            },
          ],
        },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-properties": "off",
    },
  },
  {
    // Playwright reads from its first parameter which fixtures a fixture needs; {} for none.
    files: ["e2e/support/**/*.ts"],
    rules: { "no-empty-pattern": ["error", { allowObjectPatternsAsParameters: true }] },
  },
  {
    files: ["apps/web/**/*.{ts,tsx}"],
    extends: [reactHooks.configs.flat["recommended-latest"]],
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    extends: [typescript.configs.disableTypeChecked],
  },
);
