import type { ReactNode, Ref } from "react";

export interface WideProps {
  readonly label: string;
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}

/** What may be wider than the screen: it scrolls, also by the arrow keys. */
export function Wide({ label, ref, children }: WideProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what has the focus
    <section className="wide" aria-label={label} tabIndex={0} ref={ref}>
      {children}
    </section>
  );
}
