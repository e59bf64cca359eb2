import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Home } from "../features/home/home";
import { ApiError } from "../shared/api/client";
import { Boundary } from "../shared/ui/boundary";
import { Empty, Loading } from "../shared/ui/empty";
import { PageHeader } from "./header";
import { Palette } from "./palette";


const ProjectPage = lazy(() => import("./project-page"));
const Platform = lazy(() => import("../features/platform/platform-page"));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Boundary>
        <OldLinks />
        <Palette />
        <Switch>
          <Route path="/"><Framed><Home /></Framed></Route>
          <Route path="/projects/:id/:tab?">
            {({ id, tab }) => <Suspense fallback={<Loading what="Loading" />}><ProjectPage key={id} id={id} tab={tab ?? "preview"} /></Suspense>}
          </Route>
          <Route path="/platform/:tab?">
            <Framed><Suspense fallback={<Loading what="Loading" />}><Platform /></Suspense></Framed>
          </Route>
          <Route>
            <Framed><Empty title="There is nothing here" action={<a className="text-accent underline" href="/">All projects</a>} /></Framed>
          </Route>
        </Switch>
      </Boundary>
    </QueryClientProvider>
  );
}

function Framed({ children }: { children: React.ReactNode }) {
  return (
    <div className="grid h-full grid-cols-1 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader />
      <main className="overflow-y-auto" tabIndex={0}>{children}</main>
    </div>
  );
}

// Links of the page before this one: `#/p/<project>`.
function OldLinks() {
  const [, go] = useLocation();
  useEffect(() => {
    const old = /^#\/p\/([^/]+)$/.exec(location.hash)?.[1];
    if (old) go(`/projects/${old}`, { replace: true });
  }, [go]);
  return null;
}
