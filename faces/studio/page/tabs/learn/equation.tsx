import katex from "katex";
import { useEffect, useRef } from "react";

/** An equation in TeX as MathML, which browsers draw and screen readers read. */
export function Equation({ tex }: { tex: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current) {
      katex.render(tex, place.current, {
        output: "mathml",
        displayMode: true,
        throwOnError: false,
      });
    }
  }, [tex]);
  return <div className="equation" ref={place} />;
}
