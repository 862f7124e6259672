import { groupsOf } from './extracts.ts';

/** A code in groups. The gap is CSS and not a space, so that selecting and copying gives the code. */
export function CodeText({ code }: { readonly code: string }) {
  return (
    <code className="code-text" translate="no">
      {groupsOf(code).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups can repeat, and their order is fixed
        <span key={index}>{group}</span>
      ))}
    </code>
  );
}
