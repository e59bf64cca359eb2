#!/usr/bin/env bash
# Compiles the pages that every application has, so that the first page of a new one is fast,
# and so is its first production build by the proof.
set -euo pipefail

port=39871
pages=pages/warm-up
mkdir -p "$pages"
cat >"$pages/index.tsx" <<'TSX'
import { DetailPage } from "@/components/records/detail-page";
import { ListPage } from "@/components/records/list-page";
import * as icons from "lucide-react";
import type { Resource } from "@/lib/resource";

const resource: Resource = {
  slug: "warm-up",
  label: "Page",
  labelPlural: "Pages",
  title: "",
  searchable: false,
  fields: [],
  filters: [],
  sorts: [],
  children: () => [],
  api: {
    list: () => Promise.resolve({ items: [], total: 0, page: 1, page_size: 20 }),
    get: () => Promise.reject(new Error("none")),
    create: () => Promise.reject(new Error("none")),
    update: () => Promise.reject(new Error("none")),
    remove: () => Promise.resolve(),
  },
};

export default function WarmUpPage() {
  return icons.Folder ? <ListPage resource={resource} /> : <DetailPage resource={resource} />;
}
TSX

node node_modules/next/dist/bin/next dev --port "$port" >/tmp/warm.log 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$pages"' EXIT

fetch() {
  node -e '
    const end = Date.now() + 120000;
    const go = async () => {
      try {
        const r = await fetch(process.argv[1]);
        const html = await r.text();
        if (r.status !== 200) throw new Error(String(r.status));
        for (const [, path] of html.matchAll(/(?:src|href)="(\/_next\/[^"]+)"/g)) await fetch(new URL(path, process.argv[1]));
      } catch (error) {
        if (Date.now() > end) throw error;
        setTimeout(go, 300);
      }
    };
    go();
  ' "http://127.0.0.1:$port$1"
}

fetch /
fetch /warm-up
kill -INT "$server"
wait "$server" || true
rm -rf .next/dev/lock .next/dev/types

# The build's cache serves only at the path where it was made.
proof=/home/user/.proof/frontend
mkdir -p "$proof"
tar -c --exclude=./node_modules --exclude=./.next . | tar -x -C "$proof"
ln -s /home/user/code/frontend/node_modules "$proof/node_modules"
mv "$proof/next.config.ts" "$proof/next.config.app.ts"
cp /home/user/.services/next.config.proof.ts "$proof/next.config.ts"
(cd "$proof" && node node_modules/next/dist/bin/next build >/tmp/proof.log 2>&1) || { tail -n 40 /tmp/proof.log; exit 1; }
find "$proof" -mindepth 1 -maxdepth 1 ! -name .next -exec rm -rf {} +
find "$proof/.next" -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} +
# What the type checker notes here makes its first look at a written file fast.
findings=/home/user/.stackwright/findings
mkdir -p "$findings"
cat >"$findings/tsconfig.json" <<'JSON'
{
  "extends": "/home/user/code/frontend/tsconfig.json",
  "include": ["/home/user/code/frontend/**/*.ts", "/home/user/code/frontend/**/*.tsx", "/home/user/code/frontend/**/*.mts"],
  "exclude": ["/home/user/code/frontend/node_modules", "/home/user/code/frontend/.next"]
}
JSON
node_modules/.bin/tsc --noEmit --pretty false --incremental -p "$findings/tsconfig.json" --tsBuildInfoFile "$findings/info" || true

for side in backend frontend; do bash /home/user/.services/installed.sh "$side" --note; done
echo "warm: $(du -sm .next | cut -f1) MB of compiled pages, $(du -sm "$proof" | cut -f1) MB of the build's cache"
