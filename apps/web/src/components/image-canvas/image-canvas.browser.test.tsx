import { useRef } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";

import type { Scene } from "./draw-scene.ts";
import { ImageCanvas, type ImageCanvasHandle } from "./image-canvas.tsx";
import type { Point } from "./view-transform.ts";

const SIDE = 200;
/** A fitted picture keeps this far from the edge of its stage; it is twice as large there. */
const MARGIN = 16;

/** A white picture whose upper left quarter is red. */
function aScene(): Scene {
  const image = document.createElement("canvas");
  image.width = SIDE;
  image.height = SIDE;
  const context = image.getContext("2d")!;
  context.fillStyle = "white";
  context.fillRect(0, 0, SIDE, SIDE);
  context.fillStyle = "red";
  context.fillRect(0, 0, SIDE / 2, SIDE / 2);
  return { image, size: { width: SIDE, height: SIDE }, overlay: null, outline: null };
}

/** A busy machine may take seconds. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });

let zooms: number[] = [];
let hovered: (Point | null)[] = [];
beforeEach(() => {
  zooms = [];
  hovered = [];
});

const scene = aScene();
function Stage({ isTall = false }: { readonly isTall?: boolean }) {
  const handle = useRef<ImageCanvasHandle>(null);
  return (
    <div className={isTall ? "h-[300px] overflow-auto" : ""}>
      <ImageCanvas
        scene={scene}
        label="Part"
        handle={handle}
        onHover={(at) => hovered.push(at)}
        onZoom={(percent) => zooms.push(percent)}
        className="h-[432px] w-[432px]"
      />
      <button onClick={() => handle.current?.zoomBy(2)}>Nearer</button>
      <button onClick={() => handle.current?.fit()}>Fit</button>
    </div>
  );
}

async function aStage(props: Parameters<typeof Stage>[0] = {}) {
  const screen = await render(<Stage {...props} />);
  const stage = screen.getByRole("application");
  const canvas = screen.getByRole("img", { name: "Part" }).element() as HTMLCanvasElement;
  await until(() => expect(zooms).toEqual([200]));
  const box = canvas.getBoundingClientRect();
  return {
    screen,
    stage,
    /** What is drawn at a point of where the fitted picture was: r, g, b. */
    colourAt: (left: number, top: number) => {
      const ratio = canvas.width / box.width;
      const [x, y] = [left + MARGIN, top + MARGIN];
      const { data } = canvas.getContext("2d")!.getImageData(x * ratio, y * ratio, 1, 1);
      return [...data.slice(0, 3)];
    },
    point: (x: number, y: number) => ({
      clientX: box.left + MARGIN + x,
      clientY: box.top + MARGIN + y,
    }),
  };
}

const RED = [255, 0, 0];
const WHITE = [255, 255, 255];

test("a picture fills the stage that it has, and is drawn there", async () => {
  const { colourAt } = await aStage();
  await until(() => expect(colourAt(50, 50)).toEqual(RED));
  expect([colourAt(190, 190), colourAt(210, 210)]).toEqual([RED, WHITE]);
});

test("the wheel zooms in on what is under the cursor", async () => {
  const { stage, point, colourAt } = await aStage();
  const at = point(300, 100);
  const move = () =>
    stage.element().dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true }));
  move();
  const wheel = { ...at, deltaY: -400, bubbles: true, cancelable: true };
  const event = new WheelEvent("wheel", wheel);
  stage.element().dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  await until(() => expect(zooms.at(-1)).toBeGreaterThan(300));
  move();
  const [before, after] = [hovered[0]!, hovered.at(-1)!];
  expect(after.x).toBeCloseTo(before.x, 5);
  expect(after.y).toBeCloseTo(before.y, 5);
  await until(() => expect(colourAt(110, 100)).toEqual(WHITE));
});

test("where the page scrolls the plain wheel is the page's, and with Ctrl the picture's", async () => {
  const { stage, point } = await aStage({ isTall: true });
  const wheel = { ...point(200, 200), deltaY: -100, bubbles: true, cancelable: true };
  const plain = new WheelEvent("wheel", wheel);
  stage.element().dispatchEvent(plain);
  expect(plain.defaultPrevented).toBe(false);
  const pinch = new WheelEvent("wheel", { ...wheel, ctrlKey: true });
  stage.element().dispatchEvent(pinch);
  expect(pinch.defaultPrevented).toBe(true);
  await until(() => expect(zooms).toHaveLength(2));
});

test("arrow keys move a picture that is larger than the stage, and never out of it", async () => {
  const { screen, stage, colourAt } = await aStage();
  await screen.getByRole("button", { name: "Nearer" }).click();
  await until(() => expect(zooms).toEqual([200, 400]));
  await until(() => expect(colourAt(210, 210)).toEqual(WHITE));
  stage.element().focus();
  await userEvent.keyboard("{ArrowLeft}{ArrowUp}");
  await until(() => expect(colourAt(230, 230)).toEqual(RED));
  await userEvent.keyboard("{ArrowRight>12/}");
  await until(() => expect(colourAt(20, 20)).toEqual(WHITE));
  await screen.getByRole("button", { name: "Fit" }).click();
  await until(() => expect(zooms.at(-1)).toBe(200));
});

test("dragging moves the picture with the cursor, and a double click fits it again", async () => {
  const { screen, stage, point, colourAt } = await aStage();
  await screen.getByRole("button", { name: "Nearer" }).click();
  await until(() => expect(colourAt(190, 190)).toEqual(RED));
  const say = (type: string, x: number, y: number) =>
    stage
      .element()
      .dispatchEvent(
        new PointerEvent(type, { ...point(x, y), bubbles: true, isPrimary: true, pointerId: 1 }),
      );
  // Only pointers that the browser knows can be captured.
  stage.element().setPointerCapture = () => undefined;
  say("pointerdown", 200, 200);
  say("pointermove", 150, 150);
  say("pointerup", 150, 150);
  await until(() => expect(colourAt(170, 170)).toEqual(WHITE));
  say("pointermove", 300, 300);
  await until(() => expect(colourAt(140, 140)).toEqual(RED));
  await userEvent.dblClick(stage);
  await until(() => expect(zooms.at(-1)).toBe(200));
});
