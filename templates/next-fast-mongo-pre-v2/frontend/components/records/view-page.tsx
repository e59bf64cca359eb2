import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { AppShell, PageHeader } from "@/components/app-shell";
import { useMay } from "@/components/frame";
import { Button } from "@/components/ui/button";
import { inSentence, type Resource } from "@/lib/resource";
import { RecordForm } from "./record-form";
import { ViewTabs } from "./view-tabs";

interface ViewPageProps {
  resource: Resource;
  children: (add: () => void) => ReactNode;
}

/** The frame of the list and of every other view: title, tabs, and the button that adds a record. */
export function ViewPage({ resource, children }: ViewPageProps) {
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
      <ViewTabs resource={resource} />
      {children(() => setAdding(true))}
      {isAdding && <RecordForm resource={resource} onClose={() => setAdding(false)} />}
    </AppShell>
  );
}
