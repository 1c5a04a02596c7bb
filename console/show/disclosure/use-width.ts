/** How wide an element is, in CSS pixels, whenever that changes. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** @returns a ref for the element, and its width; 0 before it is laid out. */
export function useWidth<Box extends HTMLElement>(): readonly [RefObject<Box | null>, number] {
  const box = useRef<Box>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
