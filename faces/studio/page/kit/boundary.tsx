import { Component, type ReactNode } from "react";
import { Notice } from "./notice.tsx";

interface BoundaryState {
  readonly error: unknown;
}

/** Shows what its content throws while it is drawn in its place: the rest of the page goes on. */
export class Boundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Notice error={error} onRetry={() => this.setState({ error: undefined })} />;
  }
}
