import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import type { ProjectEvent, ProjectTelemetry } from "@loupe/contracts";
import { io } from "socket.io-client";

export type Listener = { close(): void };

/** A signed-in person who talks to a running Loupe as a browser does. */
export class ProductClient {
  private constructor(
    private readonly address: string,
    private readonly cookie: string,
  ) {}

  static async signIn(address: string, email: string, password: string): Promise<ProductClient> {
    const response = await fetch(`${address}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: address },
      body: JSON.stringify({ email, password }),
    });
    if (!response.ok) throw new Error(`Expected ${email} to sign in, got ${response.status}.`);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    return new ProductClient(address, cookie);
  }

  async query<T>(procedure: string, input: unknown): Promise<T> {
    const encoded = encodeURIComponent(JSON.stringify({ json: input }));
    return this.answer<T>(procedure, `/api/trpc/${procedure}?input=${encoded}`, {});
  }

  async mutate<T>(procedure: string, input: unknown): Promise<T> {
    return this.answer<T>(procedure, `/api/trpc/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ json: input }),
    });
  }

  /** Import a folder in MVTec layout, as dropping it on the page does. */
  async importFolder(projectId: string, folder: string): Promise<string> {
    const form = new FormData();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const file = new Blob([new Uint8Array(await readFile(path))]);
      form.append("files", file, join("pictures", relative(folder, path)));
    }
    const response = await this.send(`/api/projects/${projectId}/imports`, {
      method: "POST",
      body: form,
    });
    const body = (await response.json()) as { import: { id: string } };
    return body.import.id;
  }

  /** Hear every event of a project from its beginning on. */
  async listen(
    projectId: string,
    onNews: (news: ProjectEvent | ProjectTelemetry) => void,
  ): Promise<Listener> {
    const socket = io(this.address, {
      transports: ["websocket"],
      extraHeaders: { cookie: this.cookie, origin: this.address },
    });
    socket.on("event", onNews);
    socket.on("telemetry", onNews);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect_error", reject);
      socket.once("connect", () => {
        socket.emit("project:join", { projectId, afterSequence: 0 }, () => {
          resolve();
        });
      });
    });
    return { close: () => socket.close() };
  }

  private async answer<T>(procedure: string, path: string, init: RequestInit): Promise<T> {
    const response = await this.send(path, init);
    const body = (await response.json()) as {
      result?: { data: { json: T } };
      error?: { json: { message: string } };
    };
    if (body.result === undefined) {
      throw new Error(`${procedure} failed: ${body.error?.json.message ?? response.status}`);
    }
    return body.result.data.json;
  }

  private send(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.address}${path}`, {
      ...init,
      headers: { ...init.headers, cookie: this.cookie, origin: this.address },
    });
  }
}
