import { useEffect, useRef, useState } from "react";
import { useText } from "../../i18n/index.ts";
import { placeOf } from "./place.ts";

/** Where a model looked: a weight for each cell of an even grid over the photo, and for which word. */
export interface Region {
  readonly label: string;
  readonly weights: readonly (readonly number[])[];
}

/** The photo; what is outside of the region is dimmed. */
export function LitPhoto({ photo, region }: { photo: File; region: Region | undefined }) {
  const text = useText();
  const [failed, setFailed] = useState<File>();
  const address = useAddress(photo);
  return (
    <figure className="lit-photo">
      {failed === photo ? (
        <p className="card muted">{text.photo.notShown(photo.name)}</p>
      ) : (
        address && (
          <div className="frame">
            <img src={address} alt={text.photo.alt(photo.name)} onError={() => setFailed(photo)} />
            <span aria-hidden="true">
              <Shade weights={region?.weights} />
            </span>
          </div>
        )
      )}
      <figcaption className="muted small" aria-live="polite">
        {region
          ? text.photo.looked(region.label, text.photo.places[placeOf(region.weights)])
          : text.photo.pointAtWord}
      </figcaption>
    </figure>
  );
}

/** A cell a pixel: the browser smooths what it enlarges. */
function Shade({ weights }: { weights: Region["weights"] | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const rows = weights?.length ?? 0;
  const columns = weights?.[0]?.length ?? 0;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!weights || !context) return;
    const image = context.createImageData(columns, rows);
    const most = Math.max(...weights.flat(), 1e-9);
    for (const [i, weight] of weights.flat().entries()) {
      image.data[4 * i + 3] = 205 * (1 - weight / most) ** 1.5;
    }
    context.putImageData(image, 0, 0);
  }, [weights, rows, columns]);
  return (
    <canvas
      ref={canvas}
      width={Math.max(1, columns)}
      height={Math.max(1, rows)}
      data-lit={weights !== undefined}
    />
  );
}

function useAddress(photo: File): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return address;
}
