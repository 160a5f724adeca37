"""Makes the HEIC pictures in test/fixtures from those of make-fixtures.ts, since sharp cannot write HEIC.

pip install pillow==13.0.0 pillow-heif==1.8.1; python scripts/make-heic-fixtures.py
"""

from pathlib import Path

from PIL import Image, ImageCms
import pillow_heif

pillow_heif.register_heif_opener()
folder = Path(__file__).parent.parent / "test" / "fixtures"
scene = Image.open(folder / "scene.png").convert("RGB")


def save(image, name, **options):
    image.save(folder / name, quality=90, **options)


save(scene, "scene.heic")
save(Image.open(folder / "alpha.png"), "alpha.heic")

# In tiles, like the photos of phones.
pillow_heif.options.GRID_TILE_SIZE = 64
save(scene.resize((144, 96), Image.Resampling.NEAREST), "tiles.heic")
pillow_heif.options.GRID_TILE_SIZE = 0

# Rotated to the left, with a tag of the format, not only EXIF, that rotates it back.
exif = Image.Exif()
exif[0x0112] = 6
save(scene.transpose(Image.Transpose.ROTATE_90), "rotated.heic", exif=exif.tobytes())

# A profile in which red and green are swapped, so that ignoring it is noticed.
srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
red, green = srgb.find(b"rXYZ"), srgb.find(b"gXYZ")
srgb[red : red + 4], srgb[green : green + 4] = b"gXYZ", b"rXYZ"
channels = scene.split()
swapped = Image.merge("RGB", (channels[1], channels[0], channels[2]))
save(swapped, "profile.heic", icc_profile=bytes(srgb))

# Two pictures; the second is the primary one.
black = Image.new("RGB", scene.size)
save(black, "second.heic", save_all=True, append_images=[scene], primary_index=1)

# Ten bits, for high dynamic range.
deep = pillow_heif.from_bytes(
    "RGB;16",
    scene.size,
    b"".join((value * 257).to_bytes(2, "little") for value in scene.tobytes()),
)
deep.save(folder / "deep.heic", quality=90)
