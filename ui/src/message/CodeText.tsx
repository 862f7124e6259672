import { groupsOf } from './extracts.ts';

/** A code in groups. The gap is no character, so that what is selected and copied is the code. */
export function CodeText({ code }: { readonly code: string }) {
  return (
    <code className="code-text" translate="no">
      {groupsOf(code).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups repeat, and never change place
        <span key={index}>{group}</span>
      ))}
    </code>
  );
}
