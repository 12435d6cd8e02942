import type { DatasetItemRow } from "@loupe/db";

/** What can be looked at on one screen, and scored again and again without slowing training. */
const MOST_PROBES = 4;

/**
 * Up to four test images to watch while a run learns: three defective and one good where there are.
 *
 * Defective ones come from different categories first, then of different defect types, those with
 * a mask before those without. The same dataset version always gives the same images.
 */
export function pickProbes(items: readonly DatasetItemRow[]): DatasetItemRow[] {
  const tests = items.filter(({ split }) => split === "test");
  const good = tests.find(({ label }) => label === "good");
  const defective = tests
    .filter(({ label }) => label === "defective")
    .sort((a, b) => Number(a.maskId === null) - Number(b.maskId === null));

  const picked: DatasetItemRow[] = [];
  const wanted = MOST_PROBES - (good === undefined ? 0 : 1);
  while (picked.length < wanted) {
    const next = leastLikeThePicked(defective, picked);
    if (next === undefined) break;
    picked.push(next);
  }
  return good === undefined ? picked : [...picked, good];
}

function leastLikeThePicked(
  candidates: readonly DatasetItemRow[],
  picked: readonly DatasetItemRow[],
): DatasetItemRow | undefined {
  const likeness = (item: DatasetItemRow) =>
    picked.reduce(
      (sum, { category, defectType }) =>
        sum +
        (category === item.category ? 1 : 0) +
        (category === item.category && defectType === item.defectType ? 1 : 0),
      0,
    );
  const free = candidates.filter((item) => !picked.includes(item));
  const least = Math.min(...free.map(likeness));
  return free.find((item) => likeness(item) === least);
}
