import { CopyButton } from '../widgets/CopyButton.tsx';
import { CodeText } from './CodeText.tsx';
import './code.css';

/** The one-time code of the mail, on top since it is usually all that a reader wants. */
export function CodeBar({ code }: { readonly code: string }) {
  return (
    <section className="code-bar" aria-label="Code">
      <span>Code</span>
      <CodeText code={code} />
      <CopyButton text={code} what="the code" shortcut="C" />
    </section>
  );
}
