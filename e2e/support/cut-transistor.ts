import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/** How many files the cut has, so that a test can expect them. */
export type DatasetCut = {
  readonly category: string;
  readonly trainGood: number;
  readonly testGood: number;
  readonly testDefective: number;
  /** One of the pictures, as a path under the dataset's folder. */
  readonly sample: string;
};

const CUT = { trainGood: 24, testGood: 6, perDefect: 2 };

/**
 * Copy a small part of MVTec AD's transistor, two pictures of each kind of defect with masks.
 *
 * @param source the category's folder in MVTec layout
 * @param target an empty folder that gets `transistor/…`
 */
export async function cutTransistor(source: string, target: string): Promise<DatasetCut> {
  const root = join(target, "transistor");
  await copyFirst(join(source, "train/good"), join(root, "train/good"), CUT.trainGood);
  await copyFirst(join(source, "test/good"), join(root, "test/good"), CUT.testGood);
  let testDefective = 0;
  for (const kind of await readdir(join(source, "test"))) {
    if (kind === "good") continue;
    await copyFirst(join(source, "test", kind), join(root, "test", kind), CUT.perDefect);
    const masks = join("ground_truth", kind);
    await copyFirst(join(source, masks), join(root, masks), CUT.perDefect);
    testDefective += CUT.perDefect;
  }
  return {
    category: "transistor",
    trainGood: CUT.trainGood,
    testGood: CUT.testGood,
    testDefective,
    sample: join("transistor/train/good", (await readdir(join(root, "train/good")))[0] ?? ""),
  };
}

async function copyFirst(from: string, to: string, count: number): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).sort().slice(0, count);
  for (const name of names) await cp(join(from, name), join(to, name));
}
