/** Strokes on a ground of 24 by 24. */
const paths = {
  photo: "M4 6h3l2-2h6l2 2h3v13H4zM12 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
  translate:
    "M3 6h10M8 4v2M11 6c-1 4-4 7-8 9M5 9c1 3 4 5 7 6M12 20l4.500-10 4.500 10M13.700 16.500h5.600",
  talk: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5.500 11a6.500 6.500 0 0 0 13 0M12 17.500V21M9 21h6",
  chat: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5",
  train: "M4 4v16h16M7 8c2 6 5 8 12 8.500",
  learn: "M3 9l9-4 9 4-9 4zM7 11v5c3 2.500 7 2.500 10 0v-5M21 9v6",
  system: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M5 19l1.400-1.400M17.600 6.400L19 5",
  dark: "M20 14a8 8 0 1 1-10-10 7 7 0 0 0 10 10z",
} as const;
export type IconName = keyof typeof paths;

/** A picture beside a text that says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
