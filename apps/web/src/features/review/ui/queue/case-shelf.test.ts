import { expect, test } from "vitest";

import { CaseShelf } from "./case-shelf.ts";

/** A shelf whose loads end when told, and what lies on it. */
function aShelf({ limitBytes = 100, bytes = 1 } = {}) {
  const asked: string[] = [];
  const held = new Set<string>();
  const server = { isThere: true };
  let finish: (() => void) | null = null;
  const shelf = new CaseShelf<{ key: string }>({
    limitBytes,
    load: ({ key }) => {
      asked.push(key);
      return new Promise((resolve, reject) => {
        finish = () => (server.isThere ? resolve(bytes) : reject(new Error("no line")));
      });
    },
    hold: ({ key }) => {
      held.add(key);
      return () => held.delete(key);
    },
  });
  const settle = async (times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) {
      finish?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const items = (names: string) => [...names].map((key) => ({ key }));
  return {
    shelf,
    asked,
    held,
    server,
    settle,
    turnTo: (names: string) => shelf.turnTo(items(names)),
  };
}

test("brings one after the other, the nearest first", async () => {
  const { asked, held, settle, turnTo } = aShelf();
  void turnTo("abc");
  expect(asked).toEqual(["a"]);
  await settle(3);
  expect(asked).toEqual(["a", "b", "c"]);
  expect([...held]).toEqual(["a", "b", "c"]);
});

test("a step on begins anew from there, asks for nothing twice, and lets go what was passed", async () => {
  const { asked, held, settle, turnTo } = aShelf();
  void turnTo("abc");
  await settle(2);
  void turnTo("bcd");
  await settle(3);
  expect(asked).toEqual(["a", "b", "c", "c", "d"]);
  expect([...held].sort()).toEqual(["b", "c", "d"]);
});

test("takes up no more room than it may", async () => {
  const { asked, settle, turnTo } = aShelf({ limitBytes: 25, bytes: 10 });
  void turnTo("abcdef");
  await settle(6);
  expect(asked).toEqual(["a", "b", "c"]);
});

test("stops where the line is lost, keeps what it has, and goes on with the next turn", async () => {
  const { asked, held, server, settle, turnTo } = aShelf();
  void turnTo("abc");
  await settle();
  server.isThere = false;
  await settle(2);
  expect(asked).toEqual(["a", "b"]);
  expect([...held]).toEqual(["a"]);
  server.isThere = true;
  void turnTo("abc");
  await settle(2);
  expect([...held]).toEqual(["a", "b", "c"]);
});

test("a cleared shelf holds nothing and asks for nothing more", async () => {
  const { shelf, asked, held, settle, turnTo } = aShelf();
  void turnTo("abc");
  await settle();
  shelf.clear();
  await settle(2);
  expect(asked).toEqual(["a", "b"]);
  expect(held.size).toBe(0);
});
