// A version as a running app, while somebody looks at it: it takes a place on the machine, so it is put away after.

import { useEffect, useState } from "react";
import { api, taken } from "../../shared/api/client";

export type VersionPreview = { url: string | null; problem: string; again: () => void };

export function useVersionPreview(id: string, version: number): VersionPreview {
  const [told, setTold] = useState<{ url: string | null; problem: string }>({ url: null, problem: "" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const params = { path: { project_id: id, version } };
    let isGone = false;
    const opening = taken(api.POST("/api/projects/{project_id}/versions/{version}/preview", { params })).then(
      ({ preview_url: url }) => { if (!isGone) setTold({ url, problem: "" }); },
      (error: Error) => { if (!isGone) setTold({ url: null, problem: error.message }); },
    );
    const close = () => void api.DELETE("/api/projects/{project_id}/versions/{version}/preview", { params, keepalive: true }).catch(() => undefined);
    window.addEventListener("pagehide", close);
    return () => {
      isGone = true;
      window.removeEventListener("pagehide", close);
      void opening.then(close);
    };
  }, [id, version, tries]);
  return { ...told, again: () => { setTold({ url: null, problem: "" }); setTries((before) => before + 1); } };
}
