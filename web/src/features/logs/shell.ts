// A shell in the place where the app runs: what it writes comes as server-sent events, what is typed goes as requests.

import { api, projectUrl, taken } from "../../shared/api/client";

export type Size = { rows: number; columns: number };
type Heard = { onOpen: () => void; onBytes: (bytes: Uint8Array) => void; onEnd: () => void };

const MOST_TYPED = 10_000;

export class Shell {
  private pid: number | null = null;
  private waiting = "";
  private wanted: Size | null = null;
  private isBusy = false;
  private readonly stream: EventSource;

  constructor(private readonly project: string, heard: Heard) {
    this.stream = new EventSource(`${projectUrl(project)}/terminal`);
    const end = () => { this.close(); heard.onEnd(); };
    this.stream.addEventListener("open", (event) => {
      if (!(event instanceof MessageEvent)) return;
      this.pid = Number(event.data);
      heard.onOpen();
      void this.flush();
    });
    this.stream.addEventListener("closed", end);
    // A shell is not taken up again: another one is opened by hand.
    this.stream.onerror = end;
    this.stream.onmessage = (event: MessageEvent<string>) => heard.onBytes(Uint8Array.from(atob(event.data), (sign) => sign.charCodeAt(0)));
  }

  type(text: string): void {
    this.waiting += text;
    void this.flush();
  }

  resize(size: Size): void {
    this.wanted = size;
    void this.flush();
  }

  close(): void {
    this.pid = null;
    this.stream.close();
  }

  // Keys go in order: what is typed while a request is under way goes with the next one.
  private async flush(): Promise<void> {
    if (this.isBusy || this.pid === null) return;
    this.isBusy = true;
    while (this.pid !== null && (this.wanted || this.waiting)) {
      const path = { project_id: this.project, pid: this.pid };
      const size = this.wanted;
      const typed = size ? "" : this.waiting.slice(0, MOST_TYPED);
      if (size) this.wanted = null;
      else this.waiting = this.waiting.slice(MOST_TYPED);
      const sent = size
        ? api.PUT("/api/projects/{project_id}/terminal/{pid}/size", { params: { path }, body: size })
        : api.POST("/api/projects/{project_id}/terminal/{pid}", { params: { path }, body: { typed } });
      await taken(sent).catch(() => undefined);
    }
    this.isBusy = false;
  }
}
