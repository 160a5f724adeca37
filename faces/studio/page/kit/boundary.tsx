import { Component, type ReactNode } from "react";
import { ApiError } from "../api/client.ts";
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
    // A part of the page that did not arrive is not fetched again.
    const retry = () => {
      if (error instanceof ApiError) location.reload();
      else this.setState({ error: undefined });
    };
    return <Notice error={error} onRetry={retry} />;
  }
}
