import type { DetectorSignature } from "../detector/detector-types.ts";

/** As much of a public key as people compare. */
const SHORT_KEY = 12;

/** What to know of a model file before its scores are trusted. */
export function noteSignature(signature: DetectorSignature): string {
  switch (signature.by) {
    case "here":
      return "Model signed by this installation.";
    case "elsewhere":
      return (
        "Not signed here: the model was signed by another installation, whose key begins with " +
        `${signature.signer.slice(0, SHORT_KEY)}. Use it if you trust where it comes from.`
      );
    case "nobody":
      return (
        "Not signed here: the model has no signature, so a change of it would not be noticed. " +
        "Use it if you trust where it comes from."
      );
  }
}
