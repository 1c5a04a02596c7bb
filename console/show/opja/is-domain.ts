/** As the API takes it, with at least two labels: half a domain that is still being typed is not looked up. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text);
}
