import type { CaseId, UserId, VerdictValue } from "@loupe/contracts";

/** A case with the truth that its dataset version knows. */
export type KnownCase = {
  readonly id: CaseId;
  readonly category: string;
  /** Null for a good part. */
  readonly defectType: string | null;
};

/** One verdict of a case's story. */
export type PlannedVerdict = {
  readonly authorId: UserId;
  readonly value: VerdictValue;
  readonly defectType: string | null;
  readonly note: string;
};

/** What happened to a case, oldest first. */
export type CaseStory = {
  readonly caseId: CaseId;
  readonly verdicts: readonly PlannedVerdict[];
};

/** One verdict as a story tells it: whose turn, what, and why. `true` stands for the truth. */
type Line = {
  readonly by: "first" | "second";
  readonly says: VerdictValue | "true" | "another type";
  readonly note?: string;
};

/** What happens to the defective cases of a category, in turn; an empty story leaves a case open. */
const DEFECTIVE_STORIES: readonly (readonly Line[])[] = [
  [{ by: "first", says: "true" }],
  [],
  [{ by: "first", says: "unsure", note: "Could be dirt on the lens. Please look at the part." }],
  [],
  [{ by: "second", says: "true", note: "Clear under the ring light." }],
  [],
  [
    { by: "first", says: "unsure", note: "Too faint for me." },
    { by: "second", says: "true", note: "Can be felt with a fingernail." },
  ],
  [],
  [
    { by: "first", says: "good" },
    { by: "second", says: "true", note: "Not good: look where the heatmap is." },
  ],
  [{ by: "second", says: "true" }],
  [],
  [
    { by: "first", says: "another type" },
    { by: "first", says: "true", note: "Chose the wrong type before." },
  ],
];

/** The same for the good ones. */
const GOOD_STORIES: readonly (readonly Line[])[] = [
  [{ by: "first", says: "true" }],
  [],
  [{ by: "second", says: "true" }],
  [{ by: "second", says: "unsure", note: "Is this mark allowed?" }],
  [],
  [
    { by: "second", says: "another type", note: "Looks wrong to me." },
    { by: "first", says: "true", note: "A reflection, gone when the part is turned." },
  ],
  [{ by: "first", says: "true" }],
  [],
];

/**
 * What people have decided in the demo: cases in every state, a good half of them left to decide.
 *
 * The same cases and people always give the same stories.
 * @param reviewers those who decide; without any, nothing is decided
 */
export function planVerdicts(
  cases: readonly KnownCase[],
  reviewers: readonly UserId[],
): CaseStory[] {
  if (reviewers.length === 0) return [];
  const stories: CaseStory[] = [];
  for (const [turn, category] of [...new Set(cases.map((one) => one.category))].sort().entries()) {
    const own = cases.filter((one) => one.category === category);
    const types = [...new Set(own.flatMap(({ defectType }) => defectType ?? []))].sort();
    const cast = { reviewers, turn, types };
    const told = [
      ...tell(
        own.filter(({ defectType }) => defectType !== null),
        DEFECTIVE_STORIES,
        cast,
      ),
      ...tell(
        own.filter(({ defectType }) => defectType === null),
        GOOD_STORIES,
        cast,
      ),
    ];
    stories.push(...told);
  }
  return stories;
}

type Cast = {
  readonly reviewers: readonly UserId[];
  readonly turn: number;
  readonly types: readonly string[];
};

function tell(
  cases: readonly KnownCase[],
  stories: readonly (readonly Line[])[],
  cast: Cast,
): CaseStory[] {
  return cases.flatMap((one, at) => {
    const lines = stories[at % stories.length] ?? [];
    if (lines.length === 0) return [];
    const first = cast.turn + Math.floor(at / stories.length);
    const verdicts = lines.map((line) => speak(line, one, { ...cast, turn: first }));
    return [{ caseId: one.id, verdicts }];
  });
}

function speak({ by, says, note = "" }: Line, one: KnownCase, cast: Cast): PlannedVerdict {
  const { reviewers, turn, types } = cast;
  const authorId = reviewers[(turn + (by === "first" ? 0 : 1)) % reviewers.length] as UserId;
  if (says === "another type") {
    const other = types.find((type) => type !== one.defectType) ?? "scratch";
    return { authorId, value: "defective", defectType: other, note };
  }
  if (says !== "true") return { authorId, value: says, defectType: null, note };
  const value = one.defectType === null ? "good" : "defective";
  return { authorId, value, defectType: one.defectType, note };
}
