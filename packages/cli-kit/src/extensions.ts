/** Extensions of the photos that can be read. */
export const photoExtensions =
  ".jpg .jpeg .jpe .jfif .png .webp .heic .heif .avif .gif .tif .tiff .bmp .svg".split(" ");

/** Extensions of the recordings that can be read. */
export const recordingExtensions = [".wav", ".flac", ".mp3", ".ogg", ".opus", ".webm", ".m4a"];
