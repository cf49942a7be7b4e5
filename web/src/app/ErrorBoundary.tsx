import { Component, type ReactNode } from 'react';
import { Crash } from './Crash';

/** The last net: a fault in a screen shows a way on, never an empty page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Crash /> : this.props.children;
  }
}
