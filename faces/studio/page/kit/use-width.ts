import { type RefObject, useEffect, useRef, useState } from "react";

/** An element, and how wide it is in pixels: what is drawn to fit keeps the size of its letters. */
export function useWidth<Each extends Element>(usual: number): [RefObject<Each | null>, number] {
  const element = useRef<Each>(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const now = Math.floor(entry?.contentRect.width ?? 0);
      if (now > 0) setWidth(now);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
