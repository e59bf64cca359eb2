import { Component, type ReactNode } from "react";
import { Button } from "./button";
import { Empty } from "./empty";

// A mistake in one view leaves the others alone.
export class Boundary extends Component<{ children: ReactNode }, { problem: string | null }> {
  override state = { problem: null as string | null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return (
      <Empty title="This view made a mistake" action={<Button onClick={() => this.setState({ problem: null })}>Try again</Button>}>
        Your app and your project are not affected. <span className="block font-mono text-xs">{this.state.problem}</span>
      </Empty>
    );
  }
}
