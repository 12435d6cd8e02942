import { DEMO_PHASES, type DemoProgress, type ProjectEventBody } from "@loupe/contracts";

type DemoEvent = Extract<ProjectEventBody, { type: "demo.progress" }>;

/**
 * Fold an event into what is known of a demo's way.
 *
 * It only goes on: an event of an earlier phase, or of less in the same one, has come late.
 */
export function applyDemoEvent(known: DemoProgress, event: DemoEvent): DemoProgress {
  const ahead = DEMO_PHASES.indexOf(event.phase) - DEMO_PHASES.indexOf(known.phase);
  const isLate = ahead < 0 || (ahead === 0 && event.done < known.done);
  if (isLate) return known;
  const { phase, done, total, problem } = event;
  return { ...known, phase, done, total, problem };
}
