/** A head's weights without words: its pattern. */
export function MiniMap({ weights }: { weights: readonly (readonly number[])[] }) {
  const columns = weights[0]?.length ?? 1;
  return (
    <svg viewBox={`0 0 ${columns} ${weights.length}`} preserveAspectRatio="none" aria-hidden="true">
      {weights.map((row, i) =>
        row.map((weight, j) => (
          <rect
            // A cell has no name but its place.
            key={`${i}-${j}`}
            x={j}
            y={i}
            width={1}
            height={1}
            fill="var(--glow)"
            fillOpacity={weight}
          />
        )),
      )}
    </svg>
  );
}
