import { CopyButton } from '../widgets/CopyButton.tsx';
import { CodeText } from './CodeText.tsx';
import './code.css';

/** The one-time code of the mail, which is mostly all that anybody wants of it. */
export function CodeBar({ code }: { readonly code: string }) {
  return (
    <section className="code-bar" aria-label="Code">
      <span>Code</span>
      <CodeText code={code} />
      <CopyButton text={code} what="the code" shortcut="C" />
    </section>
  );
}
