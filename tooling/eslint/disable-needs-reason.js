const DISABLE = /^\s*eslint-disable(?:-next-line|-line)?\b/;
const WITH_REASON = /\s--\s+\S/;

/**
 * A comment that switches a rule off says why, after ` -- `.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const disableNeedsReason = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: { reason: 'Expected "-- reason" after the rules that this comment disables.' },
  },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (!DISABLE.test(comment.value) || WITH_REASON.test(comment.value)) continue;
        if (comment.loc) context.report({ loc: comment.loc, messageId: "reason" });
      }
    },
  }),
};
