// The model that builds this project, unless a message names another.

import { useQueryClient } from "@tanstack/react-query";
import { api, taken } from "../../shared/api/client";
import { ModelPicker } from "../../shared/composer/model-picker";
import { useModels } from "../../shared/composer/options";
import { useAttempt } from "../../shared/run/use-attempt";
import { Trouble } from "../../shared/ui/empty";

export function ProjectModel({ id, model }: { id: string; model: string | null }) {
  const { models, default: usual } = useModels();
  const { problem, attempt } = useAttempt();
  const queries = useQueryClient();
  const choose = (name: string) => attempt(async () => {
    await taken(api.PATCH("/api/projects/{project_id}", { params: { path: { project_id: id } }, body: { model: name || null } }));
    await queries.invalidateQueries({ queryKey: ["project", id] });
    await queries.invalidateQueries({ queryKey: ["estimate", id] });
  });
  return (
    <div className="mb-3 space-y-2">
      <div className="flex flex-wrap items-center gap-x-2"><span>This project is built with</span>
        {models.length ? <ModelPicker label="Model of this project" offers={models} chosen={model ?? ""} usual={usual} onChoose={(name) => void choose(name)} /> : null}
      </div>
      {problem ? <Trouble>{problem}</Trouble> : null}
    </div>
  );
}
