import { Plus } from "lucide-react";
import { useState } from "react";
import { AppShell, PageHeader } from "@/components/app-shell";
import { useMay } from "@/components/frame";
import { Button } from "@/components/ui/button";
import { inSentence, type Resource } from "@/lib/resource";
import { RecordForm } from "./record-form";
import { RecordList } from "./record-list";

export function ListPage({ resource }: { resource: Resource }) {
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay()(resource, "add");
  return (
    <AppShell title={resource.labelPlural}>
      <PageHeader
        title={resource.labelPlural}
        actions={
          mayAdd && (
            <Button onClick={() => setAdding(true)}>
              <Plus /> New {inSentence(resource.label)}
            </Button>
          )
        }
      />
      <RecordList resource={resource} onAdd={() => setAdding(true)} />
      {isAdding && <RecordForm resource={resource} onClose={() => setAdding(false)} />}
    </AppShell>
  );
}
