import { basename } from "node:path";

// A leading dot is how tools know their configuration; suffixes such as .test and .config stay possible.
const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.[cm]?[jt]sx?$/;

/**
 * Source files are named in kebab-case.
 *
 * One spelling, because a checkout on a case-insensitive disk must not behave
 * differently from one on Linux.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const kebabCaseFile = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: { name: "Expected a kebab-case file name, got {{name}}. Rename the file." },
  },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename);
      if (!KEBAB.test(name)) context.report({ node, messageId: "name", data: { name } });
    },
  }),
};
