/** The product's sign: two islands and the road between them. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="mark">
      <rect width="32" height="32" rx="7" />
      <circle cx="8.5" cy="16" r="3.5" />
      <circle cx="23.5" cy="16" r="3.5" />
      <path d="M12 16h8" />
    </svg>
  );
}
