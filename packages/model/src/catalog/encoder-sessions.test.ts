import fc from "fast-check";
import { expect, test } from "vitest";

import { encoderSessions } from "./encoder-sessions.ts";

const MIB = 2 ** 20;

test("a small encoder has a session for each core, a large one has one with every core", () => {
  expect(encoderSessions({ sizeBytes: 3 * MIB }, 2)).toMatchObject({ sessions: 2, threads: 1 });
  expect(encoderSessions({ sizeBytes: 34 * MIB }, 16)).toMatchObject({ sessions: 7, threads: 2 });
  expect(encoderSessions({ sizeBytes: 330 * MIB }, 2)).toMatchObject({ sessions: 1, threads: 2 });
  expect(encoderSessions({ sizeBytes: 1200 * MIB }, 8)).toMatchObject({ sessions: 1, threads: 8 });
});

test("sessions never have more threads than there are cores, nor share more than a gigabyte", () => {
  const bytes = fc.integer({ min: 0, max: 4096 }).map((mib) => mib * MIB);
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 256 }), (sizeBytes, cores) => {
      const { sessions, threads, memoryBytes } = encoderSessions({ sizeBytes }, cores);
      expect(sessions * threads).toBeLessThanOrEqual(cores);
      expect(Math.min(sessions, threads)).toBeGreaterThanOrEqual(1);
      if (sessions > 1) expect(memoryBytes).toBeLessThanOrEqual(1024 * MIB);
    }),
  );
});
