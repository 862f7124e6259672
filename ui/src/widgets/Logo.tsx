/** An envelope's flap above a line. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" className="logo">
      <rect x="1" y="1" width="22" height="22" rx="6" />
      <path d="M6 7.5l6 5.5 6-5.5M6 17h12" />
    </svg>
  );
}
