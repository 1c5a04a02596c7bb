import { useEffect, useState } from 'react';

/** While somebody is still typing, nothing is asked. */
const quietMs = 350;

/** @returns the value as it was when it last stood still for a moment. */
export function useSettled<Value>(value: Value): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), quietMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
