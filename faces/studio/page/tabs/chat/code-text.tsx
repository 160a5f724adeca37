/** A text in which code of Markdown, between backticks or fences, is shown as such. */
export function CodeText({ text }: { text: string }) {
  return text.split(/(\n*```\w*\n.*?\n```\n*|`[^`\n]+`)/s).map((part, i) => {
    const fenced = /```\w*\n(.*)\n```/s.exec(part)?.[1];
    if (i % 2 === 0) return part;
    return fenced === undefined ? (
      <code key={i}>{part.slice(1, -1)}</code>
    ) : (
      <code key={i} className="fenced">
        {fenced}
      </code>
    );
  });
}
